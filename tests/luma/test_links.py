"""Links and files of calendars: by whichever way an event comes in, it is one session."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

from bot.app import App
from bot.chat.invocation import Attachment, Invocation, Origin
from bot.settings import load_settings
from storage.database import Database
from tests.core.hall import words
from tests.core.town import Town, member
from tests.luma.club import later, send, sessions, set_feed
from tests.luma.conftest import ON_SQLITE
from tests.luma.server import LumaServer, calendar, event

ANA = member("Ana", "discord")


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


@ON_SQLITE
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


@ON_SQLITE
async def test_one_page_is_one_session(town: Town) -> None:
    await town.schedule("2026-12-10 18:00", luma="https://lu.ma/demo1")
    second = await town.schedule("2026-12-11 18:00")
    said = words(await town.alter(second, "luma", "https://luma.com/demo1?pk=g-x"))
    assert "page of session 1 already" in said
    said = words(await town.alter(second, "luma", "https://example.org/demo1"))
    assert "no page on Luma" in said


async def test_two_processes_propose_an_event_once(
    town: Town, database_url: str, tmp_path: Path
) -> None:
    settings = load_settings({"WPRC_DATA_DIR": str(tmp_path)}, None)
    content = calendar(*(event(number) for number in range(1, 6)))
    file = Attachment("club.ics", content)
    with closing(Database(database_url)) as database:
        async with App(settings, database, lambda: town.now) as other:
            calls = [
                Invocation(
                    f"{name}-{turn}",
                    "schedule",
                    town.organiser,
                    town.place(town.organiser),
                    Origin.TYPED,
                    arguments={"file": file},
                )
                for name in ("one", "two")
                for turn in range(3)
            ]
            apps = [town.app, other] * 3
            said = await asyncio.gather(
                *(app.desk.dispatch(call) for app, call in zip(apps, calls, strict=True))
            )
    assert len(sessions(town)) == 5
    assert not any("went wrong" in words(reply) for reply in said)


@ON_SQLITE
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


@ON_SQLITE
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


@ON_SQLITE
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


@ON_SQLITE
async def test_a_link_in_the_wrong_field_is_a_link_all_the_same(
    town: Town, luma: LumaServer
) -> None:
    luma.feed = calendar(event(1))
    link = {"what": f"{luma.url}/club.ics"}
    reply = await town.call(town.organiser, "schedule", origin=Origin.TYPED, arguments=link)
    assert "1 new session is proposed" in words(reply)


@ON_SQLITE
async def test_a_file_that_is_no_calendar_says_so(town: Town, tmp_path: Path) -> None:
    said = words(await send(town, "notes.txt", b"hello"))
    assert "notes.txt was not brought in" in said
