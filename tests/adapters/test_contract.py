"""What every adapter does, asked of each of them by the same suite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.archive.record import Item, PaperCode, PaperRecord, Section, SectionKind
from bot.chat.reply import Action, Block, Card, Field, Reply
from bot.chat.text import Bold, Link
from storage.database import Database
from tests.adapters.contract import Somebody, somebody_on
from tests.house import fill

PLATFORMS = ("console", "discord", "telegram")
HOSTILE = "@everyone <@1> **bold** [here](https://example.org/x) `code` \u202eright to left"
LONG = " ".join(f"Sentence {number} says a little more than nothing." for number in range(400))


def records() -> list[PaperRecord]:
    sections = (
        Section(SectionKind.SUMMARY, "Summary", "What it says, in short."),
        Section(SectionKind.LITE_SUMMARY, "Lite Summary", LONG),
        Section(SectionKind.NOTES, "Notes", "", (), (Item(HOSTILE),)),
    )
    return [
        PaperRecord(PaperCode("WPRC", 1), "Small Worlds", category="Networks", sections=sections),
        PaperRecord(PaperCode("WPRC", 2), "Smaller Worlds"),
    ]


@pytest.fixture(params=PLATFORMS)
async def somebody(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[Somebody]:
    file = tmp_path / "club.sqlite"
    file.write_bytes(sqlite_template.read_bytes())
    with closing(Database(f"sqlite:///{file}")) as database:
        fill(database, records())
        async with somebody_on(request.param, database, tmp_path) as person:
            yield person


async def test_a_card_has_its_title_facts_text_and_buttons(somebody: Somebody) -> None:
    card = await somebody.call("paper", what="1")
    assert "WPRC-001 · Small Worlds" in card.text
    assert "Networks" in card.text
    assert "What it says, in short." in card.text
    assert card.labels == ("Lite summary", "Notes", "Download page", "Give an opinion")


async def test_a_button_is_the_command_and_there_is_a_way_back(somebody: Somebody) -> None:
    card = await somebody.call("paper", what="1")
    notes = await somebody.press("Notes")
    assert "notes" in notes.text
    assert "Back to the card" in notes.labels
    back = await somebody.press("Back to the card")
    assert "What it says, in short." in back.text
    assert set(card.labels) <= set(back.labels)


async def test_a_long_part_is_paged_and_nothing_of_it_is_lost(somebody: Somebody) -> None:
    await somebody.call("paper", what="1")
    page = await somebody.press("Lite summary")
    read = page.text
    for _ in range(20):
        onward = [label for label in page.labels if "Next" in label]
        if not onward:
            break
        page = await somebody.press(onward[0])
        read += page.text
    sentences = [f"Sentence {n} says a little more than nothing." for n in range(400)]
    assert [sentence for sentence in sentences if sentence not in read] == []


async def test_what_is_for_the_asker_alone_says_so(somebody: Somebody) -> None:
    assert (await somebody.call("help")).is_private
    assert not (await somebody.call("paper", what="1")).is_private


async def test_nothing_of_a_pages_text_acts(somebody: Somebody) -> None:
    await somebody.call("paper", what="1")
    notes = await somebody.press("Notes")
    assert "\u202e" not in notes.text
    assert "right to left" in notes.text
    # Whatever the platform needs to make it harmless, the words are all there.
    words = "".join(char for char in notes.text if char.isalnum())
    assert "everyone" in words
    assert "bold" in words
    assert "code" in words


async def test_a_form_asks_for_what_is_missing_and_goes_on(somebody: Somebody) -> None:
    form = await somebody.call("newpaper")
    assert form.questions
    added = await somebody.fill({"title": "Smallest Worlds"})
    assert "WPRC-003" in added.text
    assert "Smallest Worlds" in added.text


async def test_what_is_ambiguous_is_a_choice_of_buttons(somebody: Somebody) -> None:
    choice = await somebody.call("paper", what="worlds")
    assert choice.is_private
    assert len(choice.labels) == 2
    picked = await somebody.press("WPRC-002 · Smaller Worlds")
    assert "WPRC-002" in picked.text


async def test_a_file_arrives_as_it_was(somebody: Somebody) -> None:
    await somebody.call("paper", what="1")
    sent = await somebody.press("Download page")
    assert list(sent.files) == ["WPRC-001.txt"]
    assert b"Small Worlds" in sent.files["WPRC-001.txt"]


async def test_what_is_sent_unasked_arrives_in_its_place(somebody: Somebody) -> None:
    card = Card(
        "News",
        fields=(Field("When", ("soon",)),),
        body=(Block((Bold("Bring"), " a pen. ", Link("Read on", "https://example.org/"))),),
    )
    reply = Reply(card=card, actions=(Action("Small Worlds", "paper", ("WPRC-001",)),))
    message = await somebody.adapter.send(somebody.place, reply, "news-1")
    heard = await somebody.hears()
    assert message.place == somebody.place
    assert message.message_id
    assert "News" in heard.text
    assert "a pen" in heard.text
    assert heard.labels == ("Small Worlds",)
