"""Simulated time, and a bell that wakes whoever waits for something to happen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

Found = TypeVar("Found")


class Clock:
    """Seconds since 1970 that run ``speed`` times as fast as real ones, and can jump ahead."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._began_at = time.time()
        self._began = time.monotonic()

    def now(self) -> float:
        return self._began_at + (time.monotonic() - self._began) * self.speed

    def jump(self, seconds: float) -> None:
        self._began_at += seconds


def iso(seconds: float) -> str:
    """An instant as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


class Bell:
    """Rings at each change of the simulated Discord; nobody polls."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(
        self,
        look: Callable[[], Found | None],
        what: Callable[[], str],
        *,
        patience: float = 5.0,
        ends_at: float | None = None,
    ) -> Found:
        """What ``look`` finds, tried anew at each ring.

        Gives up after ``patience`` real seconds, or when the simulated clock reaches ``ends_at``,
        and raises TimeoutError with the words of ``what``.
        """
        tired_at = time.monotonic() + patience
        while True:
            event = self._event
            if (found := look()) is not None:
                return found
            left = tired_at - time.monotonic()
            if ends_at is not None:
                left = min(left, (ends_at - self._clock.now()) / self._clock.speed)
            if left <= 0:
                raise TimeoutError(what())
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await event.wait()
