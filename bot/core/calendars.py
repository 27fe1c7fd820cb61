"""Calendar files: a session for somebody's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event of a calendar; instants are aware UTC."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str | None
    place: str | None
    url: str | None
    is_cancelled: bool
    is_all_day: bool
    text: str


def write_calendar(
    event: CalendarEvent,
    *,
    domain_uid: str,
    sequence: int,
    now: datetime,
    is_cancelled: bool = False,
) -> bytes:
    return b""
