"""What the house remembers for its adapters."""

from __future__ import annotations

from pathlib import Path

from bot.archive.record import PaperCode, PaperRecord
from bot.chat.invocation import Actor, MessageRef, PlaceRef
from bot.chat.reply import Subject
from storage.database import Database
from tests.conftest import NOW
from tests.house import fill, open_house

CHANNEL = PlaceRef("discord", "901", server_id="900")
ABOUT = Subject("paper", "WPRC-001")


async def test_a_post_is_known_at_once_and_after_a_restart(
    database: Database, tmp_path: Path
) -> None:
    fill(database, [PaperRecord(PaperCode("WPRC", 1), "One")])
    message = MessageRef(CHANNEL, "5000")
    async with open_house(database, tmp_path) as house:
        await house.app.desk.posted(message, ABOUT)
        await house.app.desk.posted(message, ABOUT)
        assert await house.app.desk.subject_of(message) == ABOUT
        assert await house.app.desk.subject_of(MessageRef(CHANNEL, "5001")) is None
    async with open_house(database, tmp_path) as house:
        assert await house.app.desk.subject_of(message) == ABOUT


async def test_a_platforms_notes_survive_a_restart(database: Database, tmp_path: Path) -> None:
    async with open_house(database, tmp_path) as house:
        await house.app.desk.save_state("discord", "commands", "abc")
    async with open_house(database, tmp_path) as house:
        assert await house.app.desk.load_state("discord", "commands") == "abc"
        assert await house.app.desk.load_state("discord", "others") is None


async def test_in_private_a_person_is_in_the_one_club_that_knows_them(
    database: Database, tmp_path: Path
) -> None:
    fill(database, [PaperRecord(PaperCode(prefix, 1), "One") for prefix in ("WPRC", "ZKRC")])
    with database.unit(write=True) as uow:
        uow.of_club(uow.clubs.all()[1].id).people.add("Ana", "telegram", "7", NOW)
    ana, bo = Actor("telegram", "7", "Ana"), Actor("telegram", "8", "Bo")
    private = PlaceRef("telegram", "7", is_private=True)
    async with open_house(database, tmp_path) as house:
        found = house.app.snapshots.of_place(private, ana)
        assert found is not None
        assert found.club.prefix == "ZKRC"
        assert house.app.snapshots.of_place(private, bo) is None
        assert house.app.snapshots.of_place(PlaceRef("telegram", "-1"), ana) is None
    async with open_house(database, tmp_path, club="WPRC") as house:
        # `wprc init` names the first club, and members of another one are still in theirs.
        for actor, prefix in ((ana, "ZKRC"), (bo, "WPRC")):
            found = house.app.snapshots.of_place(private, actor)
            assert found is not None
            assert found.club.prefix == prefix
        assert house.app.snapshots.of_place(PlaceRef("telegram", "-1"), ana) is not None
    async with open_house(database, tmp_path, club="NOPE") as house:
        assert house.app.snapshots.of_place(private, ana) is None
