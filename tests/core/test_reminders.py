"""Plans, wishes and notices about sessions where they meet: each of these went wrong once."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.chat.errors import Retry
from bot.core.sessions.preparing import DETAILS
from tests.core.hall import values_of, words
from tests.core.town import Town, member

ANA, BEN = member("Ana", "discord"), member("Ben", "telegram")
CLEO, DAN = member("Cleo", "discord"), member("Dan", "telegram")
WHEN = "2026-12-10 19:00"


def posts(town: Town, platform: str, said: str) -> int:
    return sum(said in words(one.reply) for one in town.platforms[platform].here())


async def test_a_place_that_was_out_of_reach_hears_of_a_session_that_moved_since(
    town: Town,
) -> None:
    town.telegram.trouble = [Retry(7200.0)] * 3
    await town.schedule(WHEN)
    assert posts(town, "telegram", "meets.") == 0
    await town.alter(1, "when", "2026-12-11 19:00")
    town.telegram.trouble = []
    await town.passing(hours=4)
    assert (posts(town, "discord", "meets."), posts(town, "telegram", "meets.")) == (1, 1)


async def test_a_cancellation_that_is_undone_at_once_leaves_the_announcement_to_come(
    town: Town,
) -> None:
    town.telegram.trouble = [Retry(600.0)]
    await town.schedule(WHEN)
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await town.press(town.organiser, "uncancel", "1")
    await town.passing(hours=1)
    assert (posts(town, "discord", "meets."), posts(town, "telegram", "meets.")) == (1, 1)


async def test_a_seat_is_told_of_although_the_session_moves_meanwhile(town: Town) -> None:
    await town.schedule(WHEN, capacity="1")
    await town.tap(ANA, "going")
    await town.tap(BEN, "going")
    town.telegram.trouble = [Retry(60.0)]
    await town.tap(ANA, "no")
    await town.tick()
    await town.alter(1, "when", "2026-12-11 19:00")
    await town.passing(minutes=5)
    assert {BEN.account_id} in [
        one.mentions for one in town.telegram.here() if "A seat is free" in one.words
    ]


async def test_a_move_that_was_to_be_told_is_told_after_a_cancellation_by_mistake(
    town: Town,
) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.alter(1, "when", "2026-12-11 19:00")
    await town.press(town.organiser, "tell", "1")
    await town.press(town.organiser, "cancel-session", "1", "yes")
    undone = await town.press(town.organiser, "uncancel", "1")
    assert "Tell 1 person?" in words(undone)
    await town.press(town.organiser, "tell", "1")
    await town.passing(minutes=11)
    (notice,) = [one for one in town.discord.here() if "Changed" in one.words]
    assert "it was" in notice.words


async def test_a_cancellation_that_people_heard_of_is_undone_with_a_word(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.alter(1, "when", "2026-12-11 19:00")
    await town.press(town.organiser, "tell", "1")
    await town.passing(minutes=11)
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await town.passing(minutes=2)
    assert posts(town, "discord", "is cancelled") == 1
    undone = await town.press(town.organiser, "uncancel", "1")
    assert "Tell 1 person?" in words(undone)
    await town.press(town.organiser, "tell", "1")
    await town.passing(minutes=11)
    assert posts(town, "discord", "It takes place after all") == 1


async def test_quiet_hours_hold_for_news_and_for_a_free_seat(town: Town) -> None:
    await town.schedule(WHEN, capacity="1")
    await town.tap(ANA, "going")
    await town.tap(BEN, "going")
    await town.press(BEN, "notify", "1")
    await town.press(BEN, "remindme", "quiet", "8:00-12:00")
    await town.tap(ANA, "no")
    await town.passing(minutes=30)
    assert not town.telegram.private(BEN.account_id)
    await town.passing(hours=3)
    (told,) = town.telegram.private(BEN.account_id)
    assert "A seat is free now" in told.words
    assert (told.at.hour, told.at.minute) == (12, 0)


async def test_nobody_gets_more_than_three_private_messages_unasked(town: Town) -> None:
    await town.schedule(WHEN)
    await town.press(ANA, "notify", "1")
    await town.tap(ANA, "going")
    for day in range(11, 16):
        await town.alter(1, "when", f"2026-12-{day} 19:00")
        await town.press(town.organiser, "tell", "1")
        await town.passing(minutes=11)
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await town.passing(days=20)
    assert len(town.discord.private(ANA.account_id)) == 3
    # From then on the place names her.
    cancelled = [one for one in town.discord.here() if "is cancelled" in one.words]
    assert [one.mentions for one in cancelled] == [{ANA.account_id}]


async def test_two_reminders_that_are_both_late_are_one(town: Town) -> None:
    await town.schedule(WHEN)
    await town.press(ANA, "notify", "1")
    await town.press(ANA, "remindme", "kind", "hour-on")
    await town.press(BEN, "remindme", "kind", "hour-on")
    for person in (ANA, BEN):
        await town.tap(person, "going")
    await town.until(town.session().starts_at - timedelta(days=2))
    town.now = town.session().starts_at - timedelta(minutes=30)
    await town.tick()
    assert len(town.discord.private(ANA.account_id)) == 1
    assert [one.mentions for one in town.telegram.here() if one.mentions] == [{BEN.account_id}]


async def test_who_is_named_in_the_place_may_want_it_earlier_and_a_last_call(town: Town) -> None:
    await town.schedule(WHEN)
    await town.press(ANA, "remindme", "kind", "hour-on")
    await town.press(BEN, "remindme", "lead", "2 days")
    for person in (ANA, BEN):
        await town.tap(person, "going")
    start = town.session().starts_at
    await town.until(start)
    named = {
        (one.at.replace(second=0, microsecond=0), *one.mentions)
        for platform in town.platforms.values()
        for one in platform.here()
        if one.mentions
    }
    assert named == {
        (start - timedelta(days=2), BEN.account_id),
        (start - timedelta(days=1), ANA.account_id),
        (start - timedelta(hours=1), ANA.account_id),
    }


async def test_what_somebody_wants_from_now_on_makes_nothing_due_that_is_past(
    town: Town,
) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.press(ANA, "remindme", "lead", "90 min")
    start = town.session().starts_at
    await town.until(start - timedelta(hours=20))
    await town.press(ANA, "remindme", "lead", "default")
    await town.until(start - timedelta(hours=2))
    assert not [one for one in town.discord.here() if one.mentions]


async def test_the_nudge_comes_with_the_rsvp_reminder_of_the_session(town: Town) -> None:
    await town.schedule(WHEN)
    await town.press(DAN, "notify", "1")
    await town.press(town.organiser, "plan", "rsvp", "2 days", "1")
    await town.until(town.session().starts_at - timedelta(days=2, minutes=1))
    assert not town.telegram.private(DAN.account_id)
    await town.passing(minutes=2)
    assert len(town.telegram.private(DAN.account_id)) == 1
    assert posts(town, "discord", "Will you come?") == 1


async def test_the_preview_says_what_then_comes(town: Town) -> None:
    await town.schedule("2026-12-10 19:00", what="")
    for person in (ANA, BEN, CLEO, DAN):
        await town.type(person, "profile")
    await town.press(ANA, "notify", "1")
    await town.press(ANA, "myzone", "Asia/Tokyo")
    await town.press(ANA, "remindme", "kind", "hour-on")
    await town.press(DAN, "notify", "1")
    await town.tap(ANA, "going")
    await town.tap(BEN, "maybe")
    shown = words(await town.type(town.organiser, "reminders", "preview"))
    lines = re.findall(r"^(.*), in (.*), \w+ (\d+ \w+ \d\d:\d\d) \((.*)\)$", shown, re.MULTILINE)
    assert [(line[0], *line[2:]) for line in lines] == [
        ("Private nudge to those who have not answered to 1", "7 Dec 19:00", "UTC"),
        ("RSVP reminder in the place", "7 Dec 19:00", "UTC"),
        ("RSVP reminder in the place", "7 Dec 19:00", "UTC"),
        ("Reminder to those who come to Ben", "9 Dec 19:00", "UTC"),
        ("Reminder to those who come to Ana", "10 Dec 04:00", "Asia/Tokyo"),
        ("Last call to those who come to Ana", "11 Dec 03:00", "Asia/Tokyo"),
    ]
    before = sum(len(one.messages) for one in town.platforms.values())
    await town.until(town.session().starts_at + timedelta(days=2))
    assert sum(len(one.messages) for one in town.platforms.values()) - before == len(lines)
    await town.schedule("2027-01-10 19:00")
    await town.press(town.organiser, "cancel-session", "2", "yes")
    assert "It is cancelled" in words(await town.press(town.organiser, "reminders", "preview", "2"))


async def test_a_saved_session_can_be_made_to_repeat_and_the_series_ended(town: Town) -> None:
    await town.schedule(WHEN)
    await town.alter(1, "repeat", "weekly")
    assert words(await town.type(ANA, "sessions")).count("Session ") == 6
    refused = await town.alter(1, "repeat", "no")
    assert values_of(refused, "end-series") == [("1",)]
    asked = await town.press(town.organiser, "end-series", "2")
    assert ("2", "cancel") in values_of(asked, "end-series")
    await town.press(town.organiser, "end-series", "2", "cancel")
    await town.until(town.now + timedelta(days=60))
    with town.database.unit(town.club_id) as uow:
        past = uow.sessions.past(town.now, ("scheduled", "cancelled"))
    assert [(one.number, one.state) for one in past] == [
        (3, "cancelled"),
        (2, "scheduled"),
        (1, "scheduled"),
    ]


async def test_one_of_a_series_that_moves_near_is_announced_in_time(town: Town) -> None:
    await town.schedule(WHEN, repeat="every 3 weeks")
    await town.alter(2, "when", "2026-12-06 19:00")
    await town.passing(minutes=1)
    assert "Session 2" in town.card("telegram", 2).words


async def test_a_session_is_found_by_its_paper_the_next_one_first(town: Town) -> None:
    for day in ("03", "10", "17"):
        await town.schedule(f"2026-12-{day} 19:00")
    await town.until(town.session(1).starts_at + timedelta(days=1))
    assert "Session 2" in words(await town.type(ANA, "session", "WPRC-006"))


async def test_a_host_who_is_no_organiser_notes_who_was_there(town: Town) -> None:
    await town.type(ANA, "profile")
    await town.schedule(WHEN, host="Ana")
    assert not values_of(await town.type(ANA, "session", "1"), "organise")
    await town.until(town.session().starts_at + timedelta(minutes=5))
    assert values_of(await town.type(ANA, "session", "1"), "organise") == [("1",)]
    assert values_of(await town.press(ANA, "organise", "1"), "attendance") == [("1",)]
    assert not values_of(await town.type(BEN, "session", "1"), "organise")
    assert "for organisers" in words(await town.press(BEN, "organise", "1"))


async def test_a_day_without_a_time_is_at_the_hour_of_the_session_before(town: Town) -> None:
    asked = await town.type(town.organiser, "schedule", "6 in two weeks")
    assert "At what time?" in words(asked)
    assert values_of(asked, "schedule") == [("WPRC-006",)]
    await town.schedule("2026-12-10 19:30")
    assert "15 December 2026, 19:30" in words(
        await town.type(town.organiser, "schedule", "6 in two weeks")
    )


async def test_what_is_set_can_be_sent_back_as_it_stands(town: Town) -> None:
    values = {
        "title": "Night of papers",
        "voice": "123456789012345678",
        "capacity": "12",
        "repeat": "every other thursday until 2027-06-01",
        "deadline": "90 minutes",
        "link": "https://meet.example/6",
    }
    await town.type(town.organiser, "schedule", f"6 {WHEN}")
    for name in DETAILS:
        if name in values:
            await town.alter(1, name, values[name])
        form = await town.press(town.organiser, "alter", "1", name)
        assert form.ask is not None
        (asked,) = form.ask.fields
        again = words(await town.alter(1, name, asked.value or "none"))
        assert "That is what it was" in again or not asked.value, (name, again)


async def test_the_preview_counts_the_unanswered_in_one_line(town: Town) -> None:
    await town.schedule("2026-12-20 19:00")
    for person, zone in ((ANA, "UTC"), (BEN, "Asia/Tokyo"), (CLEO, "UTC")):
        await town.press(person, "notify", "1")
        await town.press(person, "myzone", zone)
    lines = words(await town.type(town.organiser, "reminders", "preview 1")).split("\n")
    (nudge,) = (line for line in lines if "nudge" in line)
    assert nudge.endswith(
        " to 3, in private, Thu 17 Dec 19:00 (UTC); Fri 18 Dec 04:00 (Asia/Tokyo)"
    )


async def test_what_a_member_is_told_of_their_reminders_agrees_with_the_preview(
    town: Town,
) -> None:
    await town.schedule(WHEN)
    await town.press(ANA, "notify", "1")
    await town.tap(ANA, "going")
    assert "Session 1" not in words(await town.type(ANA, "reminders", "mine"))
    await town.press(town.organiser, "plan", "hour", "1 hour", "1")
    assert "Last call to those who come to Ana" in words(
        await town.type(town.organiser, "reminders", "preview 1")
    )
    own = words(await town.type(ANA, "reminders", "mine"))
    assert "Session 1: the last call 1 hour before" in own
    # Who was refused just now is no more said to get it in private.
    town.discord.closed.add(ANA.account_id)
    await town.until(town.session().starts_at - timedelta(hours=23))
    rest = words(await town.type(town.organiser, "reminders", "preview 1"))
    assert "Last call to those who come to Ana, in " in rest
    assert "in private" not in rest


async def test_nobody_is_asked_what_they_cannot_answer_any_more(town: Town) -> None:
    await town.schedule("2026-12-20 19:00", deadline="4 days")
    await town.press(DAN, "notify", "1")
    await town.until(town.session().starts_at - timedelta(days=5, minutes=1))
    assert not posts(town, "discord", "Will you come?")
    await town.passing(minutes=2)
    assert posts(town, "discord", "Will you come?") == 1
    assert len(town.telegram.private(DAN.account_id)) == 1
    await town.until(town.session().starts_at)
    assert posts(town, "discord", "Will you come?") == 1
    assert len(town.telegram.private(DAN.account_id)) == 1


async def test_quiet_hours_that_bring_two_reminders_to_one_minute_leave_one(town: Town) -> None:
    await town.schedule(WHEN)
    await town.tap(ANA, "going")
    await town.press(ANA, "notify", "1")
    await town.press(ANA, "remindme", "kind", "hour-on")
    await town.press(ANA, "remindme", "lead", "90 minutes")
    await town.press(ANA, "remindme", "quiet", "12:00-19:00")
    seen = words(await town.type(town.organiser, "reminders", "preview 1"))
    assert "Last call to those who come to Ana" in seen
    assert "Reminder to those who come to Ana" not in seen
    await town.until(town.session().starts_at)
    assert len(town.discord.private(ANA.account_id)) == 1


async def test_what_is_too_late_or_was_said_elsewhere_is_not_sent_again(town: Town) -> None:
    await town.schedule(WHEN)
    await town.press(ANA, "notify", "1")
    await town.tap(ANA, "going")
    town.discord.closed.add(ANA.account_id)
    await town.until(town.session().starts_at - timedelta(hours=23))
    (failed, _) = town.deliveries("day")
    assert failed.state == "failed"
    listed = await town.type(town.organiser, "deliveries")
    assert f"{failed.id}. Failed: Reminder of session 1" in words(listed)
    assert not values_of(listed, "retry")
    town.discord.closed.clear()
    for which in ("failed", str(failed.id)):
        assert "said elsewhere" in words(await town.press(town.organiser, "retry", which))
    # One that nobody took is of use until the session begins.
    with town.database.unit(town.club_id, write=True) as uow:
        uow.deliveries.cancel("after", "1", town.now)
        uow._connection.exec_driver_sql("UPDATE deliveries SET people = NULL")
    assert values_of(await town.type(town.organiser, "deliveries"), "retry")
    await town.until(town.session().starts_at + timedelta(hours=5))
    assert "too late" in words(await town.press(town.organiser, "retry", "failed"))
    assert not town.discord.private(ANA.account_id)
