"""Requests to Discord, repeated where that is safe; whatever fails in the end is an ApiError."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp
import discord
from discord.http import Route
from yarl import URL

from bot.adapters.discord.errors import ApiError
from bot.adapters.discord.render import Payload, file_name
from bot.chat.errors import Retry, Unknown
from bot.chat.invocation import PlaceRef
from bot.chat.pacer import Pacer
from bot.chat.reply import File

T = TypeVar("T")
# The library's own, since they are several times as fast where orjson is installed.
_to_json: Callable[[object], str] = discord.utils._to_json
_from_json: Callable[[bytes], Any] = discord.utils._from_json
# The first ones are short: an interaction has to be answered within 3 s.
_DELAYS = (0.1, 0.3, 0.8, 2.0)
_MAX_WAIT = 60.0
_SECONDS = 20.0
_JSON_HEADERS = {"Content-Type": "application/json"}


class Api:
    """Interactions are answered through a session of its own: they need no token of the bot, and
    discord.py's client would keep a rate limit for each of them and look through all of them.
    What the bot does of its own accord goes through that client, which paces it.
    """

    def __init__(self, pacer: Pacer) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._client: discord.Client | None = None
        self._pacer = pacer

    def use(self, client: discord.Client) -> None:
        """Sends through this client, which is logged in, from now on."""
        self._client = client

    async def close(self) -> None:
        """Closes its own session; the client is closed by whoever made it."""
        if self._session is not None:
            await self._session.close()

    @property
    def application_id(self) -> int:
        """The bot's own number; raises ApiError before a client is logged in."""
        return self._logged_in.application_id or 0

    @property
    def account_id(self) -> str:
        """The account as which the bot makes things, which need not have its number."""
        user = self._logged_in.user
        return str(user.id) if user else ""

    @property
    def _logged_in(self) -> discord.Client:
        if self._client is None:
            raise ApiError(0, 0, "not connected yet", was_sent=False)
        return self._client

    async def answer(
        self,
        interaction: tuple[str, str],
        kind: int,
        data: Payload | None = None,
        files: Sequence[File] = (),
        *,
        wants_message: bool = False,
    ) -> str | None:
        """The first answer to an interaction (id, token); the message's id where it is wanted.

        `kind` is Discord's number of the way of answering. Like all that follows it raises
        ApiError for what is refused, or fails still when it was tried again.
        """
        number, token = interaction
        path = f"/interactions/{number}/{quote(token, safe='')}/callback"
        query = "?with_response=true" if wants_message else ""
        body: Payload = {"type": kind} if data is None else {"type": kind, "data": data}
        got = await self._open("POST", path + query, body, files)
        message = ((got.get("resource") or {}).get("message") or {}) if wants_message else {}
        return message.get("id")

    async def edit_answer(
        self, token: str, payload: Payload, files: Sequence[File] = ()
    ) -> str | None:
        """Puts this in the place of the first answer; the message's id."""
        got = await self._open("PATCH", self._hook(token, "/messages/@original"), payload, files)
        return got.get("id")

    async def read_answer(self, token: str) -> str | None:
        """The id of the message that was the first answer."""
        got = await self._open("GET", self._hook(token, "/messages/@original"), None)
        return got.get("id")

    async def delete_answer(self, token: str) -> None:
        """Takes the first answer away."""
        await self._open("DELETE", self._hook(token, "/messages/@original"), None)

    async def follow_up(
        self, token: str, payload: Payload, files: Sequence[File] = ()
    ) -> str | None:
        """A further message of an answered interaction, for 15 minutes; its id."""
        got = await self._open("POST", self._hook(token, "?wait=true"), payload, files)
        return got.get("id")

    def _hook(self, token: str, rest: str) -> str:
        return f"/webhooks/{self.application_id}/{quote(token, safe='')}{rest}"

    async def send(
        self,
        channel_id: str,
        payload: Payload,
        files: Sequence[File],
        nonce: str,
        *,
        is_answer: bool = True,
    ) -> str:
        """A message of the bot's own; a repeat with the same nonce gives the same message.

        An answer does not wait, but what is sent unasked makes room for it.
        """
        if is_answer:
            self._pacer.used(PlaceRef("discord", channel_id))
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
        payload = payload | {"nonce": nonce, "enforce_nonce": True}
        got = await self._bot(route, **_sent_by_client(payload, files))
        return str(got["id"])

    async def edit(self, channel_id: str, message_id: str, payload: Payload) -> None:
        """Puts this in the place of a message of the bot's own."""
        self._pacer.used(PlaceRef("discord", channel_id))
        route = Route(
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=channel_id,
            message_id=message_id,
        )
        # What was there and is not now has to be taken away by name.
        empty: Payload = {"content": "", "embeds": [], "components": []}
        await self._bot(route, json=empty | payload)

    async def events(
        self,
        server_id: str,
        event_id: str | None = None,
        *,
        method: str = "GET",
        payload: Payload | None = None,
    ) -> Any:
        """A server's scheduled events, or one of them."""
        path = "/guilds/{guild_id}/scheduled-events"
        if event_id is None:
            route = Route(method, path, guild_id=server_id)
        else:
            route = Route(method, path + "/{event_id}", guild_id=server_id, event_id=event_id)
        self._pacer.used(PlaceRef("discord", server_id))
        return await self._bot(route, **({} if payload is None else {"json": payload}))

    async def interested(self, server_id: str, event_id: str, after: str) -> list[dict[str, Any]]:
        """At most 100 of those whom an event interests, after an account."""
        path = "/guilds/{guild_id}/scheduled-events/{event_id}/users"
        route = Route("GET", path, guild_id=server_id, event_id=event_id)
        parameters = {"limit": 100, "with_member": "false"} | ({"after": after} if after else {})
        return list(await self._bot(route, params=parameters))

    async def react(self, channel_id: str, message_id: str, emoji: str) -> None:
        """Sets the bot's reaction on a message."""
        route = Route(
            "PUT",
            "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me",
            channel_id=channel_id,
            message_id=message_id,
            emoji=emoji,
        )
        await self._bot(route)

    async def direct_channel(self, user_id: str) -> str:
        """The conversation with one person, made where there is none yet."""
        route = Route("POST", "/users/@me/channels")
        return str((await self._bot(route, json={"recipient_id": user_id}))["id"])

    async def messages_after(self, channel_id: str, message_id: str) -> list[dict[str, Any]]:
        """At most 100 messages of a channel after one, oldest first."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
        got = await self._bot(route, params={"after": message_id, "limit": 100})
        return sorted(got, key=lambda one: int(one["id"]))

    async def newest_message(self, channel_id: str) -> str:
        """The id of a channel's last message; ``1`` where there is none."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
        got = await self._bot(route, params={"limit": 1})
        return str(got[0]["id"]) if got else "1"

    async def register(self, payload: Sequence[Payload]) -> None:
        """Makes these the commands of every server, and forgets all others."""
        path = "/applications/{application_id}/commands"
        route = Route("PUT", path, application_id=self.application_id)
        await self._bot(route, json=list(payload))

    async def gateway(self) -> str:
        """Where the gateway of this API is."""
        return str((await self._bot(Route("GET", "/gateway")))["url"])

    async def fetch(self, url: str, most: int) -> bytes:
        """A file that came along; raises ApiError when it is too large or not to be had.

        Without encryption only where the API itself has none, whose files may be elsewhere.
        """
        allowed = {"https", urlsplit(Route.BASE).scheme}
        if urlsplit(url).scheme not in allowed:
            raise ApiError(0, 0, "not an address of Discord's", was_sent=False)

        async def get() -> bytes:
            async with self._own.get(url, allow_redirects=False) as response:
                if response.status != 200:
                    raise ApiError(response.status, 0, "the file is not there")
                content = await response.content.read(most + 1)
                while len(content) <= most and not response.content.at_eof():
                    content += await response.content.read(most + 1 - len(content))
                return content

        content = await _repeated(get)
        if len(content) > most:
            raise ApiError(413, 0, "the file is too large")
        return content

    async def _bot(self, route: Route, **content: Any) -> Any:
        """discord.py repeats 429 and most of 5xx by itself; 503 and broken connections not."""

        async def request() -> Any:
            try:
                return await self._logged_in.http.request(route, **content)
            except discord.RateLimited as error:
                raise ApiError(429, 0, "rate limited", after=error.retry_after) from None
            except discord.HTTPException as error:
                raise ApiError(error.status, error.code, error.text) from None
            except RuntimeError:
                raise ApiError(0, 0, "closed", was_sent=False) from None

        return await _repeated(request, statuses=frozenset({503}))

    async def _open(
        self, method: str, path: str, payload: Payload | None, files: Sequence[File] = ()
    ) -> Mapping[str, Any]:
        """A request that its address alone entitles to: what concerns one interaction."""
        url = URL(Route.BASE + path, encoded=True)
        text = None if payload is None else _to_json(payload)
        tries = 0

        async def request() -> Mapping[str, Any]:
            nonlocal tries
            tries += 1
            body = _form(text or "", files) if files else text and text.encode()
            headers = _JSON_HEADERS if text and not files else None
            async with self._own.request(method, url, data=body, headers=headers) as response:
                if response.status < 300:
                    content = await response.read()
                    return _from_json(content) if content else {}
                error = await _error_of(response)
            self._pacer.refusals += error.status == 429
            if error.is_answered and tries > 1:
                return {}
            raise error

        return await _repeated(request)

    @property
    def _own(self) -> aiohttp.ClientSession:
        if self._session is None:
            agent = self._logged_in.http.user_agent
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": agent},
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
            )
        return self._session


async def _repeated(
    request: Callable[[], Awaitable[T]],
    statuses: frozenset[int] = frozenset({429, 500, 502, 503, 504, 524}),
) -> T:
    may_have_arrived = False
    for delay in (*_DELAYS, None):
        try:
            return await request()
        except ApiError as error:
            wait = delay if error.after is None else error.after
            if delay is None or error.status not in statuses or (wait or 0) > _MAX_WAIT:
                if may_have_arrived and isinstance(error.as_delivery(), Retry):
                    raise ApiError(0, 0, "an earlier try may have arrived") from None
                raise
            may_have_arrived |= isinstance(error.as_delivery(), Unknown)
        except aiohttp.ClientConnectorError:
            wait = delay
            if delay is None:
                text = "Discord is not to be reached"
                raise ApiError(0, 0, text, was_sent=may_have_arrived) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            wait, may_have_arrived = delay, True
            if delay is None:
                raise ApiError(0, 0, type(error).__name__) from None
        await asyncio.sleep(wait or 0)
    raise AssertionError("the last try either returns or raises")


async def _error_of(response: aiohttp.ClientResponse) -> ApiError:
    content = await response.read()
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return ApiError(response.status, 0, content[:200].decode(errors="replace"))
    text = json.dumps(told["errors"]) if "errors" in told else str(told.get("message", ""))
    after = float(told.get("retry_after", 1)) if response.status == 429 else None
    return ApiError(response.status, int(told.get("code", 0)), text, after)


def _form(text: str, files: Sequence[File]) -> aiohttp.FormData:
    # Discord does not read the brackets of a field's name when they are escaped.
    form = aiohttp.FormData(quote_fields=False)
    for part in _parts(text, files):
        form.add_field(**part)
    return form


def _parts(text: str, files: Sequence[File]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [
        {"name": "payload_json", "value": text, "content_type": "application/json"}
    ]
    for position, file in enumerate(files):
        parts.append(
            {
                "name": f"files[{position}]",
                "value": file.content,
                "filename": file_name(file),
                "content_type": file.media_type,
            }
        )
    return parts


def _sent_by_client(payload: Payload, files: Sequence[File]) -> dict[str, Any]:
    return {"form": _parts(_to_json(payload), files)} if files else {"json": payload}


def nonce_of(key: str) -> str:
    """A delivery's key as Discord takes it: 24 of at most 25 characters."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest()).decode()[:24].lower()
