"""Answering, guests, seats, moves, cancellations, leaving, linking and forgetting, in any order.

A plain model keeps who has a seat and who waits for one; after each step the rows, the card and
what each is told agree with it. WPRC_TEST_EXAMPLES multiplies how much is tried.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.chat.invocation import Actor
from bot.chat.reply import Reply
from storage.database import Database
from tests import postgres
from tests.core.hall import values_of, words
from tests.core.room import Room
from tests.core.town import Town

T = TypeVar("T")
MEMORY = Path("/dev/shm")  # noqa: S108
FACTOR = int(os.environ.get("WPRC_TEST_EXAMPLES", "1"))
NAMES = ("Ana", "Bo", "Cid", "Dee")
Account = tuple[str, str]
ACCOUNTS: tuple[Account, ...] = tuple(
    (at, name) for at in ("discord", "telegram") for name in NAMES
)
accounts = st.sampled_from(ACCOUNTS)
one_answer = st.tuples(
    accounts,
    st.sampled_from(("going", "going", "maybe", "no")),
    st.sampled_from((None, None, None, 0, 1, 2)),
)


class Rsvps(RuleBasedStateMachine):
    """The house, and the model beside it."""

    fresh: Callable[[ExitStack, Path], Database]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        # In memory where that is possible: here nothing is about a loss of power.
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.loop = asyncio.new_event_loop()
        self.database = type(self).fresh(self.stack, self.folder)
        self.town = Town(self.database, self.folder)
        self.do(self.town.open())
        self.do(self.town.schedule("2026-12-10 19:00"))
        self.room = Room()
        self.linked: set[str] = set()
        self.left: set[str] = set()
        self.seen: set[int] = set()
        for account in ACCOUNTS:
            self.do(self.town.type(self.actor(account), "profile"))

    def teardown(self) -> None:
        self.do(self.town.close())
        self.loop.close()
        self.database.close()
        self.stack.close()
        shutil.rmtree(self.folder)

    def do(self, work: Coroutine[object, object, T]) -> T:
        # Each step is a little later than the one before.
        if hasattr(self, "town"):
            self.town.now += timedelta(seconds=1)
        return self.loop.run_until_complete(work)

    def actor(self, account: Account) -> Actor:
        platform, name = account
        return Actor(platform, name.lower(), name if platform == "discord" else f"Tele {name}")

    def human(self, account: Account) -> str:
        """The one whom the club knows by this account."""
        platform, name = account
        return name if platform == "discord" or name in self.linked else f"Tele {name}"

    def organise(self, name: str, value: str) -> Reply:
        return self.do(self.town.alter(1, name, value))

    @initialize(seats=st.sampled_from(("1", "2", "3", "5")), guests=st.integers(0, 2))
    def begin(self, seats: str, guests: int) -> None:
        self.resize(seats)
        self.allow_guests(guests)

    @rule(said=st.lists(one_answer, min_size=1, max_size=10))
    def several_answer(self, said: list[tuple[Account, str, int | None]]) -> None:
        for account, word, guests in said:
            self.answer(account, word, guests)

    @rule(said=one_answer)
    def one_answers(self, said: tuple[Account, str, int | None]) -> None:
        self.answer(*said)

    def answer(self, account: Account, word: str, guests: int | None) -> None:
        name = self.human(account)
        more = () if guests is None else (str(guests),)
        said = words(self.do(self.town.press(self.actor(account), "rsvp", word, "1", *more)))
        if name in self.left:
            assert "You have left" in said
            return
        is_taken = self.room.say(name, word, guests)
        one = self.room.answers.get(name)
        if not is_taken:
            assert re.search("is cancelled|you may bring|no seat left", said), said
        elif one is not None and one.is_waiting:
            ahead = self.room.line().index(name)
            assert (f"{ahead} before you" if ahead else "first in line") in said, said
        else:
            heard = {"going": "you are going", "maybe": "maybe.", "no": "you cannot come"}[word]
            assert heard in said, said

    @rule(seats=st.sampled_from(("none", "1", "2", "3", "5")))
    def resize(self, seats: str) -> None:
        self.organise("capacity", seats)
        if not self.room.is_cancelled:
            self.room.capacity = None if seats == "none" else int(seats)
            self.room.serve()

    @rule(guests=st.sampled_from((0, 1, 2)))
    def allow_guests(self, guests: int) -> None:
        self.organise("guests", str(guests))
        if not self.room.is_cancelled:
            self.room.guests = guests

    @rule(day=st.integers(10, 28))
    def move(self, day: int) -> None:
        before = self.town.session().local_start
        self.organise("when", f"2026-12-{day} 19:00")
        if self.room.is_cancelled or before == f"2026-12-{day}T19:00":
            return
        for one in self.room.answers.values():
            one.is_confirmed = one.word == "no"

    @rule(is_cancelled=st.booleans())
    def cancel(self, is_cancelled: bool) -> None:
        values = ("cancel-session", "1", "yes") if is_cancelled else ("uncancel", "1")
        self.do(self.town.press(self.town.organiser, *values))
        self.room.is_cancelled = is_cancelled

    @rule(account=accounts)
    def leave(self, account: Account) -> None:
        self.do(self.town.press(self.actor(account), "quit", "yes"))
        if self.human(account) not in self.left:
            self.left.add(self.human(account))
            self.room.leave(self.human(account))

    @rule(account=accounts)
    def come_back(self, account: Account) -> None:
        self.do(self.town.press(self.actor(account), "rejoin"))
        self.left.discard(self.human(account))

    @rule(account=accounts)
    def forget(self, account: Account) -> None:
        self.do(self.town.press(self.actor(account), "forget", "withdraw", "yes"))
        self.room.leave(self.human(account))
        self.left.discard(self.human(account))
        self.linked.discard(account[1])
        for known in ACCOUNTS:
            self.do(self.town.type(self.actor(known), "profile"))

    @rule(name=st.sampled_from(NAMES))
    def link(self, name: str) -> None:
        giver, taker = self.actor(("discord", name)), self.actor(("telegram", name))
        told = words(self.do(self.town.type(giver, "link", private=True)))
        code = re.search(r"/link (\S+)", told)
        if code is None:
            return
        asked = self.do(self.town.type(taker, "link", code[1], private=True))
        for number, *_rest in values_of(asked, "linked")[:1]:
            self.do(self.town.press(taker, "linked", number, "yes", private=True))
            self.do(self.town.press(giver, "linked", number, "yes", private=True))
            self.linked.add(name)
            self.room.join(f"Tele {name}", name)

    @invariant()
    def the_rows_are_as_in_the_model(self) -> None:
        names = self.town.names()
        found = {
            names[one.person_id]: (one.answer, one.guests, one.is_waiting, one.is_confirmed)
            for one in self.town.answers()
        }
        wanted = {
            name: (one.word, one.guests, one.is_waiting, one.is_confirmed)
            for name, one in self.room.answers.items()
        }
        assert found == wanted
        waiting = [names[one.person_id] for one in self.town.answers() if one.is_waiting]
        assert waiting == self.room.line()

    @invariant()
    def the_card_says_the_same(self) -> None:
        room = self.room
        shown = words(self.do(self.town.press(self.town.organiser, "session", "1")))
        count, seats = f"{room.taken()} going", room.capacity
        if seats is not None and room.taken() > seats:
            count += f" ({seats} seat{'' if seats == 1 else 's'})"
        elif seats is not None:
            count = f"{room.taken()} of {seats} going"
        line = f"{len(room.line())} waiting for a seat, " if room.line() else ""
        maybe = sum(one.word == "maybe" for one in room.answers.values())
        assert f"Coming: {count}, {line}{maybe} maybe" in shown
        seated = {name for name, one in room.answers.items() if one.has_seat}
        going = re.search(r"Going: (.*)", shown)
        assert bool(seated) == bool(going)
        assert {name.split()[0] for name in seated} == set(
            re.findall(r"Ana|Bo|Cid|Dee|Tele", going[1] if going else "")
        )

    @invariant()
    def whoever_was_given_a_seat_is_told_once(self) -> None:
        names = self.town.names()
        new = [one for one in self.town.deliveries("seat") if one.id not in self.seen]
        self.seen |= {one.id for one in new}
        told = [names[int(number)] for one in new for number in one.people or (one.person_id or 0,)]
        wanted = [] if self.room.is_cancelled else self.room.told
        assert sorted(told) == sorted(wanted)
        self.room.told = []


def test_in_any_order_seats_and_line_are_as_they_should(
    dialect: str, request: pytest.FixtureRequest
) -> None:
    """Fewer on PostgreSQL, where each example takes a database of its own."""
    template = request.getfixturevalue(
        "sqlite_template" if dialect == "sqlite" else "postgres_template"
    )

    def fresh(stack: ExitStack, folder: Path) -> Database:
        if dialect == "sqlite":
            shutil.copyfile(template, folder / "club.sqlite")
            return Database(f"sqlite:///{folder / 'club.sqlite'}")
        return Database(stack.enter_context(postgres.fresh_database(template)))

    machine = type("Rsvps", (Rsvps,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=(4 if dialect == "sqlite" else 1) * FACTOR,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
