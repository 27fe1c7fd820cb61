"""A gateway session: what was sent to it, so that it can be resumed on another connection."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Callable

from aiohttp import web

from tests.discord.refusals import Json

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 7, 8, 9, 10, 11


class Connection:
    """One WebSocket; frames leave it in order, compressed as it asked for."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._transport = request.transport
        self._deflate = None
        if request.query.get("compress") == "zlib-stream":
            self._deflate = zlib.compressobj()
        self._outgoing: asyncio.Queue[Json | int] = asyncio.Queue()

    def put(self, op: int, data: object = None, event: str | None = None, seq: int = 0) -> None:
        self._outgoing.put_nowait({"op": op, "d": data, "t": event, "s": seq or None})

    def close(self, code: int) -> None:
        """Closes with a code, after what is still to be sent."""
        self._outgoing.put_nowait(code)

    def drop(self) -> None:
        """Cuts the line without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def write(self) -> None:
        """Sends what is put until the connection ends."""
        while True:
            frame = await self._outgoing.get()
            if isinstance(frame, int):
                await self.socket.close(code=frame)
                return
            text = json.dumps(frame, separators=(",", ":"))
            if self._deflate is None:
                await self.socket.send_str(text)
            else:
                data = self._deflate.compress(text.encode())
                await self.socket.send_bytes(data + self._deflate.flush(zlib.Z_SYNC_FLUSH))


class Session:
    """What lives on when its connection is lost; events that are missed wait here."""

    def __init__(self, key: str, intents: int, shard: tuple[int, int]) -> None:
        self.id = key
        self.intents = intents
        self.shard = shard
        self.seq = 0
        self.connection: Connection | None = None
        self._sent: deque[tuple[int, str, object]] = deque(maxlen=1000)

    def serves(self, guild_id: int | None) -> bool:
        """A guild belongs to one shard, direct messages to the first."""
        shard, count = self.shard
        return shard == (0 if guild_id is None else (guild_id >> 22) % count)

    def send(self, event: str, payload: Json | Callable[[int], Json]) -> None:
        self.seq += 1
        data = payload(self.intents) if callable(payload) else payload
        self._sent.append((self.seq, event, data))
        if self.connection is not None:
            self.connection.put(DISPATCH, data, event, self.seq)

    def can_replay(self, seq: int) -> bool:
        oldest = self._sent[0][0] if self._sent else self.seq + 1
        return oldest - 1 <= seq <= self.seq

    def replay(self, seq: int) -> None:
        """Sends again what came after a sequence number."""
        assert self.connection is not None
        for number, event, data in self._sent:
            if number > seq:
                self.connection.put(DISPATCH, data, event, number)
