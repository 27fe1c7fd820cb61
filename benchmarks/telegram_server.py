"""A lean Bot API for one bot: it hands out updates, takes the answers and times them.

The tests' simulator checks every request, which makes it far too slow to load a bot with.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import orjson
from aiohttp import web

from benchmarks.limits import Limit

Json: TypeAlias = dict[str, Any]

TOKEN = "4242:a-token-that-only-the-measured-telegram-takes"  # noqa: S105 (of no bot)
CHATS = 64
_BATCH = 100
_POLL_SECONDS = 20.0
_LOST_AFTER = 60.0
_SHOWN = frozenset({"sendMessage", "editMessageText"})
_ME = {
    "id": 4242,
    "is_bot": True,
    "first_name": "Bot",
    "username": "measured_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}


@dataclass(frozen=True, slots=True)
class Act:
    """What a member does, typed or pressed, and what has to be in a right answer to it."""

    text: str
    expects: bytes
    is_press: bool = False


class WrongAnswers(RuntimeError):
    """A bot that answers wrongly or not at all is not worth timing."""


@dataclass(slots=True)
class Outcome:
    """Seconds of each answer and of the whole."""

    each: list[float] = field(default_factory=list)
    whole: float = 0.0


class LoadServer:
    """Private chats with one bot; ``delay`` seconds are added to each answer.

    With a ``limit`` it refuses what is too much. What nobody asked for is noted in ``unasked``:
    when it came, and to whom.
    """

    def __init__(self, delay: float = 0.0, limit: Limit | None = None) -> None:
        self.delay = delay
        self.unasked: list[tuple[float, str]] = []
        self.refusals = 0
        self.requests = 0
        self._limit = limit
        # A poll is always under way, and nobody waits for its answer at the end.
        self._runner = web.ServerRunner(
            web.Server(self._handle, access_log=None), shutdown_timeout=0.1
        )
        self._port = 0
        self._number = 0
        self._pending: deque[Json] = deque()
        self._arrival = asyncio.Event()
        self._waiting: dict[int, deque[tuple[float, bytes]]] = {}
        self._outcome = Outcome()
        self._left = 0
        self._wrong = 0
        self._outstanding = 0
        self._acts: deque[Act] = deque()
        self._done = asyncio.Event()
        self.connected = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> LoadServer:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=512).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def keep_busy(self, act: Act, count: int, outstanding: int) -> Outcome:
        """So many acts, with so many unanswered at any time. Raises WrongAnswers."""
        self._acts = deque([act] * count)
        self._begin(count)
        started = time.perf_counter()
        for _ in range(min(outstanding, count)):
            self._push(self._acts.popleft())
        await self._finished()
        self._outcome.whole = time.perf_counter() - started
        return self._outcome

    async def pace(self, act: Act, gaps: Sequence[float]) -> Outcome:
        """An act after each of these gaps, answered or not. Raises WrongAnswers."""
        self._acts = deque()
        self._begin(len(gaps))
        due = time.perf_counter()
        for gap in gaps:
            due += gap
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._push(act)
        await self._finished()
        return self._outcome

    def _begin(self, count: int) -> None:
        self._outcome, self._left, self._wrong = Outcome(), count, 0
        self._done.clear()

    async def _finished(self) -> None:
        try:
            async with asyncio.timeout(_LOST_AFTER):
                await self._done.wait()
        except TimeoutError:
            raise WrongAnswers(f"{self._left} answers were lost") from None
        if self._wrong:
            raise WrongAnswers(f"{self._wrong} answers were wrong")

    def _push(self, act: Act) -> None:
        self._number += 1
        chat = 1_000 + self._number % CHATS
        self._waiting.setdefault(chat, deque()).append((time.perf_counter(), act.expects))
        self._pending.append(_update(self._number, chat, act))
        self._arrival.set()

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        method = request.path.rpartition("/")[2]
        body = await request.read()
        if self.delay:
            await asyncio.sleep(self.delay)
        result: object = True
        if method == "getUpdates":
            self.connected.set()
            result = await self._updates(_offset(request, body))
        elif method == "getMe":
            result = _ME
        elif method == "getWebhookInfo":
            result = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        elif method in _SHOWN:
            self.requests += 1
            if self._limit is not None and (seconds := self._limit.refused()):
                self.refusals += 1
                return _refused(seconds)
            chat = _chat(request, body)
            self._answered(chat, body)
            result = _message(5, chat, "x", is_bot=True)
        content = orjson.dumps({"ok": True, "result": result})
        return web.Response(body=content, content_type="application/json")

    async def _updates(self, offset: int) -> list[Json]:
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        if not self._pending:
            self._arrival.clear()
            try:
                await asyncio.wait_for(self._arrival.wait(), _POLL_SECONDS)
            except TimeoutError:
                return []
        return list(self._pending)[:_BATCH]

    def _answered(self, chat: int, body: bytes) -> None:
        waiting = self._waiting.get(chat)
        if not waiting:
            self.unasked.append((time.time(), str(chat)))
            return
        since, expects = waiting.popleft()
        if expects not in body:
            self._wrong += 1
        self._outcome.each.append(time.perf_counter() - since)
        self._left -= 1
        if self._acts:
            self._push(self._acts.popleft())
        if not self._left:
            self._done.set()


def _refused(seconds: float) -> web.Response:
    """In whole seconds, as Telegram says it."""
    told = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests",
        "parameters": {"retry_after": ceil(seconds)},
    }
    return web.json_response(told, status=429)


def _offset(request: web.BaseRequest, body: bytes) -> int:
    return int(_parameters(request, body).get("offset") or 0)


def _chat(request: web.BaseRequest, body: bytes) -> int:
    return int(_parameters(request, body)["chat_id"])


def _parameters(request: web.BaseRequest, body: bytes) -> Json:
    if request.content_type == "application/json":
        found: Json = orjson.loads(body or b"{}")
        return found
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _person(chat: int) -> Json:
    return {"id": chat, "is_bot": False, "first_name": "Reader", "language_code": "en"}


def _message(number: int, chat: int, text: str, *, is_bot: bool) -> Json:
    return {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": "private", "first_name": "Reader"},
        "from": _ME if is_bot else _person(chat),
        "text": text,
    }


def _update(number: int, chat: int, act: Act) -> Json:
    if act.is_press:
        pressed = {
            "id": str(number),
            "from": _person(chat),
            "chat_instance": "1",
            "data": act.text,
            "message": _message(5, chat, "x", is_bot=True),
        }
        return {"update_id": number, "callback_query": pressed}
    said = _message(number, chat, act.text, is_bot=False)
    length = len(act.text.partition(" ")[0])
    said["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return {"update_id": number, "message": said}
