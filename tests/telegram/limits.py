"""Telegram's floodgates: how many messages pass in a second, in a chat, and in a group's minute."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from tests.telegram.clock import Clock


@dataclass(slots=True)
class Limits:
    """``strict`` answers 429 to what comes too soon; else it is only written down.

    ``per_chat`` is the seconds between two messages in one chat.
    """

    per_second: int = 30
    strict: bool = True
    per_chat: float = 1.0
    per_group_minute: int = 20


@dataclass(frozen=True, slots=True)
class Overrun:
    """A message that came ``early`` seconds too soon for the named limit."""

    limit: str
    chat: int
    early: float


class Meter:
    """Counts what passed, within the last minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._all: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}
        self.overruns: list[Overrun] = []

    def pass_through(self, limits: Limits, chat: int) -> int | None:
        """The seconds to wait where a message comes too soon, in whole numbers as Telegram says."""
        now = self._clock.monotonic()
        here = self._chats.setdefault(chat, deque())
        for times, age in ((self._all, 1.0), (here, 60.0)):
            while times and times[0] <= now - age:
                times.popleft()
        found: list[Overrun] = []
        if len(self._all) >= limits.per_second:
            found.append(Overrun("per_second", chat, self._all[0] + 1.0 - now))
        if here and now - here[-1] < limits.per_chat:
            found.append(Overrun("per_chat", chat, here[-1] + limits.per_chat - now))
        if chat < 0 and len(here) >= limits.per_group_minute:
            found.append(Overrun("per_group_minute", chat, here[0] + 60.0 - now))
        self.overruns += found
        if found and limits.strict:
            return max(1, math.ceil(max(one.early for one in found)))
        self._all.append(now)
        here.append(now)
        return None
