"""Seats and the line for them, where somebody changes their mind, brings a guest or is two."""

from __future__ import annotations

from tests.core.hall import words
from tests.core.town import Town, member

ANA, BEN = member("Ana", "discord"), member("Ben", "telegram")
CLEO, DAN = member("Cleo", "discord"), member("Dan", "telegram")
WHEN = "2026-12-10 19:00"


def seated(town: Town) -> list[str]:
    return [town.names()[one.person_id] for one in town.answers() if one.seats]


async def test_who_needs_too_many_seats_holds_up_the_line_no_longer_than_they_want(
    town: Town,
) -> None:
    await town.schedule(WHEN, capacity="2", guests="2")
    await town.tap(ANA, "going")
    await town.type(BEN, "rsvp", "going 1 2")
    await town.tap(CLEO, "going")
    assert seated(town) == ["Ana"]
    await town.tap(BEN, "no")
    assert seated(town) == ["Ana", "Cleo"]


async def test_who_leaves_a_guest_behind_makes_room_for_the_next(town: Town) -> None:
    await town.schedule(WHEN, capacity="3", guests="2")
    await town.tap(ANA, "going")
    await town.type(BEN, "rsvp", "going 1 2")
    await town.tap(CLEO, "going")
    said = await town.type(BEN, "rsvp", "going 1 0")
    assert "you are going." in words(said)
    assert seated(town) == ["Ana", "Ben", "Cleo"]
    assert [one.person_id for one in town.deliveries("seat")] == [None]


async def test_a_guest_does_not_overtake_who_waits(town: Town) -> None:
    await town.schedule(WHEN, capacity="2", guests="2")
    await town.tap(ANA, "going")
    await town.type(BEN, "rsvp", "going 1 1")
    assert "no seat left for your guest" in words(await town.type(ANA, "rsvp", "going 1 1"))


async def test_a_guest_who_was_allowed_once_is_no_obstacle_to_saying_it_again(town: Town) -> None:
    await town.schedule(WHEN, guests="2")
    await town.type(ANA, "rsvp", "going 1 2")
    await town.alter(1, "guests", "none")
    await town.alter(1, "when", "2026-12-11 19:00")
    assert "with 2 more" in words(await town.tap(ANA, "going"))
    assert town.answers()[0].is_confirmed
    await town.tap(ANA, "maybe")
    assert "you are going." in words(await town.tap(ANA, "going"))


async def test_two_accounts_of_one_human_get_no_seat_that_is_not_there(town: Town) -> None:
    await town.schedule(WHEN, capacity="1")
    await town.tap(ANA, "maybe")
    await town.tap(CLEO, "going")
    await town.tap(BEN, "going")
    await town.link(ANA, BEN)
    assert seated(town) == ["Cleo"]
    assert [one.is_waiting for one in town.answers()] == [False, True]


async def test_two_accounts_of_one_human_do_not_jump_the_line(town: Town) -> None:
    await town.schedule(WHEN, capacity="1")
    await town.tap(ANA, "no")
    for person in (CLEO, DAN, BEN):
        await town.tap(person, "going")
    await town.link(ANA, BEN)
    await town.tap(CLEO, "no")
    assert seated(town) == ["Dan"]


async def test_two_seats_of_one_human_become_one_and_the_other_goes_on(town: Town) -> None:
    await town.schedule(WHEN, capacity="2", guests="1")
    for person in (ANA, BEN, DAN):
        await town.tap(person, "going")
    await town.link(ANA, BEN)
    assert seated(town) == ["Ana", "Dan"]
    assert [town.names()[int(one)] for one in town.deliveries("seat")[0].people or ()] == ["Dan"]


async def test_a_tap_counts_more_than_interest_in_the_servers_calendar(town: Town) -> None:
    await town.schedule(WHEN)
    await town.type(ANA, "profile")
    town.discord.calendar.people = [ANA.account_id]
    await town.passing(seconds=5)
    await town.mirroring.read_interested()
    assert [one.source for one in town.answers()] == ["event"]
    await town.tap(ANA, "maybe")
    town.discord.calendar.people = []
    await town.mirroring.read_interested()
    assert [one.answer for one in town.answers()] == ["maybe"]


async def test_what_is_not_saved_is_seen_by_organisers_alone(town: Town) -> None:
    await town.type(town.organiser, "schedule", f"6 {WHEN}")
    for name in ("session", "calendar"):
        assert "There is no such session" in words(await town.press(ANA, name, "1"))
    assert "There is no such session" in words(await town.press(ANA, "rsvp", "going", "1"))
    assert "not saved yet" in words(await town.press(town.organiser, "rsvp", "going", "1")).lower()
