"""What is so at the moment of asking: a collector for Prometheus, and the answer of /readyz."""

from __future__ import annotations

import asyncio
import platform
import sys
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.chat.adapter import Adapter
from bot.watching.probe import Found, Readings
from storage.outbox import Backlog
from storage.worker import DatabaseWorker

MOST_INBOX = 1_000
"""So many events that wait are more than a busy minute."""
MOST_LATE_SECONDS = 300.0
"""What is due for longer than this is late for people."""


class State(Collector):
    """The platforms, the database and the process as they are. `found` is what the probe said."""

    def __init__(
        self,
        adapters: Sequence[Adapter],
        database: DatabaseWorker,
        kinds: Collection[str],
        database_kind: str,
    ) -> None:
        self._adapters = adapters
        self._database = database
        self._kinds = frozenset(kinds)
        self._build = _build(database_kind)
        # It is read on another thread.
        self._loop = asyncio.get_running_loop()
        self.found = Found()

    def readiness(self) -> Mapping[str, str]:
        """Each thing that has to be well, and ``ok`` or what is not."""
        said = {
            adapter.name: "ok" if adapter.is_connected else "not connected"
            for adapter in self._adapters
        }
        said["database"] = self.found.problem or "ok"
        readings = self.found.readings
        said["backlog"] = self._behind(readings) if readings else "not known yet"
        return said

    def _behind(self, readings: Readings) -> str:
        if readings.inbox > MOST_INBOX:
            return f"{readings.inbox} events wait to be handled"
        late = max((_age(readings.at, one.due_since) for one in self._ours(readings)), default=0.0)
        if late > MOST_LATE_SECONDS:
            return f"the oldest delivery is due for {late:.0f} s"
        return "ok"

    def _ours(self, readings: Readings) -> list[Backlog]:
        """What this process is to send: other platforms and kinds wait for other processes."""
        names = {adapter.name for adapter in self._adapters}
        return [
            one for one in readings.deliveries if one.platform in names and one.kind in self._kinds
        ]

    def describe(self) -> Iterator[Metric]:
        """Nothing: what there is depends on the moment."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Everything but what is counted as it happens."""
        build = GaugeMetricFamily("wprc_build_info", "What runs", labels=tuple(self._build))
        build.add_metric(tuple(self._build.values()), 1)
        yield build
        yield from self._platforms()
        yield _gauge("wprc_database_up", "1 where it takes writes", float(not self.found.problem))
        waiting = float(self._database.waiting)
        yield _gauge("wprc_database_queue", "Units of work that wait for a thread", waiting)
        if self.found.readings is not None:
            yield from self._backlog(self.found.readings)
        tasks = float(len(asyncio.all_tasks(self._loop)))
        yield _gauge("wprc_tasks", "Tasks on the event loop that have not ended", tasks)
        threads = float(threading.active_count())
        yield _gauge("wprc_threads", "Threads of this process", threads)
        yield _gauge("wprc_memory_peak_bytes", "The most memory so far", memory_peak())

    def _platforms(self) -> Iterator[Metric]:
        connected = GaugeMetricFamily(
            "wprc_platform_connected", "1 where the bot hears from it", labels=("platform",)
        )
        refusals = CounterMetricFamily(
            "wprc_platform_refusals",
            "Requests that the platform refused as too many (429)",
            labels=("platform",),
        )
        for adapter in self._adapters:
            connected.add_metric((adapter.name,), float(adapter.is_connected))
            refusals.add_metric((adapter.name,), adapter.pacer.refusals)
        yield from (connected, refusals)

    def _backlog(self, readings: Readings) -> Iterator[Metric]:
        labels = ("platform", "kind")
        waiting = GaugeMetricFamily(
            "wprc_deliveries_waiting", "Deliveries that are to be sent, now or later", labels=labels
        )
        due = GaugeMetricFamily("wprc_deliveries_due", "Those that are due", labels=labels)
        oldest = GaugeMetricFamily(
            "wprc_deliveries_due_seconds", "For how long the oldest of them is due", labels=labels
        )
        for one in self._ours(readings):
            waiting.add_metric((one.platform, one.kind), one.waiting)
            due.add_metric((one.platform, one.kind), one.due)
            oldest.add_metric((one.platform, one.kind), _age(readings.at, one.due_since))
        yield from (waiting, due, oldest)
        depth = float(readings.inbox)
        yield _gauge("wprc_inbox_depth", "Events that are stored and not handled yet", depth)
        age = _age(readings.at, readings.inbox_since)
        yield _gauge("wprc_inbox_oldest_seconds", "How long ago the oldest of them came", age)
        if readings.last_backup_at is not None:
            made = readings.last_backup_at.timestamp()
            yield _gauge("wprc_backup_timestamp_seconds", "When the newest backup was made", made)


def memory_peak() -> float:
    """The most bytes of memory that the process has held so far; 0 where no system tells."""
    try:
        import resource
    except ImportError:  # Windows has none.
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most if sys.platform == "darwin" else most * 1024)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _age(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _build(database: str) -> Mapping[str, str]:
    versions = {"python": platform.python_version(), "database": database}
    for label, name in (
        ("version", "wprc-bot"),
        ("discord", "discord.py"),
        ("telegram", "python-telegram-bot"),
        ("sqlalchemy", "sqlalchemy"),
    ):
        try:
            versions[label] = version(name)
        except PackageNotFoundError:
            versions[label] = ""
    return versions
