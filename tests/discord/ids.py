"""Snowflakes: ids that rise and tell the time at which they were made."""

from __future__ import annotations

from tests.discord.clock import Clock

EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        stamp = (int(self._clock.now() * 1000) - EPOCH_MS) << 22
        self._last = max(stamp, self._last + 1)
        return self._last


def made_at(snowflake: int) -> float:
    """Seconds since 1970."""
    return ((snowflake >> 22) + EPOCH_MS) / 1000
