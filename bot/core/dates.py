"""Dates and times as people write them, and wall times in a zone.

What people mean is a wall time in a zone; the instant follows from it. In the gap of a clock change
it is as much later, and of the two hours in a fold the first one is meant.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.errors import Invalid
from bot.chat.text import clean

_MAX_TEXT = 200
_MOST_YEARS = 10
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {"an": 1, "one": 1}
_UNITS = {"minute": 1, "min": 1, "hour": 60, "hr": 60, "h": 60, "day": 1440, "week": 10080}
_SHORT = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_DAY_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _DAYS) + "|tues|thur|thurs"
_MONTH_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + "|sept"
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[t ]+(\d{1,2}:\d{2})(?::\d{2})?(?:\.\d+)?\s*(z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NATIVE = re.compile(r"<t:(\d{1,12})(?::[a-z])?>", re.ASCII)
_TIME = re.compile(
    r"(?:^|\s)(?:(\d{1,2})[:.h](\d{2})(?:\s*([ap])\.?m?\.?)?|(\d{1,2})\s*([ap])\.?m\.?|(noon)|(midnight))"
    r"(?=$|\s)",
    re.ASCII,
)
_IN = re.compile(rf"in ({'|'.join(_NUMBERS)}|\d{{1,3}}) ({'|'.join(_UNITS)})s?", re.ASCII)
_WEEKDAY = re.compile(
    rf"(this |next |coming )?({_DAY_NAME})(?: in (a|two|three) weeks?| (next week))?"
)
_DAY_MONTH = re.compile(rf"(\d{{1,2}})\.? (?:of )?({_MONTH_NAME})\.?(?: (\d{{4}}))?", re.ASCII)
_MONTH_DAY = re.compile(rf"({_MONTH_NAME})\.? (\d{{1,2}})(?: (\d{{4}}))?", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.(?:\s*(\d{4}))?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.ASCII)
_HINT = "Write it like “next thu 7pm”, “3 Dec 19:00” or “2031-03-06 19:00”."


def read_when(text: str, now: datetime, zone: str, default_time: time | None = None) -> datetime:
    """The wall time (without a zone) that a text means in a zone; `now` is aware UTC.

    A weekday alone, or with “this”, is the first one to come; with “next” it is one of the week
    after this one. A day without a time takes the default. Raises Invalid for what is no date, has
    no time, is past, or more than ten years ahead.
    """
    if len(text) > _MAX_TEXT:
        raise Invalid(f"That is too long for a date. {_HINT}")
    here = to_local(now, zone)
    found = _read(_plain(text), here, zone, default_time)
    if found is None:
        raise Invalid(f"“{clean(text).strip()[:60]}” is no date that I understand. {_HINT}")
    # The year comes first: at the ends of the calendar there is no instant to compare with.
    if found.year > here.year + _MOST_YEARS:
        raise Invalid(f"{found.year} is more than {_MOST_YEARS} years ahead.")
    if found.year < here.year or to_utc(found, zone) <= now:
        raise Invalid(f"{found:%-d %B %Y, %H:%M} is past. Write a date that is to come.")
    return found


def is_when(text: str) -> bool:
    """Whether a text reads as a date, past or to come."""
    if len(text) > _MAX_TEXT:
        return False
    try:
        return _read(_plain(text), datetime(2030, 1, 1), "UTC", time()) is not None  # noqa: DTZ001
    except Invalid:
        return True


def _plain(text: str) -> str:
    words = clean(text).casefold().replace(",", " ")
    words = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", words)
    words = re.sub(r"\b(at|on|the|around)\b", " ", words)
    return " ".join(words.split())


def _read(words: str, here: datetime, zone: str, default: time | None) -> datetime | None:
    if match := _NATIVE.fullmatch(words):
        try:
            return to_local(datetime.fromtimestamp(int(match[1]), UTC), zone)
        except (OverflowError, ValueError, OSError):
            return None
    if match := _ISO.fullmatch(words):
        return _iso(match, zone, default)
    if match := _IN.match(words):
        return _in(match, words[match.end() :].strip(), here, zone, default)
    at, rest = _time_in(words)
    day = _day(rest, here, has_time=at is not None)
    if day is None:
        return None
    if rest == "tonight" and at is None:
        at = time(20)
    return datetime.combine(day, _or_asked(at, default)) if rest else _soon(here, at)


def _soon(here: datetime, at: time | None) -> datetime | None:
    """A time alone is the next such time."""
    if at is None:
        return None
    today = datetime.combine(here.date(), at)
    return today if today > here else today + timedelta(days=1)


def _or_asked(at: time | None, default: time | None) -> time:
    if at is None and default is None:
        raise Invalid("At what time? Write it as well, such as 7pm or 19:00.")
    return at if at is not None else default or time()


def _iso(match: re.Match[str], zone: str, default: time | None) -> datetime | None:
    try:
        day = date.fromisoformat(match[1])
        at = time.fromisoformat(match[2].zfill(5)) if match[2] else None
        found = datetime.combine(day, _or_asked(at, default))
        if match[3]:
            offset = "+00:00" if match[3] == "z" else match[3]
            return to_local(datetime.fromisoformat(f"{found.isoformat()}{offset}"), zone)
    except (ValueError, OverflowError):
        return None
    return found


def _in(
    match: re.Match[str], rest: str, here: datetime, zone: str, default: time | None
) -> datetime | None:
    number = _NUMBERS.get(match[1]) or int(match[1])
    later_for = timedelta(minutes=number * _UNITS[match[2]])
    if match[2] not in ("day", "week"):
        # Hours pass by the clock that no country puts forward or back.
        later = to_local(to_utc(here, zone) + later_for, zone).replace(second=0, microsecond=0)
        return later if not rest else None
    at, left = _time_in(rest)
    if left:
        return None
    return datetime.combine((here + later_for).date(), _or_asked(at, default))


def _time_in(words: str) -> tuple[time | None, str]:
    """The time that a text names, and the text without it."""
    for match in _TIME.finditer(words):
        rest = " ".join((words[: match.start()] + " " + words[match.end() :]).split())
        if match[6] or match[7]:
            return time(12 if match[6] else 0), rest
        hour = int(match[1] or match[4])
        minute, half = int(match[2] or 0), match[3] or match[5]
        if half:
            if not 1 <= hour <= 12:
                continue
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour < 24 and minute < 60:
            return time(hour, minute), rest
    return None, words


def _day(rest: str, here: datetime, *, has_time: bool) -> date | None:
    today = here.date()
    if rest in ("", "today", "tonight"):
        return today if has_time or rest else None
    if rest in ("tomorrow", "day after tomorrow"):
        return today + timedelta(days=1 if rest == "tomorrow" else 2)
    if match := _WEEKDAY.fullmatch(rest):
        return _weekday(match, today)
    if match := _DAY_MONTH.fullmatch(rest):
        return _of_year(int(match[1]), _month(match[2]), match[3], today)
    if match := _MONTH_DAY.fullmatch(rest):
        return _of_year(int(match[2]), _month(match[1]), match[3], today)
    if match := _DOTTED.fullmatch(rest):
        return _of_year(int(match[1]), int(match[2]), match[3], today)
    if match := _SLASHED.fullmatch(rest):
        return _slashed(match, today)
    try:
        return date.fromisoformat(rest) if _ISO_DAY.fullmatch(rest) else None
    except ValueError:
        return None


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = next(number for number, name in enumerate(_DAYS) if name[:3] == match[2][:3])
    if match[1] == "next " or match[4]:
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=wanted)
    ahead = (wanted - today.weekday()) % 7 or 7
    weeks = _NUMBERS[match[3]] if match[3] else 0
    return today + timedelta(days=ahead + 7 * weeks)


def _month(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, start=1) if month[:3] == name[:3])


def _of_year(day: int, month: int, year: str | None, today: date) -> date | None:
    """That day of the year that is named, else of the first year in which it is to come."""
    years = [int(year)] if year else list(range(today.year, today.year + 9))
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    return None


def _slashed(match: re.Match[str], today: date) -> date | None:
    first, second = int(match[1]), int(match[2])
    if first <= 12 and second <= 12 and first != second:
        raise Invalid(
            f"{match[0]} may be a day in two months. Write 3 Dec, or 2031-12-03, instead."
        )
    day, month = (first, second) if first > 12 or first == second else (second, first)
    return _of_year(day, month, match[3], today)


def to_utc(local: datetime, zone: str) -> datetime:
    """The instant of a wall time: later by the gap in a gap, the first of two in a fold."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def to_local(at: datetime, zone: str) -> datetime:
    """The wall time of an instant, without a zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def in_gap(local: datetime, zone: str) -> bool:
    """Whether the clocks are put forward over this time."""
    return to_local(to_utc(local, zone), zone) != local


def in_fold(local: datetime, zone: str) -> bool:
    """Whether this time comes twice, since the clocks are put back."""
    first = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    return not in_gap(local, zone) and first.utcoffset() != first.replace(fold=1).utcoffset()


_LENGTH = re.compile(
    r"(?:(\d{1,3}(?:\.\d{1,2})?) ?h(?:ours?|rs?)?)?"
    r"(?: ?(?:and )?(\d{1,4}) ?(?:m(?:in(?:ute)?s?)?)?)?",
    re.ASCII,
)


def read_length(text: str) -> int:
    """Minutes, from ``90``, ``90 min``, ``1h``, ``1.5 hours``, ``1:30``; raises Invalid."""
    words = " ".join(clean(text[:_MAX_TEXT]).casefold().split())
    minutes = 0
    if match := re.fullmatch(r"(\d{1,2}):(\d{2})", words, re.ASCII):
        minutes = int(match[1]) * 60 + int(match[2])
    elif (match := _LENGTH.fullmatch(words)) and (match[1] or match[2]):
        minutes = round(float(match[1] or 0) * 60) + int(match[2] or 0)
    if not 1 <= minutes <= 24 * 60:
        raise Invalid("A length is 1 minute to 24 hours, such as 90 min or 1 h 30.")
    return minutes


def length_words(minutes: int) -> str:
    """``1 h 30 min``."""
    hours, rest = divmod(minutes, 60)
    words = [f"{hours} h"] if hours else []
    return " ".join([*words, *([f"{rest} min"] if rest or not hours else [])])


_BEFORE = re.compile(
    rf"({'|'.join(_NUMBERS)}|\d{{1,5}}) ?({'|'.join(_UNITS)}|m|d|w)?s?(?: before(?: start)?)?",
    re.ASCII,
)


def read_before(text: str) -> int:
    """Minutes before something, from ``24h``, ``3 days``, ``1 hour before``; raises Invalid."""
    words = " ".join(clean(text[:_MAX_TEXT]).casefold().split())
    if words in ("0", "start", "at the start", "none"):
        return 0
    match = _BEFORE.fullmatch(words)
    if match and (match[2] or match[1].isdecimal()):
        unit = match[2] or "h"
        each = _UNITS.get(unit) or _SHORT[unit]
        minutes = (_NUMBERS.get(match[1]) or int(match[1])) * each
        if minutes <= 60 * 24 * 60:
            return minutes
    raise Invalid("Say how long before: 30 min, 24 hours, 3 days; at most 60 days.")


def before_words(minutes: int) -> str:
    """``3 days``, ``1 hour``, ``90 minutes``."""
    if not minutes:
        return "0 minutes"
    for unit, each in (("week", 10080), ("day", 1440), ("hour", 60), ("minute", 1)):
        if minutes % each == 0 and (unit != "week" or minutes > 10080):
            count = minutes // each
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    raise AssertionError("a minute divides everything")


def read_clock(text: str) -> int:
    """Minutes after midnight, from ``22:00``, ``10pm`` or ``22``; raises Invalid."""
    words = _plain(text[:_MAX_TEXT])
    at, rest = _time_in(words)
    if at is not None and not rest:
        return at.hour * 60 + at.minute
    if words.isascii() and words.isdecimal() and int(words) < 24:
        return int(words) * 60
    raise Invalid("Write a time of day, such as 22:00 or 10pm.")


def clock_words(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
