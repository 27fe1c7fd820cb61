"""What a platform takes, enforced: each of the load servers may be given one of these."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol


class Limit(Protocol):
    """Says of each request whether it is one too many."""

    def refused(self) -> float:
        """Counts a request that comes now; seconds to wait for one that is refused, else 0."""
        ...

    def shortest(self, requests: int) -> float:
        """The least seconds in which so many requests are taken."""
        ...


class Bucket:
    """Tokens that come back evenly; so many may be saved up."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.perf_counter) -> None:
        self._rate = rate
        self._clock = clock
        self._tokens = rate
        self._at = clock()

    def refused(self) -> float:
        now = self._clock()
        self._tokens = min(self._rate, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / self._rate
        self._tokens -= 1
        return 0.0

    def shortest(self, requests: int) -> float:
        return max(0.0, requests - self._rate) / self._rate


class Window:
    """Never more than so many in any second. What is refused does not count."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.perf_counter) -> None:
        self._rate = rate
        self._clock = clock
        self._taken: deque[float] = deque(maxlen=rate)

    def refused(self) -> float:
        now = self._clock()
        if len(self._taken) == self._rate and now - self._taken[0] < 1:
            return 1 - (now - self._taken[0])
        self._taken.append(now)
        return 0.0

    def shortest(self, requests: int) -> float:
        return float(max(0, (requests - 1) // self._rate))
