"""What is to be sent is planned once, taken by one, and marked only by whoever has it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from storage.clubs import Club
from storage.database import Database
from storage.deliveries import CANCELLED, EXPIRED, FAILED, PENDING, SENT, UNKNOWN, DeliveryDraft
from tests.conftest import NOW

LEASE = timedelta(seconds=60)
BOTH = ("discord", "telegram")


def draft(key: str, platform: str = "telegram", at: datetime = NOW) -> DeliveryDraft:
    return DeliveryDraft(key, "announcement", "1", platform, "-100", at)


def plan(database: Database, club: Club, *drafts: DeliveryDraft) -> int:
    with database.unit(club.id, write=True) as uow:
        return uow.deliveries.plan(drafts, NOW)


def claim(
    database: Database, owner: str, at: datetime, platforms: Sequence[str] = BOTH, limit: int = 10
) -> list[int]:
    with database.unit(write=True) as uow:
        return [one.id for one in uow.outbox.claim(platforms, owner, at, LEASE, limit)]


def state(database: Database, club: Club, delivery_id: int) -> str:
    with database.unit(club.id) as uow:
        found = uow.deliveries.by_id(delivery_id)
        assert found is not None
        return found.state


def test_a_key_is_planned_once_in_a_club(database: Database, club: Club) -> None:
    assert plan(database, club, draft("a"), draft("b")) == 2
    assert plan(database, club, draft("a"), draft("c")) == 1
    with database.unit(club.id, write=True) as uow:
        assert not uow.has_planned
        assert uow.deliveries.plan([draft("a")], NOW) == 0
        assert not uow.has_planned
        assert uow.of_club(club.id).deliveries.plan([draft("d")], NOW) == 1
        assert uow.has_planned
        assert uow.deliveries.counts() == {PENDING: 4}


def test_only_what_is_due_on_a_served_platform_is_taken(database: Database, club: Club) -> None:
    later = NOW + timedelta(hours=1)
    plan(database, club, draft("late", at=later), draft("a"), draft("b", "discord"))
    with database.unit(write=True) as uow:
        (taken,) = uow.outbox.claim(["telegram"], "me", NOW, LEASE, 10)
        assert (taken.key, taken.attempts, taken.started_at) == ("a", 1, None)
    assert claim(database, "other", NOW, ["telegram"]) == []
    assert len(claim(database, "other", later)) == 3


def test_one_that_was_thought_dead_disturbs_nobody(database: Database, club: Club) -> None:
    plan(database, club, draft("a"))
    after = NOW + LEASE
    (number,) = claim(database, "dead", NOW)
    with database.unit(write=True) as uow:
        assert uow.outbox.start(number, "dead", NOW)
        assert not uow.outbox.start(number, "dead", after)
        (taken,) = uow.outbox.claim(BOTH, "living", after, LEASE, 10)
        assert (taken.started_at, taken.attempts) == (NOW, 2)
        for late in (
            uow.outbox.start(number, "dead", after),
            uow.outbox.settle(number, "dead", SENT, after, message_id="1"),
            uow.outbox.put_back(number, "dead", after),
        ):
            assert not late
        assert uow.outbox.renew([number], "dead", after + LEASE) == []
        assert uow.outbox.renew([number], "living", after + LEASE) == [number]
        assert uow.outbox.settle(number, "living", UNKNOWN, after, error="lost")
        assert not uow.outbox.settle(number, "living", SENT, after)
    assert state(database, club, number) == UNKNOWN


def test_what_is_put_back_comes_again_and_says_whether_it_was_begun(
    database: Database, club: Club
) -> None:
    plan(database, club, draft("a"))
    soon = NOW + timedelta(seconds=5)
    (number,) = claim(database, "me", NOW)
    with database.unit(write=True) as uow:
        uow.outbox.start(number, "me", NOW)
        assert uow.outbox.put_back(number, "me", soon, started=True, error="lost")
        assert uow.outbox.claim(BOTH, "me", NOW, LEASE, 10) == []
        (again,) = uow.outbox.claim(BOTH, "me", soon, LEASE, 10)
        assert (again.started_at, again.attempts, again.error) == (NOW, 2, "lost")
        uow.outbox.put_back(number, "me", soon, counts=False)
        (again,) = uow.outbox.claim(BOTH, "me", soon, LEASE, 10)
        assert (again.started_at, again.attempts) == (None, 2)


def test_what_stands_behind_a_flood_in_one_chat_is_found(database: Database, club: Club) -> None:
    flood = [draft(f"flood {number}") for number in range(60)]
    others = [
        DeliveryDraft(f"other {number}", "note", "1", "telegram", f"-{number}", NOW)
        for number in range(3)
    ]
    plan(database, club, *flood, *others)
    with database.unit(write=True) as uow:
        taken = [one.key for one in uow.outbox.claim(BOTH, "me", NOW, LEASE, 10)]
    assert taken == [*(f"flood {number}" for number in range(5)), "other 0", "other 1", "other 2"]


def test_a_failed_one_is_tried_again_when_somebody_says_so(database: Database, club: Club) -> None:
    plan(database, club, draft("a"), draft("b"))
    first, second = claim(database, "me", NOW)
    with database.unit(club.id, write=True) as uow:
        uow.outbox.start(first, "me", NOW)
        uow.outbox.settle(first, "me", FAILED, NOW, error="no")
        assert uow.deliveries.retry([first, second], NOW) == 1
        assert uow.has_planned
        (again,) = uow.outbox.claim(BOTH, "me", NOW, LEASE, 10)
        assert (again.id, again.attempts, again.started_at) == (first, 1, None)


def test_what_nobody_wants_any_more_expires_and_what_was_begun_does_not(
    database: Database, club: Club
) -> None:
    soon = NOW + timedelta(seconds=30)
    late = NOW + LEASE
    for key in ("a", "b", "c"):
        one = DeliveryDraft(key, "reminder", "1", "telegram", "1", NOW, expires_at=soon)
        plan(database, club, one)
    with database.unit(club.id, write=True) as uow:
        first, second = uow.outbox.claim(BOTH, "me", NOW, LEASE, 2)
        uow.outbox.start(first.id, "me", NOW)
        assert len(uow.outbox.expire(soon)) == 1
        assert len(uow.outbox.expire(late)) == 1
        assert uow.deliveries.counts() == {PENDING: 1, EXPIRED: 2}
    assert state(database, club, second.id) == EXPIRED


def test_what_was_not_begun_can_be_taken_back(database: Database, club: Club) -> None:
    plan(database, club, draft("a"), draft("b"))
    first, second = claim(database, "me", NOW)
    with database.unit(club.id, write=True) as uow:
        uow.outbox.start(first, "me", NOW)
        assert uow.deliveries.cancel("announcement", "1", NOW) == 1
        assert not uow.outbox.start(second, "me", NOW)
    assert state(database, club, second) == CANCELLED


def test_four_senders_never_take_the_same(database: Database, club: Club) -> None:
    plan(database, club, *(draft(str(number)) for number in range(2_000)))
    taken: list[int] = []

    def send(owner: str) -> None:
        while found := claim(database, owner, NOW, limit=20):
            taken.extend(found)

    senders = [threading.Thread(target=send, args=(str(number),)) for number in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(taken) == len(set(taken)) == 2_000


class Sending(RuleBasedStateMachine):
    """Two senders, a clock, and a plain model of who has what."""

    database: Database
    club: Club
    owners = st.sampled_from(["a", "b"])
    picks = st.integers(0, 5)

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.key = 0
        self.holder: dict[int, tuple[str, datetime]] = {}
        self.due: dict[int, datetime] = {}
        self.begun: dict[int, datetime] = {}
        with self.database.transaction(write=True) as connection:
            connection.exec_driver_sql("DELETE FROM deliveries")

    @rule()
    def plan_one(self) -> None:
        self.key += 1
        plan(self.database, self.club, draft(str(self.key)))
        with self.database.unit(self.club.id) as uow:
            self.due[uow.deliveries.listed([PENDING], 1)[0].id] = NOW

    @rule(seconds=st.integers(1, 80))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(owner=owners, limit=st.integers(1, 3))
    def take(self, owner: str, limit: int) -> None:
        ready = [n for n, due in self.due.items() if due <= self.now and not self._is_held(n)]
        wanted = sorted(ready, key=lambda n: (self.due[n], n))[:limit]
        with self.database.unit(write=True) as uow:
            found = uow.outbox.claim(BOTH, owner, self.now, LEASE, limit)
        assert [(one.id, one.started_at) for one in found] == [
            (n, self.begun.get(n)) for n in wanted
        ]
        self.holder.update(dict.fromkeys(wanted, (owner, self.now + LEASE)))

    @rule(owner=owners, pick=picks)
    def start(self, owner: str, pick: int) -> None:
        for number in sorted(self.holder)[pick : pick + 1]:
            with self.database.unit(write=True) as uow:
                began = uow.outbox.start(number, owner, self.now)
            assert began == (self._is_held(number) and self._has(owner, number))
            if began:
                self.begun.setdefault(number, self.now)

    @rule(owner=owners, pick=picks)
    def renew(self, owner: str, pick: int) -> None:
        for number in sorted(self.holder)[pick : pick + 1]:
            with self.database.unit(write=True) as uow:
                kept = uow.outbox.renew([number], owner, self.now + LEASE)
            assert kept == ([number] if self._has(owner, number) else [])
            if kept:
                self.holder[number] = (owner, self.now + LEASE)

    @rule(owner=owners, pick=picks, seconds=st.integers(0, 80), started=st.booleans())
    def put_back(self, owner: str, pick: int, seconds: int, started: bool) -> None:
        later = self.now + timedelta(seconds=seconds)
        for number in sorted(self.holder)[pick : pick + 1]:
            with self.database.unit(write=True) as uow:
                is_back = uow.outbox.put_back(number, owner, later, started=started)
            assert is_back == self._has(owner, number)
            if is_back:
                del self.holder[number]
                self.due[number] = later
                if not started:
                    self.begun.pop(number, None)

    @rule(owner=owners, pick=picks)
    def settle(self, owner: str, pick: int) -> None:
        for number in sorted(self.holder)[pick : pick + 1]:
            with self.database.unit(write=True) as uow:
                settled = uow.outbox.settle(number, owner, SENT, self.now)
            assert settled == self._has(owner, number)
            if settled:
                del self.due[number]

    def _has(self, owner: str, number: int) -> bool:
        """Whether it is still this owner's, its lease run out or not: nobody else has come."""
        return number in self.due and number in self.holder and self.holder[number][0] == owner

    def _is_held(self, number: int) -> bool:
        return number in self.due and number in self.holder and self.holder[number][1] > self.now


def test_any_order_of_taking_and_marking_keeps_one_owner(database: Database, club: Club) -> None:
    Sending.database, Sending.club = database, club
    run_state_machine_as_test(
        Sending,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
