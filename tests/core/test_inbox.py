"""What was taken in is handled, once, however often the bot falls over meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.archive.record import PaperCode, PaperRecord
from bot.chat.invocation import Actor, Invocation, Origin, PlaceRef, Update, UpdateRef
from bot.chat.reply import Reply
from bot.chat.text import plain
from storage.database import Database
from tests.conftest import NOW
from tests.house import House, fill, open_house

SOURCE = "telegram:42"
ORGANISER = Actor("telegram", "7", "Ola", is_manager=True)
GROUP = PlaceRef("telegram", "-100500")
UPDATES = [Update(UpdateRef(SOURCE, number), f'{{"update_id":{number}}}') for number in (5, 6, 7)]
REFS = [update.ref for update in UPDATES]


async def test_what_was_stored_and_not_finished_is_there_after_a_restart(
    database: Database, tmp_path: Path
) -> None:
    async with open_house(database, tmp_path) as house:
        assert sorted(await house.app.desk.accept(UPDATES), key=lambda ref: ref.number) == REFS
        house.app.desk.finish(REFS[1])
    async with open_house(database, tmp_path) as house:
        desk = house.app.desk
        assert await desk.recall(SOURCE, 0) == [UPDATES[0], UPDATES[2]]
        assert await desk.recall(SOURCE, 5) == [UPDATES[2]]
        assert await desk.recall("telegram:43", 0) == []


async def test_an_event_that_comes_again_is_not_new(database: Database, tmp_path: Path) -> None:
    async with open_house(database, tmp_path) as house:
        desk = house.app.desk
        await desk.accept(UPDATES[:2])
        desk.finish(REFS[0])
    async with open_house(database, tmp_path) as house:
        assert await house.app.desk.accept(UPDATES) == [REFS[2]]


async def found(house: House, call: Invocation) -> Reply:
    return await house.app.desk.dispatch(call)


async def test_a_call_that_is_made_again_after_a_crash_has_its_effects_once(
    database: Database, tmp_path: Path
) -> None:
    fill(database, [PaperRecord(PaperCode("WPRC", 1), "One")])
    with database.unit(write=True) as uow:
        club = uow.clubs.all()[0]
        uow.of_club(club.id).places.add("telegram", GROUP.chat_id)
    call = Invocation(
        "tg-5", "leave", ORGANISER, GROUP, Origin.BUTTON, values=("yes",), update=REFS[0]
    )
    async with open_house(database, tmp_path) as house:
        await house.app.desk.accept(UPDATES)
        first = await found(house, call)
        # Nothing was finished: the process was killed while it answered.
    async with open_house(database, tmp_path) as house:
        second = await found(house, call)
        other = await found(house, replace(call, update=REFS[1]))
    assert "has left" in plain(first.text)
    assert second == first
    assert "belongs to no club" in plain(other.text)


async def test_a_call_that_was_refused_changes_nothing_and_may_be_made_again(
    database: Database, tmp_path: Path
) -> None:
    fill(database, [PaperRecord(PaperCode("WPRC", 1), "One")])
    call = Invocation(
        "tg-5", "leave", ORGANISER, GROUP, Origin.BUTTON, values=("yes",), update=REFS[0]
    )
    async with open_house(database, tmp_path) as house:
        await house.app.desk.accept(UPDATES)
        assert "belongs to no club" in plain((await found(house, call)).text)
        assert "belongs to no club" in plain((await found(house, call)).text)


async def test_what_is_finished_keeps_nothing_of_what_was_said(
    database: Database, tmp_path: Path
) -> None:
    async with open_house(database, tmp_path) as house:
        await house.app.desk.accept([Update(REFS[0], '{"text":"between us"}')])
        house.app.desk.finish(REFS[0])
    with database.transaction(write=False) as connection:
        rows = connection.exec_driver_sql("SELECT payload, reply FROM inbox").all()
    assert [tuple(row) for row in rows] == [(None, None)]


async def test_a_call_that_another_has_finished_has_no_effects_and_no_second_answer(
    database: Database, tmp_path: Path
) -> None:
    fill(database, [PaperRecord(PaperCode("WPRC", 1), "One")])
    with database.unit(write=True) as uow:
        club = uow.clubs.all()[0]
        uow = uow.of_club(club.id)
        place = uow.places.add("telegram", GROUP.chat_id)
        uow.places.assign(place.id, "announcements", GROUP.chat_id, None)
        ola = uow.people.add("Ola", "telegram", ORGANISER.account_id, NOW)
        uow.people.set_role(ola.id, "organiser")
    call = Invocation(
        "tg-5", "announce", ORGANISER, GROUP, Origin.BUTTON, values=("Hello",), update=REFS[0]
    )
    async with open_house(database, tmp_path) as house:
        await house.app.desk.accept(UPDATES)
        assert (await found(house, call)).card is not None
        house.app.desk.finish(REFS[0])
    async with open_house(database, tmp_path) as house:
        assert await found(house, call) == Reply()
    with database.transaction(write=False) as connection:
        drafts = connection.exec_driver_sql("SELECT count(*) FROM announcements").scalar()
    assert drafts == 1
