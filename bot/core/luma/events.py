"""Luma: its links, and its events as its calendar files have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.core.calendars.event import CalendarEvent

LUMA = "https://luma.com/"
_PAGES = frozenset({"lu.ma", "www.lu.ma", "luma.com", "www.luma.com"})
_FEEDS = frozenset({"api.lu.ma", "api2.luma.com", "api.luma.com"})
_UID = re.compile(r"((?:evt|calev)-[A-Za-z0-9]{4,60})@", re.ASCII)
_EVENT = re.compile(r"evt-[A-Za-z0-9]{4,60}", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9._~-]{1,100}(?:/[A-Za-z0-9._~-]{1,100})?/?", re.ASCII)
_ONLINE = "Online; the link is on the event's page on Luma"
_UP_TO_DATE = re.compile(r"Get up-to-date information at:\s*(https://\S{1,300})", re.ASCII)
_MOST_MINUTES, _LEAST_MINUTES = 24 * 60, 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """An event that may be a session."""

    luma_id: str | None
    """Luma's own id; None for an event of any other calendar."""
    uid: str
    title: str
    starts_at: datetime
    minutes: int | None
    zone: str | None
    place: str | None
    url: str | None
    """Where to join."""
    page: str | None
    """The event's page on Luma, without anybody's token."""
    is_cancelled: bool


def luma_page(text: str) -> str | None:
    """The address of a page on Luma as it is kept: one for all ways of writing it, tokens cut off.

    None for what is no such link.
    """
    parts = _split(text)
    if parts is None or parts[0] not in _PAGES or not _PATH.fullmatch(parts[1]):
        return None
    return LUMA + parts[1].strip("/")


def calendar_address(text: str) -> str | None:
    """Where a calendar file is to be had, for a link that says so; None for any other."""
    text = text.strip()
    is_said = text.casefold().startswith("webcal://")
    if is_said:
        text = f"https://{text[len('webcal://') :]}"
    parts = _split(text)
    if parts is None:
        return None
    host, path = parts
    if host in _PAGES:
        event = _EVENT.search(path)
        return f"https://api.lu.ma/ics/get?entity=event&id={event[0]}" if event else None
    is_said = is_said or host in _FEEDS or path.casefold().endswith((".ics", "/ics"))
    return text if is_said or "/ics/" in path else None


def is_link(text: str) -> bool:
    """Whether a text is an address and nothing else."""
    return _split(text) is not None


def _split(text: str) -> tuple[str, str] | None:
    text = text.strip()
    if not text.casefold().startswith(("https://", "http://", "webcal://")):
        host = text.partition("/")[0].casefold()
        if host not in _PAGES or "/" not in text:
            return None
        text = f"https://{text}"
    if any(char.isspace() for char in text):
        return None
    try:
        parts = urlsplit(text)
        return ((parts.hostname or ""), parts.path) if parts.hostname else None
    except ValueError:
        return None


def proposal_of(event: CalendarEvent) -> Proposal:
    """An event of a calendar file, with what Luma hides in places of its own."""
    match = _UID.match(event.uid)
    place, url = event.place, event.url
    page = luma_page(event.url or "")
    if page is not None:
        url = None
    if told := _UP_TO_DATE.search(event.text):
        page = luma_page(told[1]) or page
    if place is not None and is_link(place):
        # A link on Luma that stands for the place may be one guest's own: it is shown to nobody.
        host = (_split(place) or ("", ""))[0]
        is_own = host in _PAGES
        place, url = (_ONLINE, url) if is_own else (None, place)
    return Proposal(
        luma_id=match[1] if match else None,
        uid=event.uid,
        title=event.title,
        starts_at=event.starts_at.replace(second=0, microsecond=0),
        minutes=_minutes(event),
        zone=event.zone,
        place=place,
        url=url if url is None or url.startswith(("https://", "http://")) else None,
        page=page or (f"{LUMA}event/{match[1]}" if match and match[1].startswith("evt-") else None),
        is_cancelled=event.is_cancelled,
    )


def _minutes(event: CalendarEvent) -> int | None:
    if event.ends_at is None or event.ends_at == event.starts_at:
        return None
    minutes = int((event.ends_at - event.starts_at).total_seconds()) // 60
    return min(max(minutes, _LEAST_MINUTES), _MOST_MINUTES)
