"""Timing two ways of doing the same, by turns, so that a noisy machine disturbs both alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")
MICRO = 1e-6
MILLI = 1e-3


@dataclass(frozen=True, slots=True)
class Spread:
    """The same figure from several repeats."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    def scaled(self, unit: float) -> Spread:
        """The same in another unit, such as milliseconds for ``1e-3``."""
        return Spread(tuple(value / unit for value in self.values))

    def per(self, other: Spread) -> Spread:
        """The ratio in each repeat: what slowed both down is not in it."""
        return Spread(tuple(a / b for a, b in zip(self.values, other.values, strict=True)))


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each call, repeat by repeat."""

    repeats: tuple[tuple[float, ...], ...]

    def quantile(self, part: float) -> Spread:
        """What this part of the calls does not take longer than."""
        return Spread(tuple(quantile(seconds, part) for seconds in self.repeats))


def quantile(seconds: Sequence[float], part: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def by_turns(
    ways: Sequence[Callable[[T], object]],
    inputs: Sequence[T],
    repeats: int,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Times]:
    """Times of each way over the same inputs; who goes first changes with each repeat.

    What only computes can be timed by `time.thread_time`, which leaves out what other programs
    took: the slowest hundredth of short calls is otherwise theirs.
    """
    for way in ways:
        for given in inputs[:20]:
            way(given)
    found: list[list[tuple[float, ...]]] = [[] for _ in ways]
    for repeat in range(repeats):
        gc.collect()
        order = list(enumerate(ways))
        for number, way in order if repeat % 2 else reversed(order):
            found[number].append(tuple(_timed(way, inputs, clock)))
    return [Times(tuple(times)) for times in found]


def _timed(
    way: Callable[[T], object], inputs: Sequence[T], clock: Callable[[], float]
) -> list[float]:
    seconds = []
    for given in inputs:
        started = clock()
        way(given)
        seconds.append(clock() - started)
    return seconds


async def timed_async(way: Callable[[T], Awaitable[object]], inputs: Sequence[T]) -> list[float]:
    """Seconds of each call, one after the other on the running loop."""
    clock = time.perf_counter
    seconds = []
    for given in inputs:
        started = clock()
        await way(given)
        seconds.append(clock() - started)
    return seconds
