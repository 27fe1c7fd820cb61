"""A lean Discord for one bot: it pushes interactions, takes the answers and times them.

The tests' simulator checks every request, which makes it far too slow to load a bot with.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType

import orjson
from aiohttp import WSMsgType, web

from benchmarks import discord_payloads as payloads
from benchmarks.discord_payloads import Json
from benchmarks.limits import Limit

_DISPATCH, _HEARTBEAT, _IDENTIFY, _HELLO, _ACK = 0, 1, 2, 10, 11
_LOST_AFTER = 20.0
_CALLBACK = "/api/v10/interactions/"
_ID_STEP = 4_096


@dataclass(frozen=True, slots=True)
class Act:
    """What a member does, and what has to be in a right answer to it."""

    kind: int
    data: Json
    expects: bytes
    message: Json | None = None


class WrongAnswers(RuntimeError):
    """A bot that answers wrongly or not at all is not worth timing."""


@dataclass(slots=True)
class Outcome:
    """Seconds of each answer, of the whole, and the last answer as it came."""

    each: list[float] = field(default_factory=list)
    whole: float = 0.0
    last: bytes = b""


@dataclass(slots=True)
class _Load:
    act: Callable[[], Act]
    left: int
    is_chained: bool
    outcome: Outcome = field(default_factory=Outcome)
    wrong: int = 0
    is_done: asyncio.Event = field(default_factory=asyncio.Event)


class LoadServer:
    """REST and gateway on a port of its own.

    With a ``limit`` it refuses what is too much of all but answers. What nobody asked for is noted
    in ``unasked``: when it came, and to whom.
    """

    def __init__(self, limit: Limit | None = None) -> None:
        self.unasked: list[tuple[float, str]] = []
        self.refusals = 0
        self.requests = 0
        self._limit = limit
        self._nonces: set[str] = set()
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None))
        self._port = 0
        self._socket: web.WebSocketResponse | None = None
        self._deflate = zlib.compressobj()
        self._numbers = count(1_400_000_000_000_000_000, _ID_STEP)
        self._sequence = count(1)
        self._waiting: dict[str, tuple[float, bytes]] = {}
        self._load: _Load | None = None
        self.connected = asyncio.Event()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway"

    async def __aenter__(self) -> LoadServer:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=512)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def keep_busy(self, act: Callable[[], Act], acts: int, outstanding: int) -> Outcome:
        """So many acts, with so many unanswered at any time. Raises WrongAnswers."""
        load = self._load = _Load(act, acts, is_chained=True)
        started = time.perf_counter()
        for _ in range(min(outstanding, acts)):
            await self._push(load)
        await self._finished(load)
        load.outcome.whole = time.perf_counter() - started
        return load.outcome

    async def pace(self, act: Callable[[], Act], gaps: list[float]) -> Outcome:
        """An act after each of these gaps, answered or not. Raises WrongAnswers."""
        load = self._load = _Load(act, len(gaps), is_chained=False)
        due = time.perf_counter()
        for gap in gaps:
            due += gap
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self._push(load)
        await self._finished(load)
        return load.outcome

    async def _finished(self, load: _Load) -> None:
        try:
            async with asyncio.timeout(_LOST_AFTER + len(self._waiting)):
                await load.is_done.wait()
        except TimeoutError:
            raise WrongAnswers(f"{len(self._waiting)} answers never came") from None
        if load.wrong:
            raise WrongAnswers(f"{load.wrong} answers were wrong: {load.outcome.last!r}")

    async def _push(self, load: _Load) -> None:
        load.left -= 1
        act, number = load.act(), str(next(self._numbers))
        payload = payloads.interaction(number, act.kind, act.data, act.message)
        self._waiting[number] = (time.perf_counter(), act.expects)
        await self._tell("INTERACTION_CREATE", payload)

    async def _answered(self, number: str, body: bytes) -> None:
        load, asked = self._load, self._waiting.pop(number, None)
        if load is None or asked is None:
            raise WrongAnswers(f"an answer to what was answered or never asked: {body!r}")
        load.outcome.each.append(time.perf_counter() - asked[0])
        if asked[1] not in body:
            load.wrong += 1
        if load.left and load.is_chained:
            await self._push(load)
        elif not load.left and not self._waiting:
            load.outcome.last = body
            load.is_done.set()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(_CALLBACK):
            return await self._take(request, path)
        if path == "/gateway":
            return await self._serve(request)
        rest = path.removeprefix("/api/v10")
        if request.method == "POST" and (refused := self._refused()):
            return refused
        match rest:
            case "/users/@me/channels":
                person = orjson.loads(await request.read())["recipient_id"]
                # The conversation with a person has the person's own number here.
                return _json({"id": person, "type": 1, "recipients": []})
            case rest if request.method == "POST" and rest.endswith("/messages"):
                return await self._said(request, rest.split("/")[2])
            case "/users/@me":
                return _json(payloads.ME)
            case "/oauth2/applications/@me":
                return _json(payloads.application())
            case "/gateway":
                return _json({"url": self.gateway_url})
            case rest if request.method == "PUT" and rest.endswith("/commands"):
                return _json([_registered(one) for one in orjson.loads(await request.read())])
        return web.json_response({"message": "404: Not Found", "code": 0}, status=404)

    def _refused(self) -> web.Response | None:
        self.requests += 1
        seconds = self._limit.refused() if self._limit else 0.0
        if not seconds:
            return None
        self.refusals += 1
        told = {"message": "You are being rate limited.", "retry_after": seconds, "global": True}
        headers = {"Retry-After": f"{seconds:.3f}", "X-RateLimit-Scope": "global", "Via": "1.1"}
        return web.json_response(told, status=429, headers=headers)

    async def _said(self, request: web.BaseRequest, channel: str) -> web.Response:
        shown = orjson.loads(await request.read())
        if (nonce := shown.get("nonce")) not in self._nonces:
            self._nonces |= {nonce} if nonce else set()
            self.unasked.append((time.time(), channel))
        return _json(payloads.message(str(next(self._numbers)), shown) | {"channel_id": channel})

    async def _take(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        body = await request.read()
        number = path[len(_CALLBACK) :].partition("/")[0]
        await self._answered(number, body)
        if "with_response" not in request.query_string:
            return web.Response(status=204)
        return _json(payloads.told(number, orjson.loads(body).get("data", {})))

    async def _serve(self, request: web.BaseRequest) -> web.WebSocketResponse:
        socket = self._socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        await socket.prepare(request)
        self._deflate = zlib.compressobj()
        await self._send({"op": _HELLO, "d": {"heartbeat_interval": 41_250}})
        async for frame in socket:
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            match orjson.loads(frame.data)["op"]:
                case op if op == _HEARTBEAT:
                    await self._send({"op": _ACK})
                case op if op == _IDENTIFY:
                    await self._tell("READY", payloads.ready(self.gateway_url))
                    await self._tell("GUILD_CREATE", payloads.server())
                    self.connected.set()
        return socket

    async def _tell(self, event: str, payload: Json) -> None:
        await self._send({"t": event, "s": next(self._sequence), "op": _DISPATCH, "d": payload})

    async def _send(self, frame: Json) -> None:
        assert self._socket is not None, "the bot is not connected"
        data = self._deflate.compress(orjson.dumps(frame))
        await self._socket.send_bytes(data + self._deflate.flush(zlib.Z_SYNC_FLUSH))


def _json(content: object) -> web.Response:
    return web.Response(body=orjson.dumps(content), content_type="application/json")


def _registered(command: Json) -> Json:
    """A command as Discord tells of it once it knows it."""
    known: Json = {
        "id": payloads.COMMAND_ID,
        "application_id": payloads.BOT,
        "version": payloads.COMMAND_ID,
        "default_member_permissions": None,
        "nsfw": False,
        "description": "",
    }
    return known | command
