"""A session is scheduled once; everything else follows by itself, on both platforms."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.errors import Retry
from tests.core.hall import values_of, words
from tests.core.town import BEGIN, Town, member

ANA, BEN = member("Ana", "discord"), member("Ben", "telegram")
CLEO, DAN = member("Cleo", "discord"), member("Dan", "telegram")
WHEN = "2026-12-10 19:00"


async def test_a_session_is_announced_on_both_platforms_and_both_cards_agree(town: Town) -> None:
    await town.schedule(WHEN)
    assert town.card("discord").words == town.card("telegram").words
    said = await town.tap(ANA, "going")
    assert "you are going" in words(said)
    await town.tap(BEN, "maybe")
    await town.passing(seconds=2)
    for platform in ("discord", "telegram"):
        assert "Coming: 1 going, 1 maybe" in town.card(platform).words
        assert "Going: Ana" in town.card(platform).words


async def test_many_taps_are_shown_together_and_the_last_state_arrives(town: Town) -> None:
    await town.schedule(WHEN)
    await town.until(town.now + timedelta(seconds=5))
    before = town.card("telegram").edits
    people = [member(f"P{number}x", "telegram") for number in range(40)]
    for person in people:
        await town.tap(person, "going")
    await town.passing(seconds=1)
    assert town.card("telegram").edits - before == 1
    await town.tap(people[0], "no")
    await town.passing(seconds=10)
    assert "39 going" in town.card("discord").words
    assert "39 going" in town.card("telegram").words


async def test_many_taps_have_the_reminders_looked_at_once(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    tapped = town.now
    for person in (BEN, CLEO, DAN):
        town.now += timedelta(seconds=0.3)
        await town.tap(person, "going")
        with town.database.unit() as uow:
            assert uow.lookout.next_at() == tapped + timedelta(seconds=1)


async def test_a_card_that_could_not_be_shown_is_shown_later(town: Town) -> None:
    await town.schedule(WHEN)
    await town.passing(seconds=5)
    town.telegram.trouble = [Retry(20.0)]
    await town.tap(ANA, "going")
    await town.passing(seconds=5)
    assert "1 going" in town.card("discord").words
    assert "0 going" in town.card("telegram").words
    await town.passing(seconds=30)
    assert "1 going" in town.card("telegram").words


async def test_who_comes_late_waits_and_gets_the_seat_that_becomes_free(town: Town) -> None:
    await town.schedule(WHEN, capacity="2")
    for person in (ANA, BEN):
        await town.tap(person, "going")
    assert "you are the first in line" in words(await town.tap(CLEO, "going"))
    assert "1 before you" in words(await town.tap(DAN, "going"))
    await town.press(CLEO, "notify", "1")
    await town.tap(BEN, "no")
    await town.passing(seconds=5)
    (told,) = town.discord.private(CLEO.account_id)
    assert "A seat is free now" in told.words
    assert "2 of 2 going, 1 waiting for a seat" in town.card("telegram").words
    # She passes it on; he has asked for no private messages, so the place names him.
    await town.tap(CLEO, "no")
    await town.passing(seconds=5)
    assert {DAN.account_id} in [one.mentions for one in town.telegram.here()]
    assert not town.telegram.private(DAN.account_id)


async def test_a_larger_room_takes_in_who_waits_and_a_smaller_one_puts_nobody_out(
    town: Town,
) -> None:
    await town.schedule(WHEN, capacity="1")
    for person in (ANA, BEN, CLEO, DAN):
        await town.tap(person, "going")
    await town.alter(1, "capacity", "3")
    seated = [town.names()[one.person_id] for one in town.answers() if one.seats]
    assert seated == ["Ana", "Ben", "Cleo"]
    await town.alter(1, "capacity", "2")
    assert sum(one.seats for one in town.answers()) == 3
    await town.tap(ANA, "no")
    assert sum(one.seats for one in town.answers()) == 2
    await town.tap(BEN, "no")
    assert [town.names()[one.person_id] for one in town.answers() if one.seats] == ["Cleo", "Dan"]


async def test_guests_take_seats_and_no_more_than_there_are(town: Town) -> None:
    await town.schedule(WHEN, capacity="3", guests="2")
    answer = await town.type(ANA, "rsvp", "going 1 1")
    assert "with 1 more" in words(answer)
    await town.tap(BEN, "going")
    answer = await town.type(BEN, "rsvp", "going 1 1")
    assert "no seat left for your guest" in words(answer)
    answer = await town.type(ANA, "rsvp", "going 1 3")
    assert "at most 2" in words(answer)
    assert [one.seats for one in town.answers()] == [2, 1]


async def test_after_the_deadline_one_can_only_say_no(town: Town) -> None:
    await town.schedule(WHEN, deadline="2 hours")
    await town.tap(ANA, "going")
    await town.until(town.session().starts_at - timedelta(hours=1))
    assert "too late to say yes" in words(await town.tap(BEN, "going"))
    assert "you cannot come" in words(await town.tap(ANA, "no"))


async def test_reminders_go_to_the_right_people_and_nobody_else(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.tap(BEN, "maybe")
    await town.tap(CLEO, "no")
    await town.press(ANA, "notify", "1")
    await town.press(CLEO, "notify", "1")
    await town.press(DAN, "notify", "1")
    start = town.session().starts_at
    await town.until(start - timedelta(days=3))
    # One post in each place names nobody; who has not answered and wants it is nudged in private.
    posts = [one for one in town.discord.here() if "Will you come?" in one.words]
    assert len(posts) == 1
    assert not posts[0].mentions
    (nudge,) = town.telegram.private(DAN.account_id)
    assert "You have not said yet" in nudge.words
    assert not town.discord.private(ANA.account_id)
    await town.until(start - timedelta(days=1))
    (reminder,) = town.discord.private(ANA.account_id)
    assert "It begins" in reminder.words
    named = [one.mentions for one in town.telegram.here() if one.mentions]
    assert named == [{BEN.account_id}]
    assert not town.discord.private(CLEO.account_id)
    assert len(town.telegram.private(DAN.account_id)) == 1
    await town.until(start + timedelta(hours=3))
    assert [one for one in town.discord.here() if "What do you think" in one.words]
    assert len(town.discord.private(ANA.account_id)) == 1


async def test_a_closed_private_chat_falls_back_to_the_place_only_for_who_comes(
    town: Town,
) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    for person in (ANA, CLEO):
        await town.press(person, "notify", "1")
        town.discord.closed.add(person.account_id)
    start = town.session().starts_at
    await town.until(start - timedelta(days=2))
    # Nobody is to see that she has not answered.
    assert not [one for one in town.discord.here() if one.mentions]
    await town.until(start - timedelta(hours=20))
    named = [one.mentions for one in town.discord.here() if one.mentions]
    assert named == [{ANA.account_id}]


async def test_a_move_asks_first_goes_out_as_one_notice_and_asks_again(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.press(ANA, "notify", "1")
    await town.tap(BEN, "maybe")
    moved = await town.alter(1, "when", "2026-12-11 20:00")
    assert "Tell 2 people?" in words(moved)
    await town.press(town.organiser, "tell", "1")
    await town.passing(minutes=5)
    again = await town.alter(1, "place", "Room 4")
    assert "notice that is on its way" in words(again)
    await town.passing(minutes=6)
    (notice,) = town.discord.private(ANA.account_id)
    assert "it was" in notice.words
    assert "Room 4" in notice.words
    told = [one for one in town.telegram.here() if "Changed" in one.words]
    assert [one.mentions for one in told] == [{BEN.account_id}]
    assert [one.is_confirmed for one in town.answers()] == [False, False]
    await town.tap(ANA, "going")
    assert [one.is_confirmed for one in town.answers()] == [True, False]
    # Reminders follow the new time, once.
    await town.until(town.session().starts_at - timedelta(hours=23))
    assert len(town.discord.private(ANA.account_id)) == 2


async def test_a_cancellation_is_told_once_and_ends_all_reminders(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.press(ANA, "notify", "1")
    asked = await town.press(town.organiser, "cancel-session", "1")
    assert values_of(asked, "cancel-session") == [("1", "yes")]
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await town.passing(days=30)
    (told,) = town.discord.private(ANA.account_id)
    assert "is cancelled" in told.words
    assert "Cancelled" in town.card("telegram").words
    assert not values_of(town.card("telegram").reply, "rsvp")
    posts = [one for one in town.telegram.here() if one is not town.card("telegram")]
    assert ["is cancelled" in one.words for one in posts] == [True]


async def test_a_mistaken_cancellation_is_undone_before_anybody_hears_of_it(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await town.passing(seconds=30)
    await town.press(town.organiser, "uncancel", "1")
    await town.until(town.session().starts_at - timedelta(hours=23))
    posts = [one.words for one in town.discord.here()]
    assert not [one for one in posts if "is cancelled" in one]
    assert len([one for one in town.discord.here() if one.mentions]) == 1
    assert "1 going" in town.card("discord").words


async def test_who_leaves_gives_up_the_seat_and_hears_nothing_more(town: Town) -> None:
    await town.schedule(WHEN, capacity="1")
    await town.tap(ANA, "going")
    await town.press(ANA, "notify", "1")
    await town.tap(BEN, "going")
    await town.press(ANA, "quit", "yes")
    assert [town.names()[one.person_id] for one in town.answers() if one.seats] == ["Ben"]
    await town.until(BEGIN + timedelta(days=20))
    assert not town.discord.private(ANA.account_id)


async def test_a_repeated_session_goes_on_and_one_of_it_can_be_skipped(town: Town) -> None:
    await town.schedule("2026-12-10 19:00", repeat="weekly")
    shown = words(await town.type(ANA, "sessions"))
    assert shown.count("Session ") >= 3
    await town.press(town.organiser, "cancel-session", "2", "yes")
    await town.until(BEGIN + timedelta(days=45))
    starts = []
    with town.database.unit(town.club_id) as uow:
        starts = [one.local_start for one in uow.sessions.past(town.now, ("scheduled",))]
    assert starts == [
        "2027-01-14T19:00",
        "2027-01-07T19:00",
        "2026-12-31T19:00",
        "2026-12-24T19:00",
        "2026-12-10T19:00",
    ]


async def test_the_servers_calendar_is_kept_in_step(town: Town) -> None:
    await town.schedule(WHEN)
    await town.passing(seconds=5)
    calendar = town.discord.calendar
    (entry,) = calendar.entries.values()
    assert entry.starts_at == town.session().starts_at
    await town.alter(1, "when", "2026-12-12 18:00")
    await town.passing(seconds=10)
    (entry,) = calendar.entries.values()
    assert entry.starts_at == town.session().starts_at
    calendar.people = [ANA.account_id, "stranger"]
    await town.tap(ANA, "no")
    await town.tap(CLEO, "going")
    await town.tap(DAN, "maybe")
    calendar.people.append(CLEO.account_id)
    await town.mirroring.read_interested()
    by_name = {town.names()[one.person_id]: one.answer for one in town.answers()}
    assert by_name == {"Ana": "no", "Cleo": "going", "Dan": "maybe"}
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await town.passing(minutes=2)
    assert calendar.cancelled == set(calendar.entries)


async def test_attendance_is_noted_in_one_tap_and_lists_nobody_as_absent(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.tap(BEN, "maybe")
    await town.until(town.session().starts_at + timedelta(minutes=5))
    card = await town.press(town.organiser, "attendance", "1")
    ana = next(value for value in values_of(card, "attendance"))
    noted = await town.press(town.organiser, "attendance", *ana)
    assert "1 person was there" in words(noted)
    assert "absent" not in words(noted)
    refused = await town.press(BEN, "attendance", *ana)
    assert "noted by the host" in words(refused)
