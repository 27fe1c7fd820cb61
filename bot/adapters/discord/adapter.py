"""The club on Discord: one client at a time, replaced whenever it ends, until the house stops."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.adapters.discord.api import Api, nonce_of
from bot.adapters.discord.commands import fingerprint, registration
from bot.adapters.discord.errors import ApiError, IntentsRefused, Refused, TokenRefused
from bot.adapters.discord.gateway import NO_INTENT, REFUSED, GatewayRoute, refusal
from bot.adapters.discord.incoming import PLATFORM, Json, channel_of
from bot.adapters.discord.interactions import Interactions
from bot.adapters.discord.listening import Listening
from bot.adapters.discord.options import DiscordOptions
from bot.adapters.discord.pacing import MARGIN, REQUESTS_PER_SECOND, paced_by
from bot.adapters.discord.permissions import sight_of
from bot.adapters.discord.render import render
from bot.adapters.discord.scheduled_events import ScheduledEvents
from bot.chat.adapter import Events, Sight
from bot.chat.desk import Desk
from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.pacer import Pacer
from bot.chat.reply import Reply

log = logging.getLogger(__name__)

_GUILD_READY_SECONDS = 0.3
_REGISTER_SECONDS = 5.0
_MAX_BACKOFF = 60.0
_CLOSE_SECONDS = 3.0
_MOST_DIRECT = 10_000
# What ends a connection every day; its trace would say nothing more.
_EVERYDAY = (
    OSError,
    aiohttp.ClientError,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    ApiError,
)


def _without_trace(record: logging.LogRecord) -> bool:
    """A lost connection is everyday life: one line says so, without the library's trace."""
    if record.exc_info and str(record.msg).startswith("Attempting a reconnect"):
        error = record.exc_info[1]
        record.msg, record.args = f"Discord is not reached ({error}); {record.getMessage()}", ()
        record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
    return True


def _tolerant(parse: Callable[[Json], None]) -> Callable[[Json], None]:
    """A parser that an event of an unforeseen shape does not end, and the client with it."""

    def parsed(payload: Json) -> None:
        try:
            parse(payload)
        except Exception:
            log.exception("an event was left out, since its shape is not known")

    return parsed


class DiscordAdapter:
    """`ready` is set while there is a connection that has been ready once."""

    name = PLATFORM
    # Discord drops a message whose nonce it has seen in "the past few minutes"; a request may
    # wait in a queue before it gets there.
    repeats_for = 90.0

    def __init__(self, desk: Desk, options: DiscordOptions) -> None:
        self._desk = desk
        self._options = options
        self.pacer = Pacer(REQUESTS_PER_SECOND, requests=self._requests_for, margin=MARGIN)
        self._api = Api(self.pacer)
        self.events: Events | None = ScheduledEvents(self._api)
        self._interactions = Interactions(desk, self._api)
        self._listening = Listening(
            desk,
            self._api,
            self._place_of,
            self._own_id,
            has_content=options.message_content,
            serves=self._serves,
            name_of=self._thread_name,
        )
        self._client: discord.Client | None = None
        self._stopping = asyncio.Event()
        self._drained = asyncio.Event()
        self._failures = 0
        self._direct: dict[str, str] = {}
        self._work: set[asyncio.Task[None]] = set()
        self.ready = asyncio.Event()
        for name in ("discord.client", "discord.shard"):
            logging.getLogger(name).addFilter(_without_trace)
        if options.api_url:
            Route.BASE = options.api_url.rstrip("/")

    @property
    def is_ready(self) -> bool:
        """Whether messages can be sent; that a connection is being made anew does not matter."""
        return self.ready.is_set() and not self._stopping.is_set()

    @property
    def is_connected(self) -> bool:
        """Whether every connection to the gateway stands."""
        if not self.is_ready or self._client is None:
            return False
        if isinstance(self._client, discord.AutoShardedClient):
            return not any(shard.is_closed() for shard in self._client.shards.values())
        return self._client.ws is not None and self._client.ws.open

    async def run(self) -> None:
        """Serves until `stop`; raises Refused for a token or an intent that Discord refuses."""
        self._start(self._listening.run())
        try:
            while not self._stopping.is_set():
                try:
                    await self._serve_until_stopped()
                except Refused:
                    raise
                except Exception as error:
                    await self._pause(error)
            await self._drained.wait()
        finally:
            self.ready.clear()
            await self._close()

    async def stop(self) -> None:
        """Takes in nothing more, lets what runs finish, and ends `run`."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        seconds = self._options.drain_seconds
        try:
            await asyncio.gather(self._interactions.drain(seconds), self._listening.drain(seconds))
        finally:
            self._drained.set()

    def sight(self, place: PlaceRef) -> Sight | None:
        """What is known of a channel or thread; None for a direct conversation or a strange one."""
        number = channel_of(place)
        found = self._client.get_channel(int(number)) if self._client else None
        if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
            return None
        return sight_of(found, self._options.message_content)

    async def send(self, place: PlaceRef, reply: Reply, key: str) -> MessageRef:
        """Posts to a channel, a thread, or the person whose account a private place names.

        Raises a DeliveryError that says what is known of it.
        """
        rendered = render(reply)
        try:
            if place.is_private:
                place = replace(place, chat_id=await self._direct_channel(place.chat_id))
            channel = channel_of(place)
            number = await self._api.send(
                channel, rendered.payload, rendered.files, nonce_of(key), is_answer=False
            )
            for position, payload in enumerate(rendered.more, start=2):
                await self._api.send(channel, payload, (), nonce_of(f"{key} {position}"))
        except ApiError as error:
            raise error.as_delivery() from error
        message = MessageRef(place, number)
        if reply.subject is not None:
            await self._desk.posted(message, reply.subject)
        return message

    async def edit(self, place: PlaceRef, message_id: str, reply: Reply) -> None:
        """Puts this in the place of a message of the bot's own; raises a DeliveryError."""
        try:
            await self._api.edit(channel_of(place), message_id, render(reply).payload)
        except ApiError as error:
            raise error.as_change() from error

    def _requests_for(self, place: PlaceRef) -> int:
        """A conversation that is not known has to be opened first."""
        return 2 if place.is_private and place.chat_id not in self._direct else 1

    async def _direct_channel(self, account_id: str) -> str:
        if account_id not in self._direct:
            if len(self._direct) >= _MOST_DIRECT:
                self._direct.clear()
            self._direct[account_id] = await self._api.direct_channel(account_id)
            # The turn was for two requests; this was the first of them.
            await self.pacer.leave()
        return self._direct[account_id]

    async def _serve_until_stopped(self) -> None:
        """One client's life. No wait of discord.py's outlasts `stop`."""
        serving = asyncio.create_task(self._serve())
        drained = asyncio.create_task(self._drained.wait())
        try:
            await asyncio.wait({serving, drained}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        finally:
            serving.cancel()
            drained.cancel()
            await asyncio.gather(serving, drained, return_exceptions=True)

    async def _serve(self) -> None:
        """One client's life, from log-in to its end."""
        client = self._client = self._new_client()
        try:
            await client.login(self._options.token)
            self._api.use(client)
            await self._find_gateway()
            registering = self._start(self._register())

            @client.event
            async def on_ready() -> None:
                await asyncio.wait({registering}, timeout=_REGISTER_SECONDS)
                self._say_ready(client)

            await client.connect()
        except discord.LoginFailure:
            raise TokenRefused(REFUSED) from None
        except discord.PrivilegedIntentsRequired:
            raise IntentsRefused(NO_INTENT) from None
        except discord.ConnectionClosed as error:
            if (refused := refusal(error.code)) is not None:
                raise refused from None
            raise
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await client.close()
            await client.http.close()

    def _new_client(self) -> discord.Client:
        """Caches servers and channels alone: memory does not grow with what is said."""
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = self._options.message_content
        shared: dict[str, Any] = {
            "intents": intents,
            "max_messages": None,
            "member_cache_flags": discord.MemberCacheFlags.none(),
            "chunk_guilds_at_startup": False,
            "guild_ready_timeout": _GUILD_READY_SECONDS,
            # Longer waits are reported instead of slept through.
            "max_ratelimit_timeout": 30.0,
            "http_trace": paced_by(self.pacer),
        }
        # Two warnings at each start about voice, which a reading club's bot has no use for.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        count, ids = self._options.shard_count, self._options.shard_ids
        client: discord.Client
        if count is None:
            client = discord.Client(**shared)
        else:
            shared |= {"shard_count": count} | ({"shard_ids": list(ids)} if ids else {})
            client = discord.AutoShardedClient(**shared)
        # There is no public way to an interaction or a message as it was sent. Taking them where
        # discord.py parses them spares building its objects, most of a command's cost, and an
        # unforeseen shape of one cannot end the client.
        parsers = client._connection.parsers
        begun, resumed, removed = (parsers[name] for name in ("READY", "RESUMED", "GUILD_DELETE"))
        route = GatewayRoute(is_fixed=bool(self._options.gateway_url or self._options.api_url))
        route.lead(client)

        def session_begun(payload: Json) -> None:
            begun(payload)
            route.arrived()
            # Before anything that is said from now on, so that the order stays that of the channel.
            self._listening.read_back()

        def session_resumed(payload: Json) -> None:
            resumed(payload)
            route.arrived()

        def server_gone(payload: Json) -> None:
            removed(dict(payload))
            self._listening.removed(payload)

        parsers["READY"] = session_begun
        parsers["RESUMED"] = session_resumed
        parsers["INTERACTION_CREATE"] = self._interactions.take
        parsers["MESSAGE_CREATE"] = _tolerant(self._listening.said)
        parsers["MESSAGE_UPDATE"] = _tolerant(self._listening.edited)
        parsers["MESSAGE_DELETE"] = _tolerant(self._listening.deleted)
        parsers["MESSAGE_DELETE_BULK"] = _tolerant(self._listening.deleted_many)
        parsers["GUILD_DELETE"] = server_gone
        return client

    def _serves(self, place: PlaceRef) -> bool:
        """Whether a server's events come to this process; Discord's rule of shards says so."""
        ids, count = self._options.shard_ids, self._options.shard_count
        if ids is None or not count:
            return True
        return (int(place.server_id or 0) >> 22) % count in ids

    async def _find_gateway(self) -> None:
        url = self._options.gateway_url
        if url is None and self._options.api_url is not None:
            url = await self._api.gateway()
        if url is not None:
            DiscordWebSocket.DEFAULT_GATEWAY = URL(url)

    async def _register(self) -> None:
        """Tells Discord the commands where they are not those it was told last."""
        if self._options.shard_ids and 0 not in self._options.shard_ids:
            return
        payload = registration(self._desk.commands)
        mark = fingerprint(payload)
        key = f"commands:{self._api.application_id}"
        if await self._desk.load_state(PLATFORM, key) == mark:
            return
        try:
            await self._api.register(payload)
        except ApiError as error:
            log.error("the commands could not be registered: %s", error)
            return
        await self._desk.save_state(PLATFORM, key, mark)
        log.info("%d commands are registered", len(payload))

    def _say_ready(self, client: discord.Client) -> None:
        self._failures = 0
        self.ready.set()
        count = len(client.guilds)
        log.info(
            "Discord: ready as %s in %d server%s", client.user, count, "" if count == 1 else "s"
        )

    async def _pause(self, error: Exception) -> None:
        """Waits longer after each failure in a row, with chance in it, unless the house stops."""
        if self._stopping.is_set():
            return
        self.ready.clear()
        seconds = min(_MAX_BACKOFF, 2.0**self._failures) * random.uniform(0.5, 1)  # noqa: S311
        self._failures += 1
        log.error(
            "Discord: the connection ended (%s); a new one is made in %.1f s",
            str(error) or type(error).__name__,
            seconds,
            exc_info=None if isinstance(error, _EVERYDAY) else error,
        )
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _close(self) -> None:
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        await self._api.close()

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(_guarded(work))
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task

    def _own_id(self) -> str:
        user = self._client.user if self._client else None
        return str(user.id) if user else ""

    def _thread_name(self, place: PlaceRef) -> str | None:
        number = place.thread_id
        found = self._client.get_channel(int(number)) if self._client and number else None
        return found.name if isinstance(found, discord.Thread) else None

    def _place_of(self, payload: Json) -> PlaceRef:
        """Messages do not say whether their channel is a thread; the client's cache does."""
        number, server = payload["channel_id"], payload.get("guild_id")
        found = self._client.get_channel(int(number)) if self._client else None
        if isinstance(found, discord.Thread):
            return PlaceRef(PLATFORM, str(found.parent_id), number, server_id=server)
        return PlaceRef(PLATFORM, number, is_private=server is None, server_id=server)


async def _guarded(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("Discord: something in the background failed")
