"""A club's calendar on Luma: each event one session, followed in all that Luma owns."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.web import Web
from tests.core.hall import values_of, words
from tests.core.town import Town, member
from tests.luma.club import kept, later, saved, sessions, set_feed
from tests.luma.conftest import ON_SQLITE
from tests.luma.server import LumaServer, calendar, event

ANA = member("Ana", "discord")
BEN = member("Ben", "telegram")


@ON_SQLITE
async def test_a_feed_proposes_a_session_per_event_and_only_organisers_see_it(
    town: Town, luma: LumaServer
) -> None:
    past = event(3, start="20261101T190000Z", end="20261101T210000Z")
    luma.feed = calendar(event(1), event(2, start="20261217T190000Z", end="20261217T203000Z"), past)
    said = words(await set_feed(town, luma))
    assert "2 new sessions are proposed; 1 is over or cancelled." in said
    first, second = sessions(town)
    assert (first.state, first.minutes, first.place) == (
        *("proposed", 120, "1 Example Street, Singapore"),
    )
    assert (first.luma_id, first.luma_url) == ("evt-demo0001", "https://luma.com/demo1")
    assert second.minutes == 90
    assert "Session 1" in words(await town.type(town.organiser, "sessions"))
    assert "Session 1" not in words(await town.type(ANA, "sessions"))
    assert "not announced yet" in words(await town.type(ANA, "session", "1"))
    assert "not announced yet" in words(await town.press(ANA, "calendar", "1"))
    assert town.discord.here() == []
    status = words(await town.type(town.organiser, "setup"))
    assert "2 new sessions are proposed" in status
    assert luma.feed_url not in status
    assert "cal-demo" not in words(await town.type(town.organiser, "luma"))


@ON_SQLITE
async def test_it_is_announced_only_when_the_paper_is_chosen_and_it_is_saved(
    town: Town, luma: LumaServer
) -> None:
    luma.feed = calendar(event(1))
    await set_feed(town, luma)
    refused = words(await town.press(town.organiser, "save-session", "1"))
    assert "Choose the paper first" in refused
    card = await town.press(town.organiser, "prepare", "1")
    assert "In its calendar: WPRC-006: Primer" in words(card)
    assert ("1", "paper", "WPRC-006") in values_of(card, "alter")
    await town.press(town.organiser, "alter", "1", "paper", "WPRC-006")
    await later(town)
    assert town.discord.here() == []
    await town.press(town.organiser, "save-session", "1")
    await town.tick()
    assert "AI X Crypto Primer" in town.card("discord").words
    assert town.session().starts_at.isoformat() == "2026-12-10T19:00:00+00:00"


@ON_SQLITE
async def test_luma_owns_time_and_place(town: Town, luma: LumaServer) -> None:
    number = await saved(town, luma)
    for name, value in (("when", "2026-12-11 18:00"), ("place", "Elsewhere"), ("repeat", "weekly")):
        said = words(await town.alter(number, name, value))
        assert "https://luma.com/demo1" in said
    assert town.session(number).starts_at.day == 10
    await town.alter(number, "capacity", "5")
    assert town.session(number).capacity == 5


async def test_what_changes_there_is_followed_and_told_once(town: Town, luma: LumaServer) -> None:
    number = await saved(town, luma)
    await town.tap(ANA, "going", number)
    await town.passing(minutes=1)
    luma.feed = calendar(
        event(1, start="20261211T200000Z", end="20261211T220000Z", place="2 New Street")
    )
    await later(town)
    session = town.session(number)
    assert (session.starts_at.isoformat(), session.place) == (
        *("2026-12-11T20:00:00+00:00", "2 New Street"),
    )
    assert (session.local_start, session.moves) == ("2026-12-11T20:00", 1)
    assert not town.answers(number)[0].is_confirmed
    await later(town)
    # One notice in each of the two places, however often the feed is read.
    assert [one.state for one in town.deliveries("changed", number)] == ["sent", "sent"]
    assert "2 New Street" in town.card("telegram", number).words
    await later(town)
    assert town.session(number).moves == 1


async def test_cancelled_there_is_cancelled_here_and_vanished_is_not(
    town: Town, luma: LumaServer
) -> None:
    number = await saved(town, luma)
    await town.tap(BEN, "going", number)
    luma.feed = calendar()
    await later(town)
    assert town.session(number).state == "scheduled"
    assert "Session 1: not in it any more" in words(await town.type(town.organiser, "luma"))
    luma.feed = calendar(event(1, status="CANCELLED"))
    await later(town)
    assert town.session(number).state == "cancelled"
    await town.passing(minutes=2)
    assert len(town.deliveries("called-off", number)) == 2
    await later(town)
    assert len(town.deliveries("called-off", number)) == 2
    assert [one.state for one in sessions(town)] == ["cancelled"]


@ON_SQLITE
async def test_what_organisers_do_not_want_is_not_proposed_again(
    town: Town, luma: LumaServer
) -> None:
    luma.feed = calendar(event(1))
    await set_feed(town, luma)
    await town.press(town.organiser, "cancel-session", "1", "yes")
    await later(town)
    assert [one.state for one in sessions(town)] == ["cancelled"]
    assert "Session 1" not in words(await town.type(ANA, "sessions"))
    assert "proposed again" in words(await town.press(town.organiser, "uncancel", "1"))
    assert town.session().state == "proposed"


@ON_SQLITE
async def test_an_unchanged_feed_is_not_read_again(town: Town, luma: LumaServer) -> None:
    luma.feed = calendar(event(1))
    await set_feed(town, luma)
    await later(town)
    assert "nothing is new" in (kept(town).said or "")
    assert "If-None-Match" in luma.asked[-1][1]
    asked = len(luma.asked)
    await town.app.luma.read_due()
    assert len(luma.asked) == asked


@ON_SQLITE
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("500", "answers with an error (500)"),
        ("slow", "did not answer within"),
        ("endless", "larger than"),
        ("bomb", "larger than"),
        ("short", "broke off"),
        ("half", "its end is missing"),
        ("page", "no calendar"),
        ("redirect http://127.0.0.1:1/x", "only https://"),
        ("redirect https://169.254.169.254/latest", "private network"),
    ],
)
async def test_a_bad_feed_harms_nothing_and_is_said(
    town: Town, luma: LumaServer, fault: str, said: str
) -> None:
    number = await saved(town, luma)
    before = town.session(number)
    luma.feed = calendar(event(1, start="20261215T190000Z", end="20261215T210000Z"))
    luma.fault = fault
    if fault == "slow":
        town.app.luma.fetch = Web(trusted=luma.url, seconds=0.3).fetch
    await later(town)
    status = words(await town.type(town.organiser, "setup"))
    assert "could not be read" in status
    assert said in status
    after = town.session(number)
    # That it was looked at meanwhile changes nothing about it.
    assert replace(after, look_at=before.look_at, looked_at=before.looked_at) == before
    # Trouble is not asked for again at once, and when it is over, all goes on.
    asked = len(luma.asked)
    await later(town, 1.0)
    assert len(luma.asked) == asked
    luma.fault = None
    await later(town, 31.0)
    assert town.session(number).starts_at.day == 15
    assert "could not be read" not in words(await town.type(town.organiser, "setup"))


@ON_SQLITE
async def test_a_feed_that_stays_broken_is_asked_less_and_less(
    town: Town, luma: LumaServer
) -> None:
    await saved(town, luma)
    luma.fault = "500"
    pauses = []
    for _ in range(7):
        due = kept(town).feed_at
        assert due is not None
        town.now = max(town.now, due)
        await town.app.luma.read_due()
        following = kept(town).feed_at
        assert following is not None
        pauses.append((following - town.now) / timedelta(minutes=1))
    assert pauses == [15, 30, 60, 120, 240, 360, 360]


async def test_of_two_processes_one_reads(town: Town, luma: LumaServer) -> None:
    luma.feed = calendar(event(1))
    await set_feed(town, luma)
    await town.passing(minutes=16)
    asked = len(luma.asked)
    await asyncio.gather(*(town.app.luma.read_due() for _ in range(4)))
    feeds = [path for path, _ in luma.asked[asked:] if path.startswith("/ics")]
    assert len(feeds) == 1


@ON_SQLITE
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://127.0.0.1/ics", "private network"),
        ("http://example.org/ics", "only https://"),
        ("https://[::ffff:169.254.169.254]/ics", "private network"),
        ("not an address", "no address of the web"),
    ],
)
async def test_a_feed_that_points_inside_is_not_kept(
    town: Town, luma: LumaServer, address: str, said: str
) -> None:
    assert said in words(await set_feed(town, luma, address))
    assert "Feed: none" in words(await town.type(town.organiser, "luma"))


@ON_SQLITE
async def test_a_wrong_feed_says_where_the_right_one_is(town: Town, luma: LumaServer) -> None:
    luma.fault = "page"
    said = words(await set_feed(town, luma))
    assert "no calendar" in said
    assert "Add iCal subscription" in said
    luma.fault = None
    luma.feed = calendar(event(1))
    await set_feed(town, luma)
    await town.press(town.organiser, "feed", "none")
    assert kept(town).feed is None
    await later(town)
    assert len([path for path, _ in luma.asked if path.startswith("/ics")]) == 2


@ON_SQLITE
async def test_only_organisers_set_it(town: Town, luma: LumaServer) -> None:
    answers = {"address": luma.feed_url}
    said = words(await town.fill_in(ANA, "feed", (), answers))
    assert "for organisers" in said
    assert luma.asked == []


@ON_SQLITE
async def test_the_program_reads_by_itself(town: Town, luma: LumaServer) -> None:
    number = await saved(town, luma)
    luma.feed = calendar(event(1, start="20261215T190000Z", end="20261215T210000Z"))
    town.now += timedelta(minutes=16)
    async with town.app.background():
        for _ in range(200):
            if town.session(number).starts_at.day == 15:
                break
            await asyncio.sleep(0.02)
    assert town.session(number).starts_at.day == 15


@ON_SQLITE
async def test_a_huge_calendar_comes_in_a_part_at_a_time(town: Town, luma: LumaServer) -> None:
    luma.feed = calendar(*(event(number) for number in range(1, 121)))
    said = words(await set_feed(town, luma))
    assert "50 new sessions are proposed; 70 more come next time" in said
    for _ in range(3):
        await later(town)
    assert len(sessions(town)) == 120
