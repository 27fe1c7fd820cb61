"""A hundred people tap at once for the last seats, before the houses of two processes.

Each has its own connections to one PostgreSQL, or its own handle of one SQLite file.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

from bot.app import App
from bot.chat.invocation import Actor, Invocation, Origin
from bot.chat.reply import Reply
from bot.settings import load_settings
from storage.database import Database
from tests.core.hall import words
from tests.core.town import Town, member

TAPS, SEATS = 100, 7
PEOPLE = [member(f"P{number:03}x", ("discord", "telegram")[number % 2]) for number in range(TAPS)]


@asynccontextmanager
async def two_processes(url: str, folder: Path) -> AsyncIterator[tuple[Town, App]]:
    """The second house stands on a database handle of its own."""
    async with AsyncExitStack() as stack:
        first = stack.enter_context(closing(Database(url)))
        town = Town(first, folder)
        await town.open()
        stack.push_async_callback(town.close)
        second = stack.enter_context(closing(Database(url)))
        settings = load_settings({"WPRC_DATA_DIR": str(folder)}, None)
        yield town, await stack.enter_async_context(App(settings, second, town.app.clock))


async def tap(town: Town, app: App, actor: Actor, number: int, word: str = "going") -> Reply:
    call = Invocation(
        f"tap-{actor.account_id}-{number}-{word}",
        "rsvp",
        actor,
        town.place(actor),
        origin=Origin.BUTTON,
        values=(word, str(number)),
    )
    return await app.desk.dispatch(call)


async def test_exactly_the_seats_are_given_in_order_and_nobody_is_twice(
    database_url: str, tmp_path: Path
) -> None:
    async with two_processes(database_url, tmp_path) as (town, other):
        await town.schedule("2026-12-10 19:00", capacity=str(SEATS))
        houses = (town.app, other)
        # Some tap twice, once before each process: a finger slips, or a platform repeats.
        twice = [*PEOPLE, *PEOPLE[::5]]
        taps = [tap(town, houses[number % 2], person, 1) for number, person in enumerate(twice)]
        said = [words(reply) for reply in await asyncio.gather(*taps)]
        assert not [text for text in said if not re.search("going|waitlist", text)]
        answers = town.answers()
        assert len(answers) == TAPS
        assert sorted(one.number for one in answers) == list(range(1, TAPS + 1))
        assert [one.is_waiting for one in answers] == [False] * SEATS + [True] * (TAPS - SEATS)
        # What each was told is so: a seat, or how many stand before them.
        with town.database.unit(town.club_id) as uow:
            accounts = {
                one.id: one.accounts[0].account_id for one in uow.people.everyone() if one.accounts
            }
        line = {accounts[one.person_id]: place for place, one in enumerate(answers[SEATS:])}
        for person, text in zip(twice, said, strict=True):
            ahead = re.search(r"(\d+) before you|(first in line)", text)
            assert ("you are going" in text) == (person.account_id not in line), text
            if ahead is not None:
                assert int(ahead[1] or 0) == line[person.account_id]
        # Those with seats give them up at once, and the line moves on by as many.
        seated = [one for one in PEOPLE if one.account_id not in line]
        leaving = [tap(town, houses[number % 2], one, 1, "no") for number, one in enumerate(seated)]
        await asyncio.gather(*leaving)
        after = [one for one in town.answers() if one.answer == "going"]
        assert [one.person_id for one in after] == [one.person_id for one in answers[SEATS:]]
        assert [bool(one.seats) for one in after] == [True] * SEATS + [False] * (TAPS - 2 * SEATS)
        told = [int(n) for one in town.deliveries("seat") for n in one.people or ()]
        assert sorted(told) == sorted(one.person_id for one in after[:SEATS])


async def test_taps_on_several_sessions_at_once_wait_for_each_other_and_all_count(
    database_url: str, tmp_path: Path
) -> None:
    """Two processes that gather taps into one commit may lock the sessions in any order."""
    async with two_processes(database_url, tmp_path) as (town, other):
        for day in (10, 11, 12):
            await town.schedule(f"2026-12-{day} 19:00", capacity="5")
        taps = [
            tap(town, (town.app, other)[number % 2], person, session)
            for number, person in enumerate(PEOPLE[:24])
            for session in ((1, 2, 3) if number % 2 else (3, 2, 1))
        ]
        said = [words(reply) for reply in await asyncio.gather(*taps)]
        assert not [text for text in said if not re.search("going|waitlist", text)]
        for session in (1, 2, 3):
            answers = town.answers(session)
            assert len(answers) == 24
            assert sum(one.seats for one in answers) == 5
