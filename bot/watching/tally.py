"""What has happened since the start, counted where it happens.

A label is one of a few words that we chose: never a name, a text, an address or an id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram

from storage.deliveries import SENT, Delivery

_COMMAND_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0)
_LATE_SECONDS = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
_LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_TICK_SECONDS = 0.25


class Tally:
    """Commands, deliveries and the event loop's lag, counted in a registry."""

    def __init__(
        self,
        registry: CollectorRegistry,
        commands: Collection[str],
        kinds: Collection[str],
        clock: Callable[[], datetime],
    ) -> None:
        """`commands` and `kinds` are the names that may become labels."""
        self._commands = frozenset(commands)
        self._kinds = frozenset(kinds)
        self._clock = clock
        self._handled = Counter(
            "wprc_commands",
            "Calls of a command that were handled, by what came of them",
            ("command", "outcome"),
            registry=registry,
        )
        self._seconds = Histogram(
            "wprc_command_seconds",
            "From a call until its answer is made, without sending it",
            ("command",),
            buckets=_COMMAND_SECONDS,
            registry=registry,
        )
        self._settled = Counter(
            "wprc_deliveries",
            "Deliveries that this process has brought to an end, by their state",
            ("platform", "kind", "state"),
            registry=registry,
        )
        self._late = Histogram(
            "wprc_delivery_late_seconds",
            "How long after it was due a delivery was sent",
            ("kind",),
            buckets=_LATE_SECONDS,
            registry=registry,
        )
        self._lag = Histogram(
            "wprc_loop_lag_seconds",
            "How much later than asked the event loop comes round, four times a second",
            buckets=_LAG_SECONDS,
            registry=registry,
        )
        # To look a series up by its labels costs more than to count.
        self._series: dict[tuple[str, str], tuple[Counter, Histogram]] = {}

    def handled(self, command: str, outcome: str, seconds: float) -> None:
        """A call was handled."""
        series = self._series.get((command, outcome))
        if series is None:
            series = self._series_of(command, outcome)
        counter, histogram = series
        counter.inc()
        histogram.observe(seconds)

    def _series_of(self, command: str, outcome: str) -> tuple[Counter, Histogram]:
        known = command if command in self._commands else "unknown"
        series = self._handled.labels(known, outcome), self._seconds.labels(known)
        if known == command:
            # What people make up must not be remembered.
            self._series[command, outcome] = series
        return series

    def settled(self, delivery: Delivery, state: str) -> None:
        """A delivery has come to its end."""
        kind = delivery.kind if delivery.kind in self._kinds else "other"
        self._settled.labels(delivery.platform, kind, state).inc()
        if state == SENT:
            late = (self._clock() - delivery.due_at).total_seconds()
            self._late.labels(kind).observe(max(0.0, late))

    async def feel_lag(self) -> None:
        """Measures the loop until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            self._lag.observe(max(0.0, loop.time() - due))
