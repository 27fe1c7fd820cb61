"""A club's calendar on Luma: each event one session, followed in all that Luma owns."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.invocation import Attachment, Origin
from bot.chat.reply import Reply
from storage.luma import LumaCalendar
from storage.session_rows import ClubSession
from tests.core.hall import values_of, words
from tests.core.town import Town, member
from tests.luma.server import LumaServer, calendar, event

ANA = member("Ana", "discord")
BEN = member("Ben", "telegram")
DEC_10 = "10 December 2026, 19:00"


def sessions(town: Town) -> list[ClubSession]:
    with town.database.unit(town.club_id) as uow:
        states = ("draft", "proposed", "scheduled", "cancelled")
        return sorted(uow.sessions.coming(town.now, states), key=lambda one: one.number)


def kept(town: Town) -> LumaCalendar:
    with town.database.unit(town.club_id) as uow:
        found = uow.luma.get()
    assert found is not None
    return found


async def set_feed(town: Town, luma: LumaServer, address: str | None = None) -> Reply:
    answers = {"address": address or luma.feed_url}
    return await town.fill_in(town.organiser, "feed", (), answers)


async def send(town: Town, name: str, content: bytes, command: str = "schedule") -> Reply:
    file = Attachment(name, content)
    return await town.call(town.organiser, command, origin=Origin.TYPED, arguments={"file": file})


async def later(town: Town, minutes: float = 16.0) -> None:
    """The feed is read again when its time has come."""
    await town.passing(minutes=minutes)
    await town.app.luma.read_due()
    await town.tick()


async def saved(town: Town, luma: LumaServer, **details: str) -> int:
    """A session from the feed, with its paper chosen and saved."""
    luma.feed = calendar(event(1, **details))
    await set_feed(town, luma)
    (number,) = (str(one.number) for one in sessions(town))
    await town.press(town.organiser, "alter", number, "paper", "6")
    assert "Saved" in words(await town.press(town.organiser, "save-session", number))
    await town.tick()
    return int(number)


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


async def test_two_imports_by_two_ways_never_make_two_sessions(
    town: Town, luma: LumaServer
) -> None:
    luma.feed = calendar(event(1))
    await asyncio.gather(
        set_feed(town, luma),
        *(send(town, "luma.ics", luma.feed) for _ in range(3)),
    )
    await send(town, "luma.ics", luma.feed, "luma")
    link = await town.type(town.organiser, "schedule", "https://lu.ma/demo1?pk=g-Other")
    assert "here already" in words(link)
    await later(town)
    assert [one.luma_id for one in sessions(town)] == ["evt-demo0001"]


async def test_a_session_with_its_page_set_by_hand_is_that_event(
    town: Town, luma: LumaServer
) -> None:
    number = await town.schedule("2026-12-10 18:00", luma="https://lu.ma/demo1?pk=g-Mine")
    assert town.session(number).luma_url == "https://luma.com/demo1"
    await town.tap(ANA, "going", number)
    luma.feed = calendar(event(1))
    await set_feed(town, luma)
    (session,) = sessions(town)
    assert (session.number, session.luma_id) == (number, "evt-demo0001")
    assert session.starts_at.hour == 19
    assert not town.answers(number)[0].is_confirmed


async def test_one_page_is_one_session(town: Town) -> None:
    await town.schedule("2026-12-10 18:00", luma="https://lu.ma/demo1")
    second = await town.schedule("2026-12-11 18:00")
    said = words(await town.alter(second, "luma", "https://luma.com/demo1?pk=g-x"))
    assert "page of session 1 already" in said
    said = words(await town.alter(second, "luma", "https://example.org/demo1"))
    assert "no page on Luma" in said


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
    luma.feed = calendar(event(1, status="CANCELLED"))
    await later(town)
    assert town.session(number).state == "cancelled"
    await town.passing(minutes=2)
    assert len(town.deliveries("called-off", number)) == 2
    await later(town)
    assert len(town.deliveries("called-off", number)) == 2
    assert [one.state for one in sessions(town)] == ["cancelled"]


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


async def test_an_unchanged_feed_is_not_read_again(town: Town, luma: LumaServer) -> None:
    luma.feed = calendar(event(1))
    await set_feed(town, luma)
    await later(town)
    assert "nothing is new" in (kept(town).said or "")
    assert "If-None-Match" in luma.asked[-1][1]
    asked = len(luma.asked)
    await town.app.luma.read_due()
    assert len(luma.asked) == asked


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
    await later(town)
    status = words(await town.type(town.organiser, "setup"))
    assert "could not be read" in status
    assert said in status
    assert town.session(number) == before
    # Trouble is not asked for again at once, and when it is over, all goes on.
    asked = len(luma.asked)
    await later(town, 1.0)
    assert len(luma.asked) == asked
    luma.fault = None
    await later(town, 31.0)
    assert town.session(number).starts_at.day == 15
    assert "could not be read" not in words(await town.type(town.organiser, "setup"))


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


async def test_only_organisers_set_it(town: Town, luma: LumaServer) -> None:
    answers = {"address": luma.feed_url}
    said = words(await town.fill_in(ANA, "feed", (), answers))
    assert "for organisers" in said
    assert luma.asked == []


async def test_a_pasted_page_is_looked_for_in_the_feed_or_says_what_to_do(
    town: Town, luma: LumaServer
) -> None:
    said = words(await town.type(town.organiser, "schedule", "https://luma.com/demo1"))
    assert "cannot be read by a program" in said
    assert "Add to calendar" in said
    luma.feed = calendar()
    await set_feed(town, luma)
    luma.feed = calendar(event(1))
    said = words(await town.type(town.organiser, "schedule", "luma.com/demo1"))
    assert "read within a minute" in said
    await town.app.luma.read_due()
    assert [one.luma_id for one in sessions(town)] == ["evt-demo0001"]


async def test_a_link_to_a_calendar_is_read_with_the_paper_that_was_named(
    town: Town, luma: LumaServer
) -> None:
    luma.feed = calendar(event(1))
    # The words of the dispatcher's own fetching: nothing else is asked.
    said = words(await town.type(town.organiser, "schedule", f"6 {luma.url}/club.ics"))
    assert "1 new session is proposed" in said
    (session,) = sessions(town)
    assert session.code == "WPRC-006"
    assert [path for path, _ in luma.asked] == ["/club.ics"]


async def test_another_calendars_file_makes_sessions_that_are_the_clubs_own(town: Town) -> None:
    content = calendar(
        event(1)
        .replace("evt-demo0001@events.lu.ma", "one@example.org")
        .replace("luma.com", "x.org")
    )
    for _ in range(2):
        await send(town, "club.ics", content)
    (session,) = sessions(town)
    assert (session.luma_id, session.event_uid) == (None, "one@example.org")
    assert "Changed" in words(await town.alter(1, "when", "2026-12-12 18:00"))
    await send(town, "club.ics", content)
    assert town.session().starts_at.day == 12


async def test_a_file_that_is_no_calendar_says_so(town: Town, tmp_path: Path) -> None:
    said = words(await send(town, "notes.txt", b"hello"))
    assert "notes.txt was not brought in" in said


async def test_a_huge_calendar_comes_in_a_part_at_a_time(town: Town, luma: LumaServer) -> None:
    luma.feed = calendar(*(event(number) for number in range(1, 121)))
    said = words(await set_feed(town, luma))
    assert "50 new sessions are proposed; 70 more come next time" in said
    for _ in range(3):
        await later(town)
    assert len(sessions(town)) == 120
