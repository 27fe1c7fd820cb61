"""People who block the bot, groups that move, places that put it out: marked, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.archive.record import PaperCode, PaperRecord
from bot.chat.invocation import Actor, Event, Invocation, Origin, PlaceRef
from bot.chat.reply import Reply
from bot.chat.text import plain
from storage.database import Database
from tests.conftest import NOW
from tests.house import fill, open_house

ANA = Actor("telegram", "7", "Ana")
PRIVATE = PlaceRef("telegram", "7", is_private=True)
GROUP = PlaceRef("telegram", "-500")
TOPIC = PlaceRef("telegram", "-500", thread_id="9")


@pytest.fixture
def club_id(database: Database) -> int:
    fill(database, [PaperRecord(PaperCode("WPRC", 1), "One")])
    with database.unit(write=True) as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        place = uow.places.add("telegram", GROUP.chat_id)
        uow.places.assign(place.id, "announcements", GROUP.chat_id, "9")
        uow.people.add("Ana", "telegram", ANA.account_id, NOW)
        return uow.club_id


async def happen(
    database: Database, folder: Path, event: str, place: PlaceRef, origin: Origin, **given: PlaceRef
) -> Reply:
    async with open_house(database, folder) as house:
        call = Invocation("1", event, ANA, place, origin, arguments=given)
        return await house.app.desk.dispatch(call)


async def test_who_blocks_the_bot_is_marked_until_they_unblock_it(
    database: Database, tmp_path: Path, club_id: int
) -> None:
    def mark() -> object:
        with database.unit(club_id) as uow:
            (person,) = uow.people.everyone()
            return person.accounts[0].unreachable_at

    for _ in range(2):
        await happen(database, tmp_path, Event.BOT_BLOCKED, PRIVATE, Origin.EVENT)
        assert mark() is not None
    await happen(database, tmp_path, Event.BOT_UNBLOCKED, PRIVATE, Origin.EVENT)
    assert mark() is None


async def test_a_group_that_puts_the_bot_out_is_marked_until_it_lets_it_in(
    database: Database, tmp_path: Path, club_id: int
) -> None:
    def mark() -> object:
        with database.unit(club_id) as uow:
            (place,) = uow.places.all()
            return place.gone_at

    await happen(database, tmp_path, Event.BOT_REMOVED, TOPIC, Origin.EVENT)
    assert mark() is not None
    await happen(database, tmp_path, Event.BOT_ADDED, GROUP, Origin.EVENT)
    assert mark() is None


async def test_a_place_that_was_given_up_is_back_when_somebody_does_something_there(
    database: Database, tmp_path: Path, club_id: int
) -> None:
    await happen(database, tmp_path, Event.BOT_REMOVED, GROUP, Origin.EVENT)
    await happen(database, tmp_path, "papers", TOPIC, Origin.TEXT)
    with database.unit(club_id) as uow:
        (place,) = uow.places.all()
    assert place.gone_at is None


async def test_a_group_that_moves_keeps_its_club_and_where_things_go(
    database: Database, tmp_path: Path, club_id: int
) -> None:
    new = PlaceRef("telegram", "-100900")
    for _ in range(2):
        await happen(database, tmp_path, Event.PLACE_MOVED, GROUP, Origin.EVENT, to=new)
    with database.unit(club_id) as uow:
        (place,) = uow.places.all()
    assert (place.chat_id, place.announcements_chat, place.announcements_thread) == (
        new.chat_id,
        new.chat_id,
        "9",
    )
    async with open_house(database, tmp_path) as house:
        catalogue = house.app.snapshots.of_place(new)
    assert catalogue is not None
    assert catalogue.home(new) is not None


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize("origin", [Origin.TEXT, Origin.BUTTON, Origin.LINK, Origin.FORM])
async def test_nobody_can_make_up_what_only_a_platform_can_say(
    database: Database, tmp_path: Path, club_id: int, event: Event, origin: Origin
) -> None:
    reply = await happen(database, tmp_path, event, GROUP, origin)
    assert "There is no command" in plain(reply.text)
    with database.unit(club_id) as uow:
        (place,) = uow.places.all()
    assert (place.chat_id, place.gone_at) == (GROUP.chat_id, None)
