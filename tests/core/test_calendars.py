"""Calendar files: what is written is right in every zone, and nothing that is read does harm."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.chat.text import clean
from bot.core.calendars.event import CalendarEvent, write_calendar
from bot.core.calendars.reading import MAX_BYTES, CalendarFile, NotACalendar, read_calendar
from bot.core.luma.events import calendar_address, luma_page, proposal_of
from tests.growth import grows_with_its_size

SHARED = Path(__file__).parents[3] / "shared" / "data" / "ics"
FILES = sorted(SHARED.glob("*.ics"))
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("America/St_Johns", "Africa/Casablanca", "Pacific/Auckland"),
)


def session(**changes: object) -> CalendarEvent:
    given: dict[str, object] = {
        "uid": "session-3@wprc-1",
        "title": "WPRC: Session 3",
        "starts_at": datetime(2026, 12, 10, 19, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 10, 20, 30, tzinfo=UTC),
        "zone": "Europe/Berlin",
    }
    return CalendarEvent(**given | changes)  # type: ignore[arg-type]


def parsed(content: bytes) -> Any:
    """As a program reads it that is not ours."""
    return Calendar.from_ical(content)


def vevent(*lines: str, around: tuple[str, ...] = ()) -> bytes:
    body = ("BEGIN:VCALENDAR", "VERSION:2.0", *around, "BEGIN:VEVENT", *lines, "END:VEVENT")
    return "\r\n".join((*body, "END:VCALENDAR", "")).encode()


def start_of(start: str, zone: str = "UTC", around: tuple[str, ...] = ()) -> str:
    """The instant that a start means, or the reason why it means none."""
    read = read_calendar(vevent("UID:a", "SUMMARY:S", start, around=around), zone)
    if read.refused:
        return read.refused[0]
    return f"{read.events[0].starts_at:%Y-%m-%d %H:%M}"


def test_a_session_is_written_with_all_that_a_calendar_shows() -> None:
    event = session(
        place="Library; room 2, upstairs", url="https://example.org/x?a=1", text="a\nb", sequence=4
    )
    content = write_calendar(event, NOW)
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = parsed(content)
    (entry,) = calendar.walk("VEVENT")
    assert entry["UID"] == "session-3@wprc-1"
    assert entry["LOCATION"] == "Library; room 2, upstairs"
    assert (entry["URL"], entry["SEQUENCE"]) == ("https://example.org/x?a=1", 4)
    assert (entry["STATUS"], entry["DESCRIPTION"]) == ("CONFIRMED", "a\nb")
    assert entry["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert entry["DTSTART"].dt.hour == 20
    cancelled = parsed(write_calendar(session(is_cancelled=True), NOW))
    assert cancelled.walk("VEVENT")[0]["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("zone", ZONES)
def test_the_written_zone_says_the_same_as_the_real_one(zone: str) -> None:
    """Read by a program that knows nothing but the file: each hour round a year's clock changes."""
    for month in range(1, 13):
        start = datetime(2026, month, 1, 18, 0, tzinfo=UTC)
        content = write_calendar(session(starts_at=start, ends_at=start, zone=zone), NOW)
        calendar = parsed(content)
        (entry,) = calendar.walk("VEVENT")
        described = calendar.walk("VTIMEZONE")
        if zone == "UTC":
            assert described == []
            continue
        (timezone,) = described
        local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert entry["DTSTART"].dt.replace(tzinfo=None) == local
        offset = timezone.to_tz(lookup_tzid=False).utcoffset(local)
        assert offset == ZoneInfo(zone).utcoffset(local)


@pytest.mark.parametrize(
    "hostile",
    ["A\r\nATTACH:file:///etc/passwd", "A\nBEGIN:VALARM", "A\x00\x1b[31mB", "A\u202eB\u2028C"],
)
def test_what_members_write_stays_in_its_line(hostile: str) -> None:
    content = write_calendar(session(title=hostile, place=hostile, url=hostile), NOW)
    calendar = parsed(content)
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
    assert "ATTACH" not in calendar.walk("VEVENT")[0]
    assert b"\x1b" not in content
    assert b"\x00" not in content


_TEXT = st.text(max_size=60)


@settings(max_examples=60, deadline=None)
@given(
    title=_TEXT,
    place=_TEXT,
    text=_TEXT,
    zone=st.sampled_from(ZONES),
    minutes=st.integers(0, 600_000),
    lasts=st.integers(5, 1440),
)
def test_what_is_written_is_read_back(
    title: str, place: str, text: str, zone: str, minutes: int, lasts: int
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    local = start.astimezone(ZoneInfo(zone))
    event = session(
        title=title,
        place=place,
        text=text,
        zone=zone,
        starts_at=start,
        ends_at=start + timedelta(minutes=lasts),
    )
    read = read_calendar(write_calendar(event, NOW), "UTC")
    assert read.refused == ()
    (back,) = read.events
    if local.fold == 0 and event.ends_at and event.ends_at.astimezone(ZoneInfo(zone)).fold == 0:
        # Of the two hours in a fold a calendar file can only mean the first one.
        assert (back.starts_at, back.ends_at) == (start, event.ends_at)
    assert back.title == " ".join(clean(title).split())[:200]
    assert (back.place or "") == " ".join(clean(place).split())[:300]
    assert read_calendar(write_calendar(back, NOW), "UTC").events == (back,)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_real_calendar_is_read_or_refused_with_a_reason(path: Path) -> None:
    read = read_calendar(path.read_bytes(), "Europe/Berlin")
    assert read.events or read.refused
    assert all(reason.startswith("“") and reason.endswith(".") for reason in read.refused)
    for event in read.events:
        assert event.starts_at.tzinfo is UTC
        assert proposal_of(event).starts_at == event.starts_at


@pytest.mark.skipif(not FILES, reason="the real calendars are not beside this folder")
def test_the_real_calendars_say_what_they_say() -> None:
    def read(name: str) -> CalendarFile:
        return read_calendar((SHARED / f"{name}.ics").read_bytes(), "Europe/Berlin")

    first, second, third = (proposal_of(one) for one in read("luma-shaped-synthetic").events)
    assert first.luma_id == "evt-aaAA00000000001"
    assert (first.page, first.minutes) == ("https://luma.com/pc7demo", 120)
    assert first.place == "1 Example Street, Singapore"
    # Links on Luma in the place's stead may be one guest's own.
    assert "luma.com" not in (second.place or "") + (third.place or "")
    assert (second.url, third.url) == (None, None)
    starts = {one.title: f"{one.starts_at:%H:%M}" for one in read("Office-2012-owa").events}
    assert starts == {"TEST Syd": "02:30", "TEST": "17:30", "TEST 3": "18:30"}
    assert len(read("badRRULE").refused) == 3
    assert "its start cannot be read" in " ".join(read("multi-event-basic").refused)
    assert f"{read('ms_timezones').events[0].starts_at:%H:%M}" == "07:00"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("DTSTART:20260710T190000Z", "2026-07-10 19:00"),
        ("DTSTART;TZID=Europe/Berlin:20260710T190000", "2026-07-10 17:00"),
        ("DTSTART;TZID=europe/berlin:20261210T190000", "2026-12-10 18:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20260710T190000", "2026-07-10 17:00"),
        ('DTSTART;TZID="W. Europe Standard Time":20260710T190000', "2026-07-10 17:00"),
        ("DTSTART;TZID=/example.org/2020/Europe/Berlin:20260710T190000", "2026-07-10 17:00"),
        (
            'DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20260710T190000',
            "2026-07-10 23:00",
        ),
        (
            'DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rome":20260710T190000',
            "2026-07-10 17:00",
        ),
        ('DTSTART;TZID="(UTC) Coordinated Universal Time":20260710T190000', "2026-07-10 19:00"),
        ('DTSTART;TZID="(UTC+09:00) Berlin":20260710T190000', "none that I know"),
        ("DTSTART;TZID=Nowhere/City:20260710T190000", "none that I know"),
        ("DTSTART;TZID=:20260710T190000", "none that I know"),
        ("DTSTART:20260710T190000", "2026-07-10 10:00"),
        ("DTSTART;VALUE=DATE:20260710", "a whole day"),
        ("DTSTART:20260710", "a whole day"),
        ("DTSTART:20261310T190000Z", "cannot be read"),
        ("DTSTART:soon", "cannot be read"),
        ("DTSTART:", "cannot be read"),
        ("DTSTART:00010101T000000", "its year is 1"),
        ("DTSTART;TZID=Asia/Tokyo:99991231T235959", "its year is 9999"),
        ("SEQUENCE:1", "does not say when"),
        ("DTSTART:20260710T190000Z\r\nDTEND:20260710T180000Z", "ends before it begins"),
        ("DTSTART:20260710T190000Z\r\nRRULE:FREQ=SECONDLY", "it repeats"),
        ("DTSTART:20260710T190000Z\r\nRDATE:20260711T190000Z", "it repeats"),
        ("DTSTART:20260710T190000Z\r\nDURATION:P9999999999999999999W", "length cannot be read"),
        ("DTSTART:20260710T190000Z\r\nDURATION:PT90M", "2026-07-10 19:00"),
    ],
)
def test_a_start_means_what_its_zone_says(start: str, expected: str) -> None:
    assert expected in start_of(start, "Asia/Tokyo")


def test_zones_that_only_the_file_describes() -> None:
    fixed = (
        *("BEGIN:VTIMEZONE", "TZID:Club time", "BEGIN:STANDARD", "TZOFFSETTO:+0300"),
        *("RRULE:FREQ=SECONDLY", "END:STANDARD", "END:VTIMEZONE"),
    )
    assert start_of("DTSTART;TZID=Club time:20260710T190000", around=fixed) == "2026-07-10 16:00"
    placed = (fixed[0], fixed[1], "X-LIC-LOCATION:Asia/Tokyo", *fixed[2:])
    assert start_of("DTSTART;TZID=Club time:20260710T190000", around=placed) == "2026-07-10 10:00"
    both = (*fixed[:6], "BEGIN:DAYLIGHT", "TZOFFSETTO:+0400", "END:DAYLIGHT", fixed[6])
    assert "none that I know" in start_of("DTSTART;TZID=Club time:20260710T190000", around=both)
    floating = ("X-WR-TIMEZONE:Asia/Tokyo",)
    assert start_of("DTSTART:20260710T190000", around=floating) == "2026-07-10 10:00"


def test_of_one_event_that_is_there_twice_the_newer_counts() -> None:
    one = vevent("UID:a", "SUMMARY:New", "SEQUENCE:5", "DTSTART:20260710T190000Z")
    old = vevent("UID:a", "SUMMARY:Old", "SEQUENCE:2", "DTSTART:20260711T190000Z")
    for content in (one + old, old + one):
        read = read_calendar(content, "UTC")
        assert [event.title for event in read.events] == ["New"]


def test_an_event_without_a_name_of_its_own_is_known_again() -> None:
    content = vevent("SUMMARY:S", "DTSTART:20260710T190000Z")
    (first,), (second,) = (read_calendar(content, "UTC").events for _ in range(2))
    assert first.uid == second.uid
    assert first.uid.startswith("unnamed-")


def test_cancelled_is_known_by_event_and_by_calendar() -> None:
    lines = ("UID:a", "SUMMARY:S", "DTSTART:20260710T190000Z")
    assert read_calendar(vevent(*lines, "STATUS:CANCELLED"), "UTC").events[0].is_cancelled
    assert read_calendar(vevent(*lines, around=("METHOD:CANCEL",)), "UTC").events[0].is_cancelled
    assert not read_calendar(vevent(*lines, "STATUS:TENTATIVE"), "UTC").events[0].is_cancelled


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "does not begin with"),
        (b"<html>", "does not begin with"),
        (b"BEGIN:VCALENDAR\r\n", "its end is missing"),
        (vevent("UID:a")[:-16], "its end is missing"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "damaged"),
        (b"BEGIN:VCALENDAR\r\n" * 100, "too deeply"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 3_000, "more than 2,000"),
        (b"BEGIN:VCALENDAR\r\n" + b" " * MAX_BYTES, "too large"),
    ],
)
def test_what_is_no_calendar_is_refused_with_a_reason(content: bytes, said: str) -> None:
    with pytest.raises(NotACalendar) as caught:
        read_calendar(content, "UTC")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        vevent("UID:a", "DTSTART:20260710T190000Z", "SUMMARY:" + "a\r\n " * 300_000),
        vevent("UID:a", "DTSTART" + ";A=B" * 200_000 + ":20260710T190000Z"),
        vevent("UID:a", 'DTSTART;TZID="' + '"' * 900_000 + ":20260710T190000Z"),
        vevent("UID:a", "DTSTART:20260710T190000Z", "RRULE:FREQ=SECONDLY;COUNT=999999999"),
        vevent("UID:a", "DTSTART:20260710T190000Z", *["SUMMARY:x"] * 100_000),
        vevent("UID:a", "DTSTART:20260710T190000Z", "SUMMARY:" + "\\\\n" * 300_000),
    ],
    ids=["folds", "parameters", "quotes", "rule", "again", "escapes"],
)
def test_large_and_strange_files_are_read_to_their_end(content: bytes) -> None:
    read = read_calendar(content[:MAX_BYTES], "UTC")
    assert len(read.events) + len(read.refused) == 1


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART" + ";A=B" * 60 + ":20260710T190000Z",
        "DTSTART" + ";A=B" * 4_000 + ":20260710T190000Z",
        'DTSTART;TZID="(UTC+01:00) ' + "a," * 100 + '":20260710T190000',
        "DTSTART:20260710T190000Z\r\nDESCRIPTION;A=B:" + "\\n" * 400,
        "DTSTART:20260710T190000Z\r\nSUMMARY;A=" + '"' * 400,
    ],
)
def test_reading_costs_no_more_than_its_size(line: str) -> None:
    one = f"BEGIN:VEVENT\r\n{line}\r\nEND:VEVENT\r\n"

    def read(events: str) -> None:
        read_calendar(f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode(), "UTC")

    # A quarter of it may end in the middle of an event, which is refused sooner, so it is cut here.
    def read_whole(text: str) -> None:
        read(one * (len(text) // len(one)))

    assert grows_with_its_size(read_whole, one * min(2_000, MAX_BYTES // len(one) - 1))


_NAMES = st.sampled_from(
    ["UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "LOCATION", "URL", "STATUS", "SEQUENCE"]
)
_VALUES = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"\A(-?P[0-9WDTHMS]{1,8}|[0-9]{8}(T[0-9]{6}Z?)?)\Z"),
)
_PARAMETERS = st.one_of(
    st.just(""), st.text(max_size=20).map(";TZID={}".format), st.text(max_size=20).map(";{}".format)
)
_LINES = st.builds("{}{}:{}".format, _NAMES, _PARAMETERS, _VALUES)


@settings(max_examples=150, deadline=None)
@given(lines=st.lists(_LINES, max_size=12))
@example(lines=["DTSTART;TZID=../../etc/passwd:20260710T190000"])
@example(lines=["DTSTART;TZID=Europe:20260710T190000"])
@example(lines=["DTSTART:20260710T190000Z", "DTEND:99991231T235959Z"])
@example(lines=["DTSTART:21991231T235959Z", "DURATION:P99999999D"])
def test_no_event_is_too_strange(lines: list[str]) -> None:
    try:
        read = read_calendar(vevent(*lines), "Europe/Berlin")
    except NotACalendar:
        return
    for event in read.events:
        proposal_of(event)
        assert "\n" not in event.title + (event.place or "") + (event.url or "")
        write_calendar(event, NOW)


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=300))
def test_no_bytes_are_too_strange(content: bytes) -> None:
    for whole in (content, b"BEGIN:VCALENDAR\n" + content, vevent() + content):
        with suppress(NotACalendar):
            read_calendar(whole, "UTC")


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("https://lu.ma/abc?pk=g-1", "https://luma.com/abc"),
        ("luma.com/abc", "https://luma.com/abc"),
        ("https://www.luma.com/event/evt-abcd1234/", "https://luma.com/event/evt-abcd1234"),
        ("https://luma.com/", None),
        ("https://luma.com.evil.org/abc", None),
        ("https://evil.org/luma.com/abc", None),
        ("https://luma.com/a b", None),
        ("https://luma.com/a<script>", None),
        ("next thu 7pm", None),
    ],
)
def test_a_page_on_luma_has_one_address(link: str, page: str | None) -> None:
    assert luma_page(link) == page


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("webcal://example.org/club", "https://example.org/club"),
        ("https://example.org/club.ics", "https://example.org/club.ics"),
        (
            "https://api.lu.ma/ics/get?entity=calendar&id=cal-1",
            "https://api.lu.ma/ics/get?entity=calendar&id=cal-1",
        ),
        (
            "https://luma.com/event/evt-abcd1234",
            "https://api.lu.ma/ics/get?entity=event&id=evt-abcd1234",
        ),
        ("https://luma.com/abcd1234", None),
        ("https://example.org/page", None),
        ("next thu 7pm", None),
    ],
)
def test_where_a_link_has_a_calendar(link: str, address: str | None) -> None:
    assert calendar_address(link) == address
