"""The calendar of a server: one entry for each session, which is kept in step with it.

Discord's repeating entries hide their single dates from the API, so that each session has an entry
of its own.
"""

from __future__ import annotations

from datetime import datetime
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
    "Create Events and Manage Events"
)


class ScheduledEvents:
    """The entries of all servers, through one connection."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def put(self, server_id: str, event_id: str | None, event: NativeEvent) -> str:
        """Makes an entry or changes one; its id. Raises a DeliveryError."""
        method = "POST" if event_id is None else "PATCH"
        try:
            got = await self._api.events(
                server_id, event_id, method=method, payload=_payload(event, event_id)
            )
        except ApiError as error:
            raise _meaning(error) from error
        return str(got["id"])

    async def cancel(self, server_id: str, event_id: str) -> None:
        """Takes an entry away; one that is gone already is away."""
        try:
            await self._api.events(server_id, event_id, method="DELETE")
        except ApiError as error:
            if error.code != _UNKNOWN_EVENT:
                raise _meaning(error) from error

    async def find(self, server_id: str, event: NativeEvent) -> str | None:
        """An entry with this name and start that a try has made whose answer was lost."""
        try:
            found = await self._api.events(server_id)
        except ApiError as error:
            raise _meaning(error) from error
        own = str(self._api.application_id)
        for one in found:
            starts_at = datetime.fromisoformat(one["scheduled_start_time"])
            is_ours = str(one.get("creator_id") or own) == own
            if is_ours and (one["name"], starts_at) == (event.name, event.starts_at):
                return str(one["id"])
        return None

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
