"""The inbox keeps what came until it is finished, and each event once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from storage.database import Database
from storage.inbox import AlreadyHandled
from tests.conftest import NOW

BOT = "telegram:1"


def test_what_comes_is_new_once(database: Database) -> None:
    big = 2**40
    with database.unit(write=True) as uow:
        assert sorted(uow.inbox.accept(BOT, [(2, "b"), (1, "a"), (2, "b")], NOW)) == [1, 2]
        assert uow.inbox.accept(BOT, [(2, "again"), (big, "c")], NOW) == [big]
        assert uow.inbox.accept("telegram:2", [(1, "other")], NOW) == [1]
        assert uow.inbox.accept(BOT, [], NOW) == []
    with database.unit() as uow:
        assert uow.inbox.waiting(BOT) == [(1, "a"), (2, "b"), (big, "c")]
        assert uow.inbox.waiting(BOT, limit=1, after=1) == [(2, "b")]
        assert uow.inbox.depth() == 4


def test_what_is_finished_is_known_and_holds_nothing(database: Database) -> None:
    with database.unit(write=True) as uow:
        uow.inbox.accept(BOT, [(number, "said") for number in range(2_500)], NOW)
        uow.inbox.keep_reply(BOT, 7, "answer")
        assert uow.inbox.reply(BOT, 7) == "answer"
        assert uow.inbox.reply(BOT, 8) is None
        uow.inbox.finish(BOT, range(2_400), NOW)
        assert uow.inbox.reply(BOT, 7) is None
        assert [number for number, _ in uow.inbox.waiting(BOT)] == list(range(2_400, 2_500))
        assert uow.inbox.accept(BOT, [(7, "said")], NOW) == []
    with database.transaction(write=False) as connection:
        kept = connection.exec_driver_sql("SELECT DISTINCT payload FROM inbox WHERE number < 2400")
        assert [row[0] for row in kept] == [None]


def test_marks_of_the_past_are_forgotten_and_what_waits_is_not(database: Database) -> None:
    later = NOW + timedelta(days=2)
    with database.unit(write=True) as uow:
        uow.inbox.accept(BOT, [(1, "a"), (2, "b"), (3, "c")], NOW)
        uow.inbox.finish(BOT, [1], NOW)
        uow.inbox.finish(BOT, [2], later)
        assert uow.inbox.forget_before(later) == 1
        assert uow.inbox.accept(BOT, [(1, "a"), (2, "b"), (3, "c")], later) == [1]


def handle(database: Database, prefix: str, meanwhile: Callable[[], None] | None = None) -> None:
    """Has the effects of the first event, which is to found a club."""
    with database.unit(write=True) as uow:
        assert uow.inbox.reply(BOT, 1) is None
        if meanwhile is not None:
            meanwhile()
        uow.clubs.add(prefix, prefix, NOW)
        uow.inbox.keep_reply(BOT, 1, prefix)


def clubs(database: Database) -> list[str]:
    with database.unit() as uow:
        return [club.prefix for club in uow.clubs.all()]


def test_what_another_has_finished_has_no_effects_again(database: Database) -> None:
    with database.unit(write=True) as uow:
        uow.inbox.accept(BOT, [(1, "said")], NOW)
        uow.inbox.keep_reply(BOT, 1, "answer")
        uow.inbox.finish(BOT, [1], NOW)
    with pytest.raises(AlreadyHandled):
        handle(database, "TWICE")
    assert clubs(database) == []
    with database.unit() as uow:
        assert uow.inbox.reply(BOT, 1) is None


def test_of_two_that_handle_an_event_at_once_one_has_its_effects(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite lets one write at a time, so the second finds the first one's reply")
    with database.unit(write=True) as uow:
        uow.inbox.accept(BOT, [(1, "said")], NOW)
    with pytest.raises(AlreadyHandled):
        handle(database, "LATE", meanwhile=lambda: handle(database, "FIRST"))
    assert clubs(database) == ["FIRST"]
    with database.unit() as uow:
        assert uow.inbox.reply(BOT, 1) == "FIRST"


class Keeping(RuleBasedStateMachine):
    """One bot's events against a plain model: a number is None, its reply, or finished."""

    database: Database
    numbers = st.integers(0, 6)
    lists = st.lists(numbers, max_size=5)

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.open: dict[int, str | None] = {}
        self.done: dict[int, object] = {}
        with self.database.transaction(write=True) as connection:
            connection.exec_driver_sql("DELETE FROM inbox")

    @rule(numbers=lists)
    def accept(self, numbers: list[int]) -> None:
        fresh = {one for one in numbers if one not in self.open and one not in self.done}
        with self.database.unit(write=True) as uow:
            found = uow.inbox.accept(BOT, [(one, f"said {one}") for one in numbers], self.now)
        assert sorted(found) == sorted(fresh)
        self.open.update(dict.fromkeys(fresh))

    @rule(number=numbers)
    def handle(self, number: int) -> None:
        try:
            with self.database.unit(write=True) as uow:
                assert uow.inbox.reply(BOT, number) == self.open.get(number)
                uow.inbox.keep_reply(BOT, number, f"answer {number}")
        except AlreadyHandled:
            assert self.open.get(number, "nothing to handle") is not None
        else:
            assert self.open[number] is None
            self.open[number] = f"answer {number}"

    @rule(numbers=lists)
    def finish(self, numbers: list[int]) -> None:
        with self.database.unit(write=True) as uow:
            uow.inbox.finish(BOT, numbers, self.now)
        for one in numbers:
            if one in self.open or one in self.done:
                self.open.pop(one, None)
                self.done[one] = self.now

    @rule(seconds=st.integers(0, 60))
    def forget(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        old = {one for one, at in self.done.items() if at != self.now}
        with self.database.unit(write=True) as uow:
            assert uow.inbox.forget_before(self.now) == len(old)
        self.done = {one: at for one, at in self.done.items() if one not in old}

    @rule()
    def look(self) -> None:
        with self.database.unit() as uow:
            assert uow.inbox.waiting(BOT) == [(one, f"said {one}") for one in sorted(self.open)]
            assert uow.inbox.depth() == len(self.open)


def test_any_order_of_taking_in_and_finishing_keeps_each_event_once(database: Database) -> None:
    Keeping.database = database
    run_state_machine_as_test(
        Keeping,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
