"""Giving, publishing, withdrawing, hiding, linking, leaving and forgetting, in any order.

A plain model says after each step who may read what; every way of reading is tried.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.archive import read_page
from bot.chat.invocation import Actor
from bot.core.opinions import _MOST_IN_HOUR
from storage.database import Database
from tests.core.hall import CODE, Hall, key_of, values_of, words

T = TypeVar("T")
NAMES = ("Ana", "Bo", "Cid")
STRANGER = Actor("telegram", "999", "Stranger")
CHOICES = ("named", "nameless", "members", "private")
people = st.sampled_from(
    [(platform, name) for platform in ("discord", "telegram") for name in NAMES]
)


@dataclass
class Said:
    """An opinion in the model."""

    token: str
    author: tuple[str, str] | None
    visibility: str
    is_hidden: bool = False
    is_printed: bool = False

    @property
    def is_public(self) -> bool:
        return self.visibility in ("named", "nameless") and not self.is_hidden


@dataclass
class Model:
    said: dict[str, Said] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)
    left: set[tuple[str, str]] = field(default_factory=set)

    def owns(self, account: tuple[str, str], one: Said) -> bool:
        if one.author is None:
            return False
        return account == one.author or (account[1] == one.author[1] and account[1] in self.linked)

    def accounts(self, account: tuple[str, str]) -> set[tuple[str, str]]:
        name = account[1]
        if name in self.linked:
            return {("discord", name), ("telegram", name)}
        return {account}

    def shown_name(self, account: tuple[str, str]) -> str:
        """The name of the account that gave the code stays."""
        platform, name = account
        return name if platform == "discord" or name in self.linked else f"Tele {name}"


class Opinions(RuleBasedStateMachine):
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copyfile(self.template, self.folder / "club.sqlite")
        self.loop = asyncio.new_event_loop()
        self.database = Database(f"sqlite:///{self.folder / 'club.sqlite'}")
        self.hall = Hall(self.database, self.folder)
        self.loop.run_until_complete(self.hall.open())
        self.model = Model()
        self.count = 0
        for account in [(platform, name) for platform in ("discord", "telegram") for name in NAMES]:
            self.do(self.hall.type(self.actor(account), "profile"))

    def teardown(self) -> None:
        self.loop.run_until_complete(self.hall.close())
        self.loop.close()
        self.database.close()
        shutil.rmtree(self.folder)

    def do(self, work: Coroutine[object, object, T]) -> T:
        return self.loop.run_until_complete(work)

    def actor(self, account: tuple[str, str]) -> Actor:
        platform, name = account
        return Actor(platform, name.lower(), name if platform == "discord" else f"Tele {name}")

    def is_away(self, account: tuple[str, str]) -> bool:
        return account in self.model.left

    def some(self, number: int) -> str:
        return sorted(self.model.said)[number % len(self.model.said)]

    @precondition(lambda self: self.count < _MOST_IN_HOUR)
    @rule(account=people, choice=st.sampled_from((*CHOICES, "unanswered")), pages=st.booleans())
    def give(self, account: tuple[str, str], choice: str, pages: bool) -> None:
        self.count += 1
        token = f"tok{self.count}x"
        where = "p. 5 " if pages else ""
        reply = self.do(
            self.hall.type(self.actor(account), "opinion", f"{CODE} {where}It is {token}.")
        )
        if self.is_away(account):
            assert "You have left" in words(reply)
            return
        key = key_of(reply)
        if choice != "unanswered":
            self.do(self.hall.press(self.actor(account), "consent", key, choice))
        visibility = "private" if choice == "unanswered" else choice
        self.model.said[key] = Said(token, account, visibility)

    @precondition(lambda self: self.model.said)
    @rule(account=people, number=st.integers(0, 99), choice=st.sampled_from(CHOICES))
    def choose(self, account: tuple[str, str], number: int, choice: str) -> None:
        key = self.some(number)
        one = self.model.said[key]
        self.do(self.hall.press(self.actor(account), "consent", key, choice))
        if self.model.owns(account, one):
            one.visibility = choice

    @precondition(lambda self: self.model.said)
    @rule(account=people, number=st.integers(0, 99))
    def reword(self, account: tuple[str, str], number: int) -> None:
        key = self.some(number)
        one = self.model.said[key]
        self.count += 1
        token = f"tok{self.count}x"
        answers = {"text": f"It is {token} now."}
        self.do(self.hall.fill_in(self.actor(account), "reword", (key,), answers))
        if self.model.owns(account, one):
            one.token, one.is_printed = token, False

    @precondition(lambda self: self.model.said)
    @rule(account=people, number=st.integers(0, 99))
    def withdraw(self, account: tuple[str, str], number: int) -> None:
        key = self.some(number)
        self.do(self.hall.press(self.actor(account), "withdraw", key, "yes"))
        if self.model.owns(account, self.model.said[key]):
            del self.model.said[key]

    @precondition(lambda self: self.model.said)
    @rule(number=st.integers(0, 99), is_hidden=st.booleans())
    def hide(self, number: int, is_hidden: bool) -> None:
        key = self.some(number)
        one = self.model.said[key]
        name = "hide" if is_hidden else "unhide"
        values = (key, "Off the point") if is_hidden else (key,)
        self.do(self.hall.press(self.hall.organiser, name, *values))
        if is_hidden and one.is_public:
            one.is_hidden = True
        elif not is_hidden:
            one.is_hidden = False

    @rule()
    def publish_digest(self) -> None:
        self.do(self.hall.press(self.hall.organiser, "print", CODE))

    @rule(name=st.sampled_from(NAMES))
    def link(self, name: str) -> None:
        giver, taker = ("discord", name), ("telegram", name)
        told = words(self.do(self.hall.type(self.actor(giver), "link", private=True)))
        code = re.search(r"/link (\S+)", told)
        if code is None:
            assert self.is_away(giver)
            return
        reply = self.do(self.hall.type(self.actor(taker), "link", code[1], private=True))
        numbers = values_of(reply, "linked")
        if not numbers:
            assert self.is_away(taker) or name in self.model.linked
            return
        number = numbers[0][0]
        self.do(
            self.hall.press(
                self.actor(("telegram", NAMES[NAMES.index(name) - 1])), "linked", number, "yes"
            )
        )
        self.do(self.hall.press(self.actor(taker), "linked", number, "yes", private=True))
        self.do(self.hall.press(self.actor(giver), "linked", number, "yes", private=True))
        self.model.linked.add(name)

    @rule(account=people)
    def unlink(self, account: tuple[str, str]) -> None:
        self.do(self.hall.press(self.actor(account), "unlink", "telegram", "yes"))
        if not self.is_away(account):
            self.model.linked.discard(account[1])

    @rule(account=people)
    def leave(self, account: tuple[str, str]) -> None:
        self.do(self.hall.press(self.actor(account), "quit", "yes"))
        self.model.left |= self.model.accounts(account)

    @rule(account=people)
    def come_back(self, account: tuple[str, str]) -> None:
        self.do(self.hall.press(self.actor(account), "rejoin"))
        self.model.left -= self.model.accounts(account)

    @rule(account=people, keep=st.sampled_from(("withdraw", "nameless")))
    def forget(self, account: tuple[str, str], keep: str) -> None:
        self.do(self.hall.press(self.actor(account), "forget", keep, "yes"))
        for key, one in list(self.model.said.items()):
            if not self.model.owns(account, one):
                continue
            is_kept = keep == "nameless" and one.visibility in ("named", "nameless")
            if is_kept:
                one.author, one.visibility = None, "nameless"
            else:
                del self.model.said[key]
        self.model.left -= self.model.accounts(account)
        self.model.linked.discard(account[1])
        for known in (("discord", account[1]), ("telegram", account[1])):
            self.do(self.hall.type(self.actor(known), "profile"))

    @invariant()
    def everybody_reads_what_is_public_and_nothing_else(self) -> None:
        seen = words(self.do(self.hall.type(STRANGER, "opinions", CODE)))
        for one in self.model.said.values():
            assert (f"It is {one.token}" in seen) == one.is_public, (one, seen)
            if one.is_public:
                (line,) = (line for line in seen.split("\n") if one.token in line)
                name = self.model.shown_name(one.author) if one.author else ""
                assert (" — " in line) == (one.visibility == "named"), line
                assert one.visibility != "named" or name in line, (name, line)
        public = {one.token for one in self.model.said.values() if one.is_public}
        assert set(re.findall(r"tok\d+x", seen)) == public

    @invariant()
    def no_way_of_reading_shows_more(self) -> None:
        public = {one.token for one in self.model.said.values() if one.is_public}
        ways = [
            self.hall.type(STRANGER, "paper", f"{CODE} all"),
            self.hall.type(STRANGER, "paper", f"{CODE} p5"),
            self.hall.type(STRANGER, "paper", f"{CODE} opinions"),
            self.hall.type(STRANGER, "paper", CODE),
            self.hall.press(STRANGER, "download", CODE),
            self.hall.press(STRANGER, "confidential", CODE),
            self.hall.type(self.hall.organiser, "digest", CODE),
            self.hall.press(self.hall.organiser, "preview", CODE),
            self.hall.type(self.hall.organiser, "members"),
            self.hall.type(self.hall.organiser, "audit"),
            self.hall.type(self.hall.organiser, "deliveries"),
            *(self.hall.press(self.hall.organiser, "item", key) for key in self.model.said),
            *(self.hall.press(STRANGER, "mine", key) for key in self.model.said),
            self.hall.press(STRANGER, "mydata"),
        ]
        hidden = {
            one.token
            for one in self.model.said.values()
            if one.is_hidden and one.visibility in ("named", "nameless")
        }
        for number, way in enumerate(ways):
            shown = set(re.findall(r"tok\d+x", words(self.do(way))))
            allowed = public | (hidden if 11 <= number < 11 + len(self.model.said) else set())
            assert shown <= allowed, (number, shown - allowed)

    @invariant()
    def the_search_finds_what_is_public_alone(self) -> None:
        with self.database.unit(self.hall.club_id) as uow:
            known = {
                word for word in uow.search.words_between(4, 12) if re.fullmatch(r"tok\d+x", word)
            }
        assert known == {one.token for one in self.model.said.values() if one.is_public}

    @invariant()
    def members_read_what_is_for_them(self) -> None:
        reader = self.hall.organiser
        seen = words(self.do(self.hall.press(reader, "confidential", CODE)))
        wanted = {
            one.token
            for one in self.model.said.values()
            if one.visibility == "members" and not one.is_hidden
        }
        assert set(re.findall(r"tok\d+x", seen)) == wanted

    @invariant()
    def the_page_is_read_again_as_it_is(self) -> None:
        page = self.do(self.hall.press(STRANGER, "download", CODE)).files[0]
        record = read_page(page.content).record
        named = {
            name
            for section in record.sections
            for item in section.items
            for name in item.attributed_to
        }
        assert named <= {*NAMES, *(f"Tele {name}" for name in NAMES)}


def test_in_any_order_everybody_sees_what_they_may(sqlite_template: Path) -> None:
    Opinions.template = sqlite_template
    run_state_machine_as_test(
        Opinions,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
