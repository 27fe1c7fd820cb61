"""The one door: what is forged, stale or nonsense is answered like everything else."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive.record import Item, PaperCode, PaperRecord, Section, SectionKind
from bot.chat.actions import decode
from bot.chat.invocation import Actor, Invocation, Origin, PlaceRef
from bot.chat.reply import Reply
from bot.chat.text import plain
from storage.database import Database
from tests.house import House, fill, open_house

ANA = Actor("console", "member:ana", "Ana")
COMMANDS = ("paper", "papers", "search", "help", "start", "k", "download")
PLACE = PlaceRef("console", "console", is_private=True)
RECORDS = [
    PaperRecord(
        PaperCode("WPRC", number),
        title,
        sections=(
            Section(SectionKind.SUMMARY, "Summary", "Deepfakes are cheap."),
            Section(SectionKind.NOTES, "Notes", "", (), (Item("A smart contract is a program."),)),
        ),
    )
    for number, title in ((1, "One Thing"), (2, "Another Thing"))
]


async def press(house: House, code: str) -> Reply:
    pressed = decode(code)
    assert pressed is not None
    call = Invocation("1", pressed.command, ANA, PLACE, Origin.BUTTON, values=pressed.values)
    return await house.app.desk.dispatch(call)


FORGED = ["k", "k_zzzzzz", "k_zzzzzzzzzzzz", "k_0", "k_a-b", "nope_1", "here_x"]


@pytest.mark.parametrize("code", FORGED)
async def test_a_forged_button_is_told_so(database: Database, tmp_path: Path, code: str) -> None:
    fill(database, RECORDS)
    async with open_house(database, tmp_path) as house:
        said = plain((await press(house, code)).text)
    assert said
    assert "Something went wrong" not in said


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_text_breaks_a_command(sqlite_template: Path, data: st.DataObject) -> None:
    command = data.draw(st.sampled_from(COMMANDS))
    rest = data.draw(st.text(max_size=60))
    page = data.draw(st.integers(-5, 10**9))

    async def ask(folder: Path) -> str:
        shutil.copyfile(sqlite_template, folder / "club.sqlite")
        with closing(Database(f"sqlite:///{folder / 'club.sqlite'}")) as database:
            fill(database, RECORDS)
            async with open_house(database, folder) as house:
                call = Invocation("1", command, ANA, PLACE, rest=rest, page=max(1, page))
                return plain((await house.app.desk.dispatch(call)).text)

    with tempfile.TemporaryDirectory() as folder:
        assert "Something went wrong" not in asyncio.run(ask(Path(folder)))


async def test_reading_writes_nothing(database: Database, tmp_path: Path) -> None:
    fill(database, RECORDS)
    async with open_house(database, tmp_path) as house:
        for line in ("/search smart contract", "/search smart contract", "/paper no such thing"):
            await house.say(line)
        with database.unit(1) as uow:
            assert uow.actions.by_id(1) is None


async def test_a_number_that_is_no_paper_is_no_page_of_another(
    database: Database, tmp_path: Path
) -> None:
    fill(database, RECORDS)
    async with open_house(database, tmp_path) as house:
        assert "There is no paper 11 here" in await house.say("/paper 11")
        assert "WPRC-002" in await house.say("/paper notes")


async def test_a_singular_finds_the_plural(database: Database, tmp_path: Path) -> None:
    fill(database, RECORDS)
    async with open_house(database, tmp_path) as house:
        assert "2 places in 2 papers" in await house.say("/search deepfake")
        assert "2 places in 2 papers" in await house.say("/search contracts")


async def test_a_handler_that_breaks_is_told_with_a_number(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fill(database, RECORDS)
    async with open_house(database, tmp_path) as house:
        call = Invocation("call-7", "newpaper", replace(ANA, account_id="organiser"), PLACE)
        await house.say("/help")
        # A value that no platform can give, since only a defect reaches the error boundary.
        broken = replace(call, arguments={"file": object()})  # type: ignore[dict-item]
        said = plain((await house.app.desk.dispatch(broken)).text)
    assert "call-7" in said
    assert any(record.exc_info for record in caplog.records)


async def test_a_file_that_is_not_there_makes_no_paper(database: Database, tmp_path: Path) -> None:
    fill(database, RECORDS)
    async with open_house(database, tmp_path) as house:
        for line in ("/newpaper @nofile.txt", "/newpaper @my page.txt", "/newpaper New @gone.md"):
            assert "cannot be read" in await house.say(line)
        assert len(house.app.snapshots.default().papers) == 2  # type: ignore[union-attr]
