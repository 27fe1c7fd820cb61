"""Time that can jump ahead, and a bell that wakes whoever waits for something to happen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Found = TypeVar("Found")


class Clock:
    """Real time, plus whatever a test has skipped."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._skipped

    def monotonic(self) -> float:
        return time.monotonic() + self._skipped

    def jump(self, seconds: float) -> None:
        self._skipped += seconds


class Bell:
    """Rings at each change; nobody polls."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(
        self, look: Callable[[], Found | None], what: Callable[[], str], *, patience: float = 5.0
    ) -> Found:
        """What ``look`` finds, tried anew at each ring; after ``patience`` real seconds a
        TimeoutError with the words of ``what``."""
        tired_at = time.monotonic() + patience
        while True:
            event = self._event
            if (found := look()) is not None:
                return found
            left = tired_at - time.monotonic()
            if left <= 0:
                raise TimeoutError(what())
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await event.wait()
