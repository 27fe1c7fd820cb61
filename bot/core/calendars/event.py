"""Calendar files: an event as they have it, and a session written for somebody's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.chat.text import clean, one_line

_PRODUCT = "-//WPRC Bot//Sessions//EN"
_YEARS_BEFORE, _YEARS_AFTER = 1, 2
"""For which years around the event the clock changes of its zone are written down."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event of a calendar; instants are aware UTC."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    zone: str | None = None
    """The IANA name of the zone that it was meant in; None where only the instant is known."""
    place: str | None = None
    url: str | None = None
    text: str = ""
    is_cancelled: bool = False
    sequence: int = 0
    """How often it has changed: a calendar keeps what has the greater number."""


def write_calendar(event: CalendarEvent, now: datetime) -> bytes:
    """A calendar (RFC 5545) of one event, with its zone's clock changes."""
    # The first answer of a start need not wait for the library.
    from icalendar import Calendar, Event, Timezone

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    zone = ZoneInfo(event.zone) if event.zone else ZoneInfo("UTC")
    local = event.starts_at.astimezone(zone)
    if zone.key not in ("UTC", "Etc/UTC"):
        first = date(max(local.year - _YEARS_BEFORE, 1970), 1, 1)
        last = date(local.year + _YEARS_AFTER, 1, 1)
        calendar.add_component(Timezone.from_tzinfo(zone, zone.key, first, last))
    entry = Event()
    entry.add("uid", _line(event.uid))
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", local)
    if event.ends_at is not None:
        entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", _line(event.title))
    if text := clean(event.text).strip():
        entry.add("description", text)
    if place := _line(event.place or ""):
        entry.add("location", place)
    if url := _line(event.url or ""):
        entry.add("url", url)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("sequence", event.sequence)
    calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content


def _line(text: str) -> str:
    """What members wrote, without what could begin a property of its own."""
    return one_line(clean(text))
