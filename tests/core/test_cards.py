"""Cards in places: which are kept in step, how often each is shown anew, and what stays on it."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.invocation import MessageRef, Origin
from bot.chat.reply import Reply
from bot.chat.text import plain
from tests.core.hall import words
from tests.core.town import Message, Town, member

ANA, BEN = member("Ana", "discord"), member("Ben", "telegram")
CLEO, DAN = member("Cleo", "discord"), member("Dan", "telegram")
WHEN = "2026-12-10 19:00"


async def press(town: Town, message: Message, answer: str) -> Reply:
    """By somebody on that platform, on this very message."""
    actor = CLEO if message.place.platform == "discord" else DAN
    pressed = MessageRef(message.place, message.number)
    return await town.call(
        actor,
        "rsvp",
        origin=Origin.BUTTON,
        place=message.place,
        values=(answer, "1"),
        message=pressed,
    )


def posts(town: Town, said: str) -> list[Message]:
    """What stands in the places on both platforms and says this."""
    here = [one for at in town.platforms.values() for one in at.here()]
    return [one for one in here if said in plain(one.reply.text)]


async def test_notices_keep_their_words_when_they_are_pressed(town: Town) -> None:
    await town.schedule(WHEN, capacity="1")
    await town.tap(BEN, "going")
    await town.tap(ANA, "going")
    await town.alter(1, "place", "Room 4")
    await town.press(town.organiser, "tell", "1")
    await town.passing(minutes=11)
    await town.tap(BEN, "no")
    await town.until(town.session().starts_at - timedelta(hours=23))
    for said in ("Changed", "A seat is free now", "It begins"):
        for notice in posts(town, said):
            before = plain(notice.reply.text)
            await press(town, notice, "maybe")
            await town.passing(seconds=10)
            assert plain(notice.reply.text) == before
        assert posts(town, said)


async def test_of_the_cards_in_a_place_the_newest_of_each_sort_is_kept_in_step(
    town: Town,
) -> None:
    await town.schedule("2026-12-20 19:00")
    await town.until(town.session().starts_at - timedelta(days=3))
    await town.alter(1, "when", "2026-12-30 19:00")
    await town.until(town.session().starts_at - timedelta(days=2))
    first, second = (one for one in town.discord.here() if "Will you come?" in one.words)
    shown = await town.type(CLEO, "session")
    asked = [await town.discord.send(town.place(CLEO), shown, str(key)) for key in range(2)]
    for one in asked:
        await press(town, town.discord.messages[one.message_id], "maybe")
        await town.passing(seconds=10)
    before = {one.number: one.edits for one in town.discord.here()}
    await town.tap(ANA, "going")
    await town.passing(seconds=10)
    edited = {one.number for one in town.discord.here() if one.edits > before[one.number]}
    assert edited == {town.card("discord").number, second.number, asked[1].message_id}
    # An older one that somebody uses is the one that is kept in step from then on.
    await press(town, first, "maybe")
    await town.passing(seconds=10)
    assert "1 going, 1 maybe" in first.words
    assert first.words.startswith("Will you come?")


async def test_a_card_that_shows_the_same_already_is_left_alone(town: Town) -> None:
    await town.schedule(WHEN)
    await town.passing(seconds=30)
    assert [town.card(name).edits for name in town.platforms] == [0, 0]
    await town.tap(ANA, "going")
    await town.tap(ANA, "no")
    await town.tap(ANA, "going")
    await town.passing(seconds=30)
    await town.alter(1, "guests", "1")
    await town.passing(seconds=30)
    assert [town.card(name).edits for name in town.platforms] == [1, 1]


async def test_nobody_sees_a_cancellation_as_long_as_it_can_be_undone_unnoticed(
    town: Town,
) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await town.passing(seconds=50)
    assert "Cancelled" not in town.card("discord").words
    assert "1 going" in town.card("telegram").words
    assert not town.discord.calendar.cancelled
    for asked, rest in (("session", ""), ("sessions", ""), ("session", "WPRC-006"), ("start", "")):
        seen = words(await town.type(BEN, asked, rest))
        assert "ession 1" in seen or "The next session is on" in seen
        assert "ancelled" not in seen
    assert "Press again in a minute" in words(await town.tap(BEN, "going"))
    edits = town.card("discord").edits
    await town.press(town.organiser, "uncancel", "1")
    await town.passing(minutes=5)
    assert "you are going" in words(await town.tap(BEN, "going"))
    assert town.card("discord").edits == edits
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await town.passing(minutes=2)
    assert "Cancelled" in town.card("discord").words
    assert "This session is cancelled" in words(await town.tap(BEN, "no"))
    assert town.discord.calendar.cancelled == set(town.discord.calendar.entries)


async def test_an_answer_takes_the_place_of_the_question_in_a_private_chat(town: Town) -> None:
    await town.schedule(WHEN, guests="1")
    await town.press(DAN, "notify", "1")
    await town.until(town.session().starts_at - timedelta(days=3))
    (nudge,) = town.telegram.private(DAN.account_id)
    answered = await press(town, nudge, "going")
    assert answered.card is not None
    assert "You have not said yet" not in words(answered)
    assert "you are going" in words(answered)
    assert "I bring 1" in words(answered)
