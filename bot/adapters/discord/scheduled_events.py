"""The calendar of a server: one entry for each session, which is kept in step with it.

Discord's repeating entries hide their single dates from the API, so that each session has an entry
of its own.
"""

from __future__ import annotations

from typing import Any

from bot.adapters.discord.api import Api
from bot.adapters.discord.errors import ApiError
from bot.adapters.discord.render import Payload
from bot.chat.adapter import NativeEvent
from bot.chat.errors import Gone, Rejected

_UNKNOWN_EVENT = 10070
_NO_PERMISSION = frozenset({50001, 50013})
_VOICE, _EXTERNAL, _SERVER_ONLY = 2, 3, 2
_MOST_PAGES = 50
_NEEDED = (
    "the bot may not keep the server's calendar: in the server's settings, under Roles, give it "
    "Create Events; in a voice channel it needs View Channel and Connect as well"
)


class ScheduledEvents:
    """The entries of all servers, through one connection."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def put(self, server_id: str, event_id: str | None, event: NativeEvent) -> str:
        """Makes an entry or changes one; its id. Raises a DeliveryError.

        Discord drops no repeat of a creation, and the library repeats one whose answer was lost. So
        what is there already is looked for before it, and what is there twice goes after it.
        """
        try:
            if event_id is not None:
                return await self._sent(server_id, event_id, event)
            first = next(iter(await self._known(server_id, event)), None)
            made = await self._sent(server_id, first, event)
            for other in await self._known(server_id, event):
                if other != made:
                    await self._removed(server_id, other)
        except ApiError as error:
            raise _meaning(error) from error
        return made

    async def _sent(self, server_id: str, event_id: str | None, event: NativeEvent) -> str:
        method = "POST" if event_id is None else "PATCH"
        got = await self._api.events(
            server_id, event_id, method=method, payload=_payload(event, event_id)
        )
        return str(got["id"])

    async def _known(self, server_id: str, event: NativeEvent) -> list[str]:
        """The bot's own entries for this session, which their text names; oldest first."""
        own = self._api.account_id
        found = [
            str(one["id"])
            for one in await self._api.events(server_id)
            if str(one.get("creator_id") or own) == own
            and one.get("description") == event.description
        ]
        return sorted(found, key=int)

    async def cancel(self, server_id: str, event_id: str | None, event: NativeEvent) -> None:
        """Takes an entry away, and every other of the same session."""
        try:
            known = await self._known(server_id, event)
            for number in dict.fromkeys((*([event_id] if event_id else []), *known)):
                await self._removed(server_id, number)
        except ApiError as error:
            raise _meaning(error) from error

    async def _removed(self, server_id: str, event_id: str) -> None:
        try:
            await self._api.events(server_id, event_id, method="DELETE")
        except ApiError as error:
            if error.code != _UNKNOWN_EVENT:
                raise

    async def interested(self, server_id: str, event_id: str) -> list[str]:
        """Everybody whom an entry interests, page by page."""
        accounts: list[str] = []
        try:
            for _ in range(_MOST_PAGES):
                after = accounts[-1] if accounts else ""
                page = await self._api.interested(server_id, event_id, after)
                accounts += [str(one["user_id"]) for one in page]
                if len(page) < 100:
                    break
        except ApiError as error:
            raise _meaning(error) from error
        return accounts


def _payload(event: NativeEvent, event_id: str | None) -> Payload:
    payload: dict[str, Any] = {
        "name": event.name,
        "description": event.description,
        "scheduled_start_time": event.starts_at.isoformat(),
        "scheduled_end_time": event.ends_at.isoformat(),
    }
    if event_id is None:
        payload["privacy_level"] = _SERVER_ONLY
    if event.channel_id is not None:
        payload |= {"entity_type": _VOICE, "channel_id": event.channel_id}
    else:
        payload |= {"entity_type": _EXTERNAL, "entity_metadata": {"location": event.location}}
        if event_id is not None:
            # What was in a voice channel before is elsewhere now.
            payload["channel_id"] = None
    return payload


def _meaning(error: ApiError) -> Exception:
    if error.code in _NO_PERMISSION:
        return Rejected(_NEEDED)
    if error.code == _UNKNOWN_EVENT:
        return Gone(str(error))
    return error.as_change()
