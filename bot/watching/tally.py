"""What has happened since the start, counted where it happens.

Counting stands on every path, so it is a plain addition; what Prometheus reads is made of it when
somebody asks. A label is one of a few words that we chose: never a name, a text, an address or an
id.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from storage.deliveries import SENT, Delivery

_COMMAND_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0)
_LATE_SECONDS = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
_LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_TICK_SECONDS = 0.25


class Spread:
    """How many of the observed seconds lie below each of a few bounds."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total = 0.0

    def observe(self, seconds: float) -> None:
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._total += seconds

    def buckets(self) -> tuple[list[tuple[str, float]], float]:
        """The counts up to each bound, the last being all, and the sum of what was observed."""
        found, count = [], 0
        for bound, more in zip((*self._bounds, "+Inf"), list(self._counts), strict=True):
            count += more
            found.append((str(bound), float(count)))
        return found, self._total


class Tally(Collector):
    """Commands, deliveries and the event loop's lag; counts on the loop, is read anywhere."""

    def __init__(
        self, commands: Collection[str], kinds: Collection[str], clock: Callable[[], datetime]
    ) -> None:
        """`commands` and `kinds` are the names that may become labels."""
        self._commands = frozenset(commands)
        self._kinds = frozenset(kinds)
        self._clock = clock
        self._handled: defaultdict[tuple[str, ...], int] = defaultdict(int)
        self._busy: defaultdict[tuple[str, ...], float] = defaultdict(float)
        self._seconds = Spread(_COMMAND_SECONDS)
        self._settled: defaultdict[tuple[str, ...], int] = defaultdict(int)
        self._late = Spread(_LATE_SECONDS)
        self._lag = Spread(_LAG_SECONDS)

    def handled(self, command: str, outcome: str, seconds: float) -> None:
        """A call was handled."""
        if command not in self._commands:
            # What people make up must not be remembered.
            command = "unknown"
        self._handled[command, outcome] += 1
        self._busy[command,] += seconds
        self._seconds.observe(seconds)

    def settled(self, delivery: Delivery, state: str) -> None:
        """A delivery has come to its end."""
        kind = delivery.kind if delivery.kind in self._kinds else "other"
        self._settled[delivery.platform, kind, state] += 1
        if state == SENT:
            self._late.observe(max(0.0, (self._clock() - delivery.due_at).total_seconds()))

    async def feel_lag(self) -> None:
        """Measures the loop until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            self._lag.observe(max(0.0, loop.time() - due))

    def describe(self) -> Iterator[Metric]:
        """Nothing: what there is depends on the moment."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        yield _counter(
            "wprc_commands",
            "Calls of a command that were handled, by what came of them",
            ("command", "outcome"),
            self._handled,
        )
        yield _counter(
            "wprc_command_busy_seconds",
            "Time from calls until their answers were made",
            ("command",),
            self._busy,
        )
        yield _histogram(
            "wprc_command_seconds", "From a call until its answer is made", self._seconds
        )
        yield _counter(
            "wprc_deliveries",
            "Deliveries that this process has brought to an end, by their state",
            ("platform", "kind", "state"),
            self._settled,
        )
        yield _histogram(
            "wprc_delivery_late_seconds", "How long after it was due one was sent", self._late
        )
        yield _histogram(
            "wprc_loop_lag_seconds",
            "How much later than asked the event loop comes round, four times a second",
            self._lag,
        )


def _counter(
    name: str, words: str, labels: tuple[str, ...], counts: Mapping[tuple[str, ...], float]
) -> Metric:
    family = CounterMetricFamily(name, words, labels=labels)
    for values, count in dict(counts).items():
        family.add_metric(values, count)
    return family


def _histogram(name: str, words: str, spread: Spread) -> Metric:
    buckets, total = spread.buckets()
    return HistogramMetricFamily(name, words, buckets=buckets, sum_value=total)
