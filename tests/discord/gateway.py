"""The gateway: connections, sessions, and all the ways in which they end."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.discord import intents
from tests.discord.refusals import Json
from tests.discord.session import (
    ACK,
    HEARTBEAT,
    HELLO,
    IDENTIFY,
    INVALID_SESSION,
    PRESENCE,
    RECONNECT,
    REQUEST_MEMBERS,
    RESUME,
    VOICE,
    Connection,
    Session,
)

if TYPE_CHECKING:
    from tests.discord.world import World

UNKNOWN_OP, BAD_PAYLOAD, NOT_IDENTIFIED, WRONG_TOKEN, TWICE = 4001, 4002, 4003, 4004, 4005
BAD_SHARD, SHARDING_REQUIRED, DISALLOWED_INTENTS = 4010, 4011, 4014
MOST_BYTES = 4096  # Of one payload from the bot.


class Gateway:
    """Serves connections, and is the switchboard on which a test pulls the plugs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.heartbeat_interval = 41.25  # Real seconds.
        self.is_down = False
        self.needs_sharding = False
        self.resume_url: str | None = None  # Told to bots; its own where None.
        self.sessions: dict[str, Session] = {}
        self.identified = 0  # How many times a session was begun.
        self.resumed = 0
        self._connections: set[Connection] = set()

    # The plugs.

    def drop(self) -> None:
        """Cuts every connection without a word; sessions can be resumed."""
        for connection in list(self._connections):
            self._part(connection)
            connection.drop()

    def ask_to_reconnect(self) -> None:
        """Op 7."""
        for connection in list(self._connections):
            connection.put(RECONNECT)

    def invalidate(self, *, is_resumable: bool = False) -> None:
        """Op 9; unless it is resumable, the session and what it missed are gone."""
        for connection in list(self._connections):
            if not is_resumable and connection.session is not None:
                self.sessions.pop(connection.session.id, None)
            connection.put(INVALID_SESSION, is_resumable)

    def forget(self) -> None:
        """Forgets all sessions, as a long outage does: resuming ends in op 9."""
        self.sessions.clear()

    def close(self, code: int) -> None:
        for connection in list(self._connections):
            connection.close(code)

    async def connected(self, patience: float = 10.0, *, times: int | None = None) -> None:
        """Until a session is served, or until there were so many identifies and resumes."""

        def look() -> bool | None:
            enough = times is None or self.identified + self.resumed >= times
            return (enough and any(self._live())) or None

        await self._world.bell.until(look, lambda: "no connection", patience=patience)

    # What the rest of Discord does with it.

    def send(
        self,
        event: str,
        payload: Json | Callable[[int], Json],
        guild_id: int | None,
        needs: int,
    ) -> None:
        for session in list(self.sessions.values()):
            if session.serves(guild_id) and (not needs or session.intents & needs):
                session.send(event, payload)

    def url(self) -> str:
        return self._world.base.replace("http", "ws", 1) + "/gateway"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=1 << 20, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.put(HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000)})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, message.data)
        finally:
            self._part(connection)
            writer.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await writer
        return socket

    def _live(self) -> list[Session]:
        return [one for one in self.sessions.values() if one.connection is not None]

    def _part(self, connection: Connection) -> None:
        self._connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
        self._world.bell.ring()

    def _receive(self, connection: Connection, text: str) -> None:
        try:
            frame = json.loads(text)
            op, data = int(frame["op"]), frame.get("d")
            if len(text.encode()) > MOST_BYTES:
                raise ValueError
            self._handle(connection, op, data)
        except (ValueError, KeyError, TypeError):
            connection.close(BAD_PAYLOAD)

    def _handle(self, connection: Connection, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            return connection.put(ACK)
        if op == IDENTIFY:
            return self._identify(connection, data)
        if op == RESUME:
            return self._resume(connection, data)
        if connection.session is None:
            return connection.close(NOT_IDENTIFIED)
        if op == REQUEST_MEMBERS:
            return self._members(connection.session, data)
        if op not in (PRESENCE, VOICE):
            return connection.close(UNKNOWN_OP)
        return None

    def _identify(self, connection: Connection, data: Json) -> None:
        shard = tuple(data.get("shard") or (0, 1))
        held = int(data["intents"])
        if connection.session is not None:
            return connection.close(TWICE)
        if data["token"] != self._world.token:
            return connection.close(WRONG_TOKEN)
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            return connection.close(BAD_SHARD)
        if self.needs_sharding and shard[1] == 1:
            return connection.close(SHARDING_REQUIRED)
        if held & intents.PRIVILEGED & ~self._world.privileged:
            return connection.close(DISALLOWED_INTENTS)
        session = Session(secrets.token_hex(16), held, (shard[0], shard[1]))
        self._begin(connection, session)
        self.identified += 1
        self._world.bell.ring()
        return None

    def _begin(self, connection: Connection, session: Session) -> None:
        world = self._world
        self.sessions[session.id] = session
        session.connection, connection.session = connection, session
        guilds = [one for one in world.members_of(world.bot) if session.serves(one.id)]
        ready: Json = {
            "v": 10,
            "user": world.bot.payload() | {"mfa_enabled": False, "verified": True, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.resume_url or self.url(),
            "shard": list(session.shard),
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "application": {"id": str(world.application_id), "flags": 0},
        }
        session.send("READY", ready)
        for guild in guilds if session.intents & intents.GUILDS else ():
            session.send("GUILD_CREATE", guild.created(world.bot))

    def _resume(self, connection: Connection, data: Json) -> None:
        if data["token"] != self._world.token:
            return connection.close(WRONG_TOKEN)
        session = self.sessions.get(str(data["session_id"]))
        seq = int(data["seq"] or 0)
        if session is None or not session.can_replay(seq):
            return connection.put(INVALID_SESSION, False)
        if session.connection is not None:
            session.connection.drop()
        session.connection, connection.session = connection, session
        session.replay(seq)
        session.send("RESUMED", {"_trace": ["simulator"]})
        self.resumed += 1
        self._world.bell.ring()
        return None

    def _members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds[int(data["guild_id"])]
        wanted = data.get("user_ids")
        keys = [int(key) for key in (wanted if isinstance(wanted, list) else [wanted or 0])]
        found = [
            member.payload()
            for member in guild.members.values()
            if member.user.id in keys
            or (wanted is None and member.user.name.startswith(data.get("query") or ""))
        ]
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": found,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        session.send("GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce")})
