"""What is private stays so: in another club, in the log, in what is kept beside the opinions."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.archive.record import PaperCode, PaperRecord, Section, SectionKind
from bot.chat.invocation import Actor, Invocation, PlaceRef
from bot.core.records import draft_of
from storage.database import Database
from storage.papers import Papers
from tests.conftest import NOW
from tests.core.hall import CODE, Hall, key_of, words

ANA = Actor("discord", "ana", "Ana")
ELSEWHERE = PlaceRef("discord", "c2", server_id="s2")
BOSS = Actor("discord", "boss", "Boss", is_manager=True)


@pytest.fixture
async def hall(database: Database, tmp_path: Path) -> AsyncIterator[Hall]:
    hall = Hall(database, tmp_path)
    record = PaperRecord(
        PaperCode("MLRC", 6),
        "Another paper",
        sections=(Section(SectionKind.SUMMARY, "Summary", "Else."),),
    )
    with database.unit(write=True) as uow:
        other = uow.of_club(uow.clubs.add("MLRC", "Another Club", NOW).id)
        other.papers.save(draft_of(record), NOW)
        other.places.add("discord", "s2")
        person = other.people.add("Boss", "discord", "boss", NOW)
        other.people.set_role(person.id, "organiser")
    await hall.app.__aenter__()
    yield hall
    await hall.close()


async def test_another_club_neither_sees_nor_touches_it(hall: Hall) -> None:
    for choice in ("named", "members", "private"):
        key = key_of(await hall.type(ANA, "opinion", f"{CODE} Unheard {choice} words."))
        await hall.press(ANA, "consent", key, choice)
        for actor in (ANA, BOSS):
            for name in (
                "consent",
                "mine",
                "withdraw",
                "item",
                "hide",
                "reword",
                "follow",
                "shorten",
            ):
                for values in ((key,), (key, "yes"), (key, "named")):
                    reply = await hall.call(actor, name, place=ELSEWHERE, values=values)
                    assert "Unheard" not in words(reply)
        for name, rest in (
            *(("opinions", "MLRC-006"), ("paper", "MLRC-006 all"), ("search", "unheard")),
            *(("digest", "MLRC-006"), ("members", ""), ("audit", ""), ("profile", "")),
            ("opinions", CODE),
        ):
            reply = await hall.call(BOSS, name, place=ELSEWHERE, rest=rest)
            assert "Unheard" not in words(reply).replace("“unheard”", "")
    with hall.database.unit(hall.club_id) as uow:
        (person,) = [one for one in uow.people.everyone() if one.name == "Ana"]
        assert len(uow.opinions.of_person(person.id)) == 3


async def test_a_failure_does_not_write_words_into_the_log(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(self: Papers, code: str) -> None:
        self._connection.execute(
            text("INSERT INTO opinions (text) VALUES (:said)"), {"said": "Unheard words."}
        )

    monkeypatch.setattr(Papers, "refresh", fails)
    caplog.set_level(logging.DEBUG)
    key = key_of(await hall.type(ANA, "opinion", f"{CODE} Unheard words."))
    reply = await hall.press(ANA, "consent", key, "named")
    assert "Something went wrong" in words(reply)
    assert "/consent failed" in caplog.text
    assert "Unheard" not in caplog.text


async def test_no_table_but_its_own_holds_what_is_private(hall: Hall) -> None:
    await hall.type(ANA, "opinion", f"{CODE} Unheard words about things.")
    await hall.say(ANA, f"#{CODE} Unheard words about more things.")
    with hall.database.transaction(write=False) as connection:
        tables = inspect(connection).get_table_names()
        holding = {
            table
            for table in tables
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
            if "nheard" in str(row)
        }
    assert holding == {"opinions", "opinion_revisions"}


async def test_what_is_half_typed_is_completed_with_nothing_private(hall: Hall) -> None:
    key = key_of(await hall.type(ANA, "opinion", f"{CODE} Words."))
    await hall.press(ANA, "newtopic", key, "Unheard topic")
    call = hall.app.desk.complete
    for name, parameter in (("opinion", "topic"), ("opinions", "which"), ("paper", "part")):
        asked = Invocation("c", name, BOSS, hall.place(ANA))
        assert "Unheard" not in str(await call(asked, parameter, "Unh"))
