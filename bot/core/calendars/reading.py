"""Reading calendar files of others: what can be a session, and why the rest cannot.

A file is hostile until it is read. So its lines are looked through once, and only those few that
matter are taken apart; no rule of repetition and no description of a zone is ever followed. What
repeats is left out with words, since a session's own Repeat keeps 8 pm at 8 pm, and a series of
somebody else's would have to be followed in every exception.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.chat.text import clean, one_line
from bot.core.calendars.event import CalendarEvent
from bot.core.calendars.zones import described_zone, zone_of

MAX_BYTES = 2_000_000
MAX_EVENTS = 2_000
_MAX_LINE, _MAX_TIME, _MOST_PARAMETERS = 20_000, 300, 10
_MAX_REASONS = 20
_MAX_TITLE, _MAX_PLACE, _MAX_TEXT, _MAX_UID = 200, 300, 4_000, 200
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_DEEPEST, _MOST_ZONES = 10, 100
_WANTED = frozenset(
    {
        *("UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "LOCATION", "DESCRIPTION", "URL"),
        *("STATUS", "SEQUENCE", "RECURRENCE-ID", "RRULE", "RDATE"),
    }
)
_REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID")
_FOLD = re.compile(rb"\r?\n[ \t]")
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,40})[;:]")
_ESCAPED = re.compile(r"\\([\\;,nN])")


class NotACalendar(ValueError):
    """The text says what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a file has: each event once, and a sentence for each that cannot be a session."""

    events: tuple[CalendarEvent, ...]
    refused: tuple[str, ...]


class _Refused(Exception):
    """Why an event cannot be a session."""


_Lines: TypeAlias = dict[str, str]
"""An event's lines by property; of a property that is there twice the first one counts."""


def read_calendar(content: bytes, zone: str) -> CalendarFile:
    """The events of a file; times without a zone are meant in the file's own, else in the given.

    Raises NotACalendar for what is none, for half of one, and for what is too large.
    """
    if len(content) > MAX_BYTES:
        raise NotACalendar(
            f"It is too large: a calendar has at most {MAX_BYTES // 1_000_000} MB here. "
            "Export a shorter span of time."
        )
    found = _Walk(_lines(content))
    here = zone_of(found.zone, found.zones) or ZoneInfo(zone)
    events: dict[str, CalendarEvent] = {}
    refused: list[str] = []
    for one in found.events:
        try:
            event = _event(one, found, here)
        except _Refused as error:
            refused.append(f"“{_title(one) or 'An event without a name'}”: {error}.")
            continue
        known = events.get(event.uid)
        if known is None or event.sequence >= known.sequence:
            events[event.uid] = event
    more = len(refused) - _MAX_REASONS
    if more > 0:
        refused = [*refused[:_MAX_REASONS], f"And {more:,} more that cannot be sessions."]
    return CalendarFile(tuple(events.values()), tuple(refused))


def _lines(content: bytes) -> Iterator[str]:
    """Whole lines: what was folded, even inside a character, is one again."""
    unfolded = _FOLD.sub(b"", content.lstrip(b"\xef\xbb\xbf \t\r\n"))
    for line in unfolded.replace(b"\r", b"\n").split(b"\n"):
        if line:
            yield line[:_MAX_LINE].decode("utf-8", "replace")


@dataclass(slots=True)
class _Zone:
    """What a file says of a zone of its own; its rules are not followed."""

    name: str = ""
    location: str = ""
    offsets: set[str] = field(default_factory=set)

    def add(self, name: str, line: str) -> None:
        value = line.partition(":")[2].strip()
        if name == "TZID":
            self.name = value
        elif name == "X-LIC-LOCATION":
            self.location = value
        elif name == "TZOFFSETTO" and len(self.offsets) < 3:
            self.offsets.add(value)


class _Walk:
    """The one walk through the lines, and what it has seen."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.events: list[_Lines] = []
        self.zones: dict[str, tzinfo] = {}
        self.zone = ""
        self.is_cancelled = False
        self._inside: list[str] = []
        self._event: _Lines = {}
        self._zone = _Zone()
        if next(lines, "").strip().upper() != "BEGIN:VCALENDAR":
            raise NotACalendar("It is no calendar: it does not begin with BEGIN:VCALENDAR.")
        self._begin("VCALENDAR")
        for line in lines:
            self._see(line)
        if self._inside:
            raise NotACalendar("It is not whole: its end is missing. Fetch or export it once more.")

    def _see(self, line: str) -> None:
        match = _NAME.match(line)
        name = match[1].upper() if match else ""
        if name in ("BEGIN", "END"):
            part = line.partition(":")[2].strip().upper()[:40]
            (self._begin if name == "BEGIN" else self._end)(part)
        elif self._inside[1:2] == ["VTIMEZONE"]:
            self._zone.add(name, line)
        elif self._inside == ["VCALENDAR", "VEVENT"] and name in _WANTED:
            self._event.setdefault(name, line)
        elif len(self._inside) == 1:
            self._about(name, line.partition(":")[2].strip())

    def _begin(self, part: str) -> None:
        self._inside.append(part)
        if len(self._inside) > _DEEPEST:
            raise NotACalendar("It is no calendar: its parts stand in each other too deeply.")
        if len(self._inside) == 2:
            self._event, self._zone = {}, _Zone()

    def _end(self, part: str) -> None:
        if not self._inside or self._inside.pop() != part:
            raise NotACalendar("It is damaged: something ends in it that did not begin.")
        if len(self._inside) != 1:
            return
        if part == "VEVENT":
            self.events.append(self._event)
            if len(self.events) > MAX_EVENTS:
                raise NotACalendar(
                    f"It has more than {MAX_EVENTS:,} events. Export a shorter span of time."
                )
        elif part == "VTIMEZONE" and len(self.zones) < _MOST_ZONES:
            zone = self._zone
            known = described_zone(zone.location, zone.offsets)
            if known is not None and zone.name:
                self.zones.setdefault(zone.name, known)

    def _about(self, name: str, value: str) -> None:
        if name == "X-WR-TIMEZONE":
            self.zone = value
        elif name == "METHOD":
            self.is_cancelled = value.upper() == "CANCEL"


def _event(one: _Lines, file: _Walk, here: tzinfo) -> CalendarEvent:
    if any(name in one for name in _REPEATS):
        raise _Refused("it repeats, and only single events are taken. Plan it with /schedule")
    start, zone = _instant(one, "DTSTART", file, here)
    if start is None:
        raise _Refused("it does not say when it begins")
    end = _end(one, file, here, start)
    if end is not None and end < start:
        raise _Refused("it ends before it begins")
    title = _title(one)
    uid = one_line(clean(_value(one, "UID")))[:_MAX_UID]
    if not uid:
        # The same event must be known again, so what it is stands for its missing name.
        named = f"{title}\n{start.isoformat()}".encode()
        uid = f"unnamed-{hashlib.sha256(named).hexdigest()[:24]}"
    status = _value(one, "STATUS").strip().upper()
    return CalendarEvent(
        uid=uid,
        title=title,
        starts_at=start,
        ends_at=end,
        zone=zone,
        place=one_line(clean(_unescaped(_value(one, "LOCATION"))))[:_MAX_PLACE] or None,
        url=one_line(clean(_value(one, "URL")))[:_MAX_PLACE] or None,
        text=clean(_unescaped(_value(one, "DESCRIPTION"))).strip()[:_MAX_TEXT],
        is_cancelled=file.is_cancelled or status == "CANCELLED",
        sequence=_sequence(_value(one, "SEQUENCE")),
    )


def _sequence(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _title(one: _Lines) -> str:
    return one_line(clean(_unescaped(_value(one, "SUMMARY"))))[:_MAX_TITLE]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def _value(one: _Lines, name: str) -> str:
    """What follows the first colon that is not inside quotes, as it is written."""
    line, is_quoted = one.get(name, ""), False
    for position, char in enumerate(line):
        if char == '"':
            is_quoted = not is_quoted
        elif char == ":" and not is_quoted:
            return line[position + 1 :]
    return ""


def _zone_name(line: str) -> str | None:
    """The zone that a line names, if any; raises ValueError for a broken line."""
    match = _NAME.match(line)
    if match is not None and line[match.end() - 1] == ":":
        return None
    if len(line) > _MAX_TIME or line.count(";") > _MOST_PARAMETERS:
        raise ValueError("no time is as long as that")
    # The first answer of a start need not wait for the library.
    from icalendar.parser import Contentline

    _, parameters, _ = Contentline(line).parts()  # type: ignore[no-untyped-call]
    given = {str(key).upper(): str(value) for key, value in parameters.items()}
    return given.get("TZID")


def _instant(
    one: _Lines, name: str, file: _Walk, here: tzinfo
) -> tuple[datetime | None, str | None]:
    """The instant in UTC, and the zone's name where it has one."""
    if name not in one:
        return None, None
    what = "start" if name == "DTSTART" else "end"
    try:
        named = _zone_name(one[name])
        value = _typed(_value(one, name))
    except (ValueError, TypeError, OverflowError, IndexError):
        raise _Refused(f"its {what} cannot be read") from None
    if not isinstance(value, datetime):
        if isinstance(value, date) and name == "DTSTART":
            raise _Refused("it is a whole day, and a session has an hour")
        if isinstance(value, date):
            return None, None
        raise _Refused(f"its {what} cannot be read")
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise _Refused(f"its year is {value.year}")
    if value.tzinfo is not None:
        return value.astimezone(UTC), None
    zone: tzinfo | None = here
    if named is not None:
        zone = zone_of(named, file.zones)
    if zone is None:
        shown = one_line(clean(named or ""))[:60]
        raise _Refused(f"its time zone “{shown}” is none that I know")
    return value.replace(tzinfo=zone).astimezone(UTC), getattr(zone, "key", None)


def _end(one: _Lines, file: _Walk, here: tzinfo, start: datetime) -> datetime | None:
    if "DTEND" in one:
        return _instant(one, "DTEND", file, here)[0]
    if "DURATION" not in one:
        return None
    try:
        length = _typed(_value(one, "DURATION"))
        return start + length if isinstance(length, timedelta) else None
    except (ValueError, TypeError, OverflowError):
        raise _Refused("its length cannot be read") from None


def _typed(text: str) -> object:
    """A date, an instant or a length; raises ValueError, TypeError or OverflowError."""
    from icalendar import vDDDTypes

    read: object = vDDDTypes.from_ical(text.strip()[:40])  # type: ignore[no-untyped-call]
    return read
