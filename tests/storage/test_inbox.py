"""The inbox keeps what came until it is finished, and each event once."""

from __future__ import annotations

from datetime import timedelta

from storage.database import Database
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
