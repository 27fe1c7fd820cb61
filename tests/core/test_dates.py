"""Dates, lengths and repeats as people write them: what is understood, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.errors import Invalid
from bot.core.dates import (
    before_words,
    clock_words,
    in_fold,
    in_gap,
    is_when,
    length_words,
    read_before,
    read_clock,
    read_length,
    read_when,
    to_local,
    to_utc,
)
from bot.core.sessions.repeats import occurrences, read_repeat, repeat_words

ZONES = (
    *("Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("America/St_Johns", "Pacific/Auckland", "Africa/Casablanca", "Asia/Tokyo"),
)
NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
"""A Tuesday."""
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1)).map(  # noqa: DTZ001
    lambda one: one.replace(second=0, microsecond=0)
)
WORDS = (
    *("in", "next", "this", "thu", "thursday", "3", "31", "dec", "feb", "19:00", "7pm", "24:00"),
    *("at", "on", "the", "every", "other", "last", "of", "month", "months", "week", "weeks", ","),
    *("and", "-", "/", ".", ":", "t", "z", "am", "noon", "midnight", "2031-02-30", "2031-03-06"),
    *("99", "0", "9999-12-31", "0001-01-01", "two", "freq=", "daily", "byday", "count", "until"),
    *(";", "=", "monthly", "12/11", "12/25", "x"),
)
hostile = st.one_of(
    st.text(max_size=220), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("next thu 7pm", "2026-12-03 19:00"),
        ("thursday 19:00", "2026-11-26 19:00"),
        ("this Thursday at 7:30 pm", "2026-11-26 19:30"),
        ("thursday next week, 7pm", "2026-12-03 19:00"),
        ("3 Dec 19:00", "2026-12-03 19:00"),
        ("December 3rd, 7 p.m.", "2026-12-03 19:00"),
        ("3.12. 19:00", "2026-12-03 19:00"),
        ("24.12.2026 8pm", "2026-12-24 20:00"),
        ("25/12 noon", "2026-12-25 12:00"),
        ("2031-03-06 19:00", "2031-03-06 19:00"),
        ("2031-03-06 7pm", "2031-03-06 19:00"),
        ("2031-03-06T19:00Z", "2031-03-06 19:00"),
        ("2031-03-06T19:00+05:30", "2031-03-06 13:30"),
        ("in two weeks 7pm", "2026-12-08 19:00"),
        ("in 3 days at 18:15", "2026-11-27 18:15"),
        ("in 2 hours", "2026-11-24 14:30"),
        ("in 30 hours", "2026-11-25 18:30"),
        ("tomorrow 8am", "2026-11-25 08:00"),
        ("day after tomorrow 8am", "2026-11-26 08:00"),
        ("tonight", "2026-11-24 20:00"),
        ("11:00", "2026-11-25 11:00"),
        ("29 Feb 19:00", "2028-02-29 19:00"),
        ("<t:1930503600:F>", "2031-03-05 19:00"),
    ],
)
def test_what_people_write_is_understood(text: str, found: str) -> None:
    assert f"{read_when(text, NOW, 'UTC'):%Y-%m-%d %H:%M}" == found
    assert is_when(text)


@pytest.mark.parametrize("text", ["in two weeks", "next thu", "3 Dec", "2031-03-06", "tomorrow"])
def test_a_day_without_a_time_takes_the_usual_one_or_asks(text: str) -> None:
    with pytest.raises(Invalid, match="At what time"):
        read_when(text, NOW, "UTC")
    assert read_when(text, NOW, "UTC", time(19)).time() == time(19)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soonish", "is no date that I understand"),
        ("2031-02-30 7pm", "is no date that I understand"),
        ("2031-13-45 19:00", "is no date that I understand"),
        ("1 Dec 2020 19:00", "is past"),
        ("0001-01-01 00:00", "is past"),
        ("9999-12-31 23:59", "years ahead"),
        ("12/11 19:00", "may be a day in two months"),
        ("x" * 300, "too long"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(text: str, said: str) -> None:
    for zone in ZONES:
        with pytest.raises(Invalid, match=said):
            read_when(text, NOW, zone)


@given(moments, zones, st.sampled_from(("%Y-%m-%d %H:%M", "%-d %B %Y %H:%M", "%b %-d %Y, %I:%M%p")))
@settings(deadline=None)
def test_a_date_that_is_written_out_is_read_back(local: datetime, zone: str, form: str) -> None:
    now = (
        datetime(2023, 12, 30, tzinfo=UTC)
        if local.year < 2033
        else datetime(2030, 1, 1, tzinfo=UTC)
    )
    assert read_when(local.strftime(form), now, zone) == local


@given(moments, zones)
@settings(deadline=None)
def test_a_wall_time_is_an_instant_and_back_but_for_gaps(local: datetime, zone: str) -> None:
    at = to_utc(local, zone)
    if in_gap(local, zone):
        # As much later as the clocks are put forward.
        later = to_local(at, zone) - local
        assert timedelta(0) < later <= timedelta(hours=1)
        assert not in_fold(local, zone)
    else:
        assert to_local(at, zone) == local
    if in_fold(local, zone):
        second = local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
        assert at < second <= at + timedelta(hours=1)
        assert to_local(second, zone) == local


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        # The gaps, each begins as much later as the clocks are put forward.
        ("Europe/London", "2027-03-28 01:30", "2027-03-28 01:30"),
        ("America/New_York", "2027-03-14 02:30", "2027-03-14 07:30"),
        ("Australia/Lord_Howe", "2027-10-03 02:15", "2027-10-02 15:45"),
        # The folds, of which the first is meant.
        ("Europe/London", "2027-10-31 01:30", "2027-10-31 00:30"),
        ("America/St_Johns", "2027-11-07 01:30", "2027-11-07 04:00"),
        ("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03 14:45"),
    ],
)
def test_gaps_and_folds_are_decided(zone: str, local: str, utc: str) -> None:
    found = datetime.fromisoformat(local)
    assert f"{to_utc(found, zone):%Y-%m-%d %H:%M}" == utc
    assert in_gap(found, zone) != in_fold(found, zone)


@given(hostile, zones)
@example("in 999 weeks 7pm", "Asia/Tokyo")
@example("2031-02-29 7pm", "UTC")
@example("9999-12-31 23:59", "America/New_York")
@example("<t:999999999999>", "Asia/Tokyo")
@settings(deadline=None, max_examples=120)
def test_any_text_is_a_date_to_come_or_is_refused(text: str, zone: str) -> None:
    is_when(text)
    try:
        found = read_when(text, NOW, zone)
    except Invalid:
        return
    assert to_utc(found, zone) > NOW
    assert found.year <= NOW.year + 11
    assert (found.second, found.microsecond) == (0, 0)


@given(hostile)
@settings(deadline=None, max_examples=120)
def test_any_text_is_a_length_a_time_and_a_lead_or_is_refused(text: str) -> None:
    for read, most in ((read_length, 1440), (read_before, 86_400), (read_clock, 1439)):
        try:
            assert 0 <= read(text) <= most
        except Invalid:
            continue


@given(st.integers(1, 1440))
def test_a_length_is_read_back(minutes: int) -> None:
    assert read_length(length_words(minutes)) == minutes


@given(st.integers(0, 86_400))
def test_a_lead_is_read_back(minutes: int) -> None:
    assert read_before(before_words(minutes)) == minutes


@given(st.integers(0, 1439))
def test_a_time_of_day_is_read_back(minutes: int) -> None:
    assert read_clock(clock_words(minutes)) == minutes


START = datetime(2026, 12, 10, 20, 0)  # noqa: DTZ001
"""The second Thursday of its month."""


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("weekly", ["17 Dec", "24 Dec", "31 Dec"]),
        ("every other Thursday", ["24 Dec", "07 Jan", "21 Jan"]),
        ("every second thursday", ["24 Dec", "07 Jan", "21 Jan"]),
        ("fortnightly", ["24 Dec", "07 Jan", "21 Jan"]),
        ("every 3 weeks on thursday", ["31 Dec", "21 Jan", "11 Feb"]),
        ("last Tuesday", ["29 Dec", "26 Jan", "23 Feb"]),
        ("the second thursday of each month", ["14 Jan", "11 Feb", "11 Mar"]),
        ("monthly", ["14 Jan", "11 Feb", "11 Mar"]),
        ("monthly on the 15th", ["15 Dec", "15 Jan", "15 Feb"]),
        ("tuesdays and thursdays", ["15 Dec", "17 Dec", "22 Dec"]),
        ("weekly 3 times", ["17 Dec", "24 Dec"]),
        ("weekly until 2026-12-24", ["17 Dec", "24 Dec"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20261224T000000Z", ["17 Dec", "24 Dec"]),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", ["21 Dec", "04 Jan", "18 Jan"]),
    ],
)
def test_a_repeat_is_understood_and_read_back_from_its_words(text: str, dates: list[str]) -> None:
    rule = read_repeat(text, START)
    assert rule is not None
    found = occurrences(rule, START, START, 3)
    assert [f"{one:%d %b}" for one in found] == dates
    assert {one.time() for one in found} == {START.time()}
    assert read_repeat(repeat_words(rule), START) == rule


@pytest.mark.parametrize("zone", ZONES)
def test_eight_in_the_evening_stays_so_across_both_clock_changes(zone: str) -> None:
    rule = read_repeat("weekly", START)
    assert rule is not None
    for local in occurrences(rule, START, START, 55):
        assert to_local(to_utc(local, zone), zone).time() == time(20)
        assert local.weekday() == date(2026, 12, 10).weekday()


@pytest.mark.parametrize(
    "text",
    [
        *("every 0 weeks", "every day on monday", "weekly 0 times", "weekly until 2020-01-01"),
        *("FREQ=SECONDLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=6MO"),
        *("FREQ=YEARLY;BYDAY=10TH", "FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;INTERVAL=99"),
        *("every thursday\nDTSTART:20260101", "RRULE:FREQ=DAILY;BYSETPOS=400", "sometimes"),
        *("FREQ=MONTHLY;BYMONTHDAY=99", "FREQ=WEEKLY;UNTIL=20261399"),
    ],
)
def test_a_rule_that_never_comes_or_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_repeat(text, START)


@given(hostile)
@settings(deadline=None, max_examples=120)
def test_any_text_is_a_rule_with_dates_or_is_refused(text: str) -> None:
    try:
        rule = read_repeat(text, START)
    except Invalid:
        return
    if rule is not None:
        assert occurrences(rule, START, START - timedelta(minutes=1), 2)
        assert read_repeat(repeat_words(rule), START) == rule


rules = st.builds(
    lambda every, unit, day, end: f"{every} {day or unit}{end}",
    st.sampled_from(("every", "every other", "every 3")),
    st.sampled_from(("days", "weeks", "months")),
    st.sampled_from(("", "mondays", "tuesdays and fridays")),
    st.sampled_from(("", " 4 times", " until 2028-02-29")),
)


@given(rules, moments)
@settings(deadline=None)
def test_the_words_of_a_repeat_are_read_back(text: str, start: datetime) -> None:
    start = start.replace(year=2027, day=min(start.day, 28))
    rule = read_repeat(text, start)
    assert rule is not None
    assert read_repeat(repeat_words(rule), start) == rule
    found = occurrences(rule, start, start, 5)
    assert found == sorted(set(found))
    assert all(one.time() == start.time() for one in found)
