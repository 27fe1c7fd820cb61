"""What members answer and organisers change, and in which words each hears of the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.adapter import Sight
from bot.chat.invocation import PlaceRef
from bot.chat.text import Link
from bot.core.sessions.preparing import DETAILS
from storage.session_rows import PROPOSED
from tests.core.hall import HOMES, values_of, words
from tests.core.town import Town, member

ANA, BEN = member("Ana", "discord"), member("Ben", "telegram")
CLEO, DAN = member("Cleo", "discord"), member("Dan", "telegram")
WHEN = "2026-12-10 19:00"
_LABEL = 45
"""So long may the label of a form's field be on Discord, which shows its bare name otherwise."""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("yes", "going"), ("Y", "going"), ("can’t", "no"), ("perhaps", "maybe"), ("no 1", "no")],
)
async def test_an_answer_is_understood_as_people_write_it(
    town: Town, typed: str, meant: str
) -> None:
    await town.schedule(WHEN)
    await town.type(BEN, "rsvp", typed)
    assert [one.answer for one in town.answers()] == [meant]


async def test_who_says_only_that_they_answer_is_asked_what_by_buttons(town: Town) -> None:
    await town.schedule(WHEN)
    asked = await town.type(BEN, "rsvp")
    assert asked.ask is None
    assert "Will you come?" in words(asked)
    assert values_of(asked, "rsvp") == [("going", "1"), ("maybe", "1"), ("no", "1")]
    assert not town.answers()


async def test_a_paper_means_its_next_session_and_rather_one_that_is_sure(town: Town) -> None:
    await town.type(town.organiser, "schedule", "6 2026-12-05 19:00")
    with town.database.unit(town.club_id, write=True) as uow:
        uow.sessions.set(town.session(1), state=PROPOSED)
    for when in ("2026-12-20 19:00", "2026-12-12 19:00"):
        await town.schedule(when)
    assert "Session 3 " in words(await town.type(ANA, "session", "WPRC-006"))


async def test_fewer_seats_than_people_are_said_to_the_organiser_and_on_the_card(
    town: Town,
) -> None:
    await town.schedule(WHEN, capacity="3")
    for person in (ANA, BEN, CLEO):
        await town.tap(person, "going")
    said = words(await town.alter(1, "capacity", "1"))
    assert "3 are going, 2 more than there are seats: they keep their seats" in said
    await town.passing(seconds=10)
    assert "Coming: 3 going (1 seat), 0 maybe" in town.card("telegram").words


async def test_a_notice_names_all_that_has_changed(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(BEN, "going")
    changes = {"place": "Room 4", "link": "https://meet.test/x", "length": "2 hours"}
    await town.alter(1, "when", "2026-12-11 20:00")
    for name, value in (changes | {"title": "Open evening", "host": "none"}).items():
        changed = await town.alter(1, name, value)
    assert words(changed).index("Tell 1 person") < words(changed).index("Show the session")
    await town.press(town.organiser, "tell", "1")
    await town.passing(minutes=11)
    (told,) = (one.words for one in town.telegram.here() if "Changed" in one.words)
    said = told.split("\n")[0]
    for what in (
        "It is on 2026-12-11 20:00 UTC now (it was 2026-12-10 19:00 UTC)",
        "Where: Room 4; Join here.",
        "Open evening",
        "It lasts 2 h now.",
        "Nobody hosts it for now.",
        "Please say again whether you come.",
    ):
        assert what in said
    # What was told is not told again.
    await town.alter(1, "place", "Room 5")
    await town.press(town.organiser, "tell", "1")
    await town.passing(minutes=11)
    last = [one.words for one in town.telegram.here() if "Changed" in one.words][-1]
    assert last.startswith("Ben Changed: Where: Room 5; Join here.\n")


async def test_who_hears_later_hears_of_what_others_were_told_before(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.press(ANA, "notify", "1")
    await town.press(ANA, "remindme", "quiet", "9:00-12:00")
    await town.alter(1, "when", "2026-12-11 20:00")
    await town.press(town.organiser, "tell", "1")
    await town.passing(minutes=11)
    await town.alter(1, "place", "Room 4")
    await town.passing(hours=4)
    (told,) = (one.words for one in town.discord.private(ANA.account_id) if "Changed" in one.words)
    assert "it was 2026-12-10 19:00 UTC" in told
    assert "Where: Room 4." in told


async def test_a_calendar_file_has_the_address_to_join(town: Town) -> None:
    await town.schedule(WHEN, link="https://meet.test/x")
    file = words(await town.press(ANA, "calendar", "1"))
    assert "LOCATION:https://meet.test/x" in file


async def test_a_voice_channel_is_given_by_its_link_and_can_be_opened_from_the_card(
    town: Town,
) -> None:
    await town.schedule(WHEN)
    refused = words(await town.alter(1, "voice", "#lounge"))
    assert "Copy Link" in refused
    link = f"https://discord.com/channels/{HOMES['discord']}/123456789012345678"
    await town.alter(1, "voice", link)
    shown = await town.type(ANA, "session")
    assert shown.card is not None
    (where,) = (field.value for field in shown.card.fields if field.name == "Where")
    assert Link("Voice channel on Discord", link) in where


@pytest.mark.parametrize("name", DETAILS)
def test_each_question_fits_above_its_field(name: str) -> None:
    assert len(DETAILS[name].question) <= _LABEL


async def test_who_gets_a_seat_can_pass_it_on_by_the_button_that_says_so(town: Town) -> None:
    await town.schedule(WHEN, capacity="1")
    for person in (ANA, BEN, DAN):
        await town.tap(person, "going")
    await town.tap(ANA, "no")
    await town.passing(seconds=10)
    (told,) = (one for one in town.telegram.here() if "A seat is free now" in one.words)
    (first, *_) = told.reply.actions
    assert (first.label, first.command, first.values) == ("Pass it on", "rsvp", ("no", "1"))
    await town.press(BEN, first.command, *first.values)
    assert [town.names()[one.person_id] for one in town.answers() if one.seats] == ["Dan"]


async def test_a_place_that_lacks_something_is_named_before_and_after_saving(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(place: PlaceRef) -> Sight:
        return Sight("#club", ("Send Messages",), "Give it in the channel's settings.")

    monkeypatch.setattr(town.app._dispatcher, "_sight", seen)
    drafted = await town.type(town.organiser, "schedule", f"6 {WHEN}")
    saved = await town.press(town.organiser, "save-session", "1")
    for said in (words(drafted), words(saved)):
        assert "In #club on Discord the bot lacks: Send Messages. Give it in the" in said


async def test_counts_read_as_people_say_them(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    asked = words(await town.press(town.organiser, "cancel-session", "1"))
    assert "1 person who said yes or maybe will be told" in asked
    assert "1 of 2 members has not answered" in words(
        await town.type(town.organiser, "reminders", "preview 1")
    )
    await town.until(town.session().starts_at + timedelta(minutes=5))
    assert "0 people were there" in words(await town.press(town.organiser, "attendance", "1"))
