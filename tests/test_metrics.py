"""What is counted, and what the numbers and /readyz make of the state of things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.commandline.database import reason
from bot.watching.probe import Found, Probe, Readings
from bot.watching.state import MOST_INBOX, State, memory_peak
from bot.watching.tally import Spread, Tally
from storage.clubs import Club
from storage.database import Database
from storage.deliveries import EXPIRED, FAILED, SENT, Delivery, DeliveryDraft
from storage.outbox import Backlog
from storage.worker import DatabaseWorker
from tests.conftest import NOW
from tests.core.test_deliveries import Platform

KINDS = ("announcement", "nudge")


def samples(*collectors: Tally | State) -> dict[str, dict[tuple[str, ...], float]]:
    """What Prometheus would read, by name and by the values of the labels in their names' order."""
    registry = CollectorRegistry()
    for one in collectors:
        registry.register(one)
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            values = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[values] = sample.value
    return found


def delivery(kind: str = "announcement") -> Delivery:
    return Delivery(
        *(1, 1, "key", kind, "subject", "telegram", "-100", None, None, False, None),
        *(NOW - timedelta(seconds=7), None, "pending", None, 1, None, None, None),
    )


def test_a_label_is_one_of_the_known_words_whatever_people_make_up() -> None:
    tally = Tally(("paper",), KINDS, lambda: NOW)
    for number in range(2_000):
        tally.handled(f"secret-{number}", "answered", 0.001)
        tally.settled(delivery(f"of another version {number}"), SENT)
    tally.handled("paper", "answered", 0.25)
    tally.handled("paper", "failed", 3.0)
    found = samples(tally)
    assert found["wprc_commands_total"] == {
        ("unknown", "answered"): 2_000,
        ("paper", "answered"): 1,
        ("paper", "failed"): 1,
    }
    assert found["wprc_command_busy_seconds_total"]["paper",] == 3.25
    assert found["wprc_deliveries_total"] == {("other", "telegram", "sent"): 2_000}


def test_only_what_was_sent_can_have_been_late() -> None:
    tally = Tally((), KINDS, lambda: NOW)
    for state in (SENT, FAILED, EXPIRED):
        tally.settled(delivery(), state)
    found = samples(tally)
    assert found["wprc_delivery_late_seconds_count"][()] == 1
    assert found["wprc_delivery_late_seconds_sum"][()] == 7
    assert found["wprc_delivery_late_seconds_bucket"]["5.0",] == 0
    assert found["wprc_delivery_late_seconds_bucket"]["10.0",] == 1
    assert {state for _, _, state in found["wprc_deliveries_total"]} == {SENT, FAILED, EXPIRED}


@given(st.lists(st.floats(0, 20, allow_nan=False)))
def test_each_bucket_counts_what_is_not_above_its_bound(seconds: list[float]) -> None:
    bounds = (0.5, 1.0, 10.0)
    spread = Spread(bounds)
    for one in seconds:
        spread.observe(one)
    buckets, total = spread.buckets()
    assert total == pytest.approx(sum(seconds))
    expected = [sum(one <= bound for one in seconds) for bound in bounds]
    assert [count for _, count in buckets] == [*expected, len(seconds)]


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[DatabaseWorker]:
    worker = DatabaseWorker(database)
    yield worker
    await worker.close()


def backlog(kind: str, seconds: float | None, platform: str = "telegram") -> Backlog:
    since = None if seconds is None else NOW - timedelta(seconds=seconds)
    return Backlog(platform, kind, 3, 2 if since else 0, since)


GOOD = Readings(NOW, 0, None, (), None)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("readings", "said"),
    [
        (GOOD, "ok"),
        (replace(GOOD, inbox=MOST_INBOX), "ok"),
        (replace(GOOD, inbox=MOST_INBOX + 1), "1001 events wait to be handled"),
        (replace(GOOD, deliveries=(backlog("nudge", 299),)), "ok"),
        (replace(GOOD, deliveries=(backlog("nudge", None),)), "ok"),
        (
            replace(GOOD, deliveries=(backlog("nudge", 20), backlog("announcement", 301))),
            "the oldest delivery is due for 301 s",
        ),
        # Those are for a process that serves Discord, or for a newer version.
        (replace(GOOD, deliveries=(backlog("nudge", 900, "discord"),)), "ok"),
        (replace(GOOD, deliveries=(backlog("unheard of", 900),)), "ok"),
        (None, "not known yet"),
    ],
)
async def test_a_backlog_within_its_bounds_is_well(
    worker: DatabaseWorker, readings: Readings | None, said: str
) -> None:
    state = State([Platform()], worker, KINDS, "sqlite")
    state.found = Found(readings)
    assert state.readiness() == {"telegram": "ok", "database": "ok", "backlog": said}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_the_state_says_what_is_cut_off_and_when_the_last_backup_was(
    worker: DatabaseWorker,
) -> None:
    platform = Platform(is_connected=False)
    platform.pacer.refusals = 4
    state = State([platform], worker, KINDS, "sqlite")
    assert "wprc_backup_timestamp_seconds" not in samples(state)
    deliveries = (backlog("nudge", 12), backlog("secret kind", 12))
    state.found = Found(replace(GOOD, last_backup_at=NOW, deliveries=deliveries), "it is locked")
    found = samples(state)
    assert found["wprc_platform_connected"] == {("telegram",): 0}
    assert found["wprc_platform_refusals_total"] == {("telegram",): 4}
    assert found["wprc_database_up"][()] == 0
    assert found["wprc_backup_timestamp_seconds"][()] == NOW.timestamp()
    assert found["wprc_deliveries_due"] == {("nudge", "telegram"): 2}
    assert found["wprc_deliveries_due_seconds"] == {("nudge", "telegram"): 12}
    assert state.readiness()["database"] == "it is locked"
    assert memory_peak() > 10_000_000


async def test_the_probe_reads_what_waits_on_both_databases(
    worker: DatabaseWorker, club: Club
) -> None:
    def plan(key: str, kind: str, minutes: int) -> DeliveryDraft:
        due_at = NOW + timedelta(minutes=minutes)
        return DeliveryDraft(key, kind, "s", "telegram", "-100", due_at)

    drafts = [plan("a", "nudge", -3), plan("b", "nudge", -1), plan("c", "nudge", 5)]
    drafts += [plan("d", "announcement", 5)]
    await worker.write(lambda uow: uow.deliveries.plan(drafts, NOW), club.id)
    await worker.write(lambda uow: uow.inbox.accept("telegram:1", [(1, "{}"), (2, "{}")], NOW))
    await worker.write(lambda uow: uow.inbox.finish("telegram:1", [1], NOW))
    probe = Probe(worker, "me", lambda: NOW, reason, lambda uow: NOW - timedelta(days=1))
    readings = (await probe.found()).readings
    assert readings is not None
    assert (readings.inbox, readings.inbox_since) == (1, NOW)
    assert readings.last_backup_at == NOW - timedelta(days=1)
    assert sorted(readings.deliveries, key=lambda one: one.kind) == [
        Backlog("telegram", "announcement", 1, 0, None),
        Backlog("telegram", "nudge", 3, 2, NOW - timedelta(minutes=3)),
    ]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_however_many_ask_the_database_is_asked_once(worker: DatabaseWorker) -> None:
    asked = 0

    def last_backup(_: object) -> None:
        nonlocal asked
        asked += 1

    probe = Probe(worker, "me", lambda: NOW, reason, last_backup)
    found = await asyncio.gather(*(probe.found() for _ in range(100)))
    found += [await probe.found() for _ in range(100)]
    assert all(one.readings is not None and not one.problem for one in found)
    assert asked == 1


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_a_database_that_only_begins_writes_is_not_well(
    database: Database, worker: DatabaseWorker
) -> None:
    with database.transaction(write=True) as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON leases "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    probe = Probe(worker, "me", lambda: NOW, reason)
    assert await probe.found() == Found(None, "database or disk is full")
