"""Lanes: what one person does in one chat is handled in order, and everybody else's meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeAlias, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
Lane: TypeAlias = tuple[Hashable, Hashable]

_AT_ONCE = 200
# A chat that Telegram holds up keeps whoever is in it waiting, and nobody else.
_AT_ONCE_IN_A_CHAT = 50
_WAITING = 1_000


class _Chat:
    """How many lanes a chat has, and how many of them may be handled at once."""

    def __init__(self) -> None:
        self.lanes = 0
        self.slots = asyncio.Semaphore(_AT_ONCE_IN_A_CHAT)


class Lanes(Generic[T]):
    """A lane is a chat and a person; it lives for as long as something is in it."""

    def __init__(self, handle: Callable[[T], Awaitable[None]]) -> None:
        self._handle = handle
        self._lanes: dict[Lane, deque[T]] = {}
        self._chats: dict[Hashable, _Chat] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._count = 0
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    def put(self, lane: Lane, item: T) -> None:
        """Handles the item after all that is in the lane already."""
        self._count += 1
        self._is_empty.clear()
        if self._count >= _WAITING:
            self._has_room.clear()
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append(item)
            return
        self._lanes[lane] = deque((item,))
        task = asyncio.create_task(self._run(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def room(self) -> None:
        """Waits until not too much is waiting."""
        await self._has_room.wait()

    async def drain(self, seconds: float) -> None:
        """Waits so long for all that was put in, then gives up what is left."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_empty.wait()
        except TimeoutError:
            log.warning("%d updates are left for the next start", self._count)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, lane: Lane) -> None:
        waiting = self._lanes[lane]
        chat = self._chats.setdefault(lane[0], _Chat())
        chat.lanes += 1
        while waiting:
            async with chat.slots, self._slots:
                await self._handle(waiting[0])
            waiting.popleft()
            self._left()
        del self._lanes[lane]
        chat.lanes -= 1
        if not chat.lanes:
            del self._chats[lane[0]]

    def _left(self) -> None:
        self._count -= 1
        if self._count < _WAITING // 2:
            self._has_room.set()
        if not self._count:
            self._is_empty.set()
