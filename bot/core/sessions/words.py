"""A session in words: what it is called, when and where it is, and what has become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.chat.text import Link, Span, Text, When
from bot.core.dates import before_words
from bot.core.page_view import shown
from storage.papers import PaperHead
from storage.session_rows import CANCELLED, DRAFT, PROPOSED, SCHEDULED, ClubSession

_MAX_LABEL = 60
Papers: TypeAlias = Callable[[str], PaperHead | None]
"""Where a paper is looked up by its code: the snapshot or the database."""


def ends_at(session: ClubSession) -> datetime:
    return session.starts_at + timedelta(minutes=session.minutes)


def closes_at(session: ClubSession) -> datetime:
    """Until when answers are taken; the end where the club has set no deadline."""
    if session.closes_before is None:
        return ends_at(session)
    return session.starts_at - timedelta(minutes=session.closes_before)


def is_over(session: ClubSession, now: datetime) -> bool:
    return now >= ends_at(session)


def as_known(session: ClubSession, now: datetime) -> ClubSession:
    """The session as it is shown: until people are told of a cancellation nobody is to see it, so
    that it can be undone unnoticed.
    """
    if session.state != CANCELLED or session.tell_at is None or session.tell_at <= now:
        return session
    return replace(session, state=SCHEDULED)


def life(session: ClubSession, now: datetime) -> str:
    """What a session is at this moment; running and done follow from the clock alone."""
    if session.state == CANCELLED:
        return "cancelled"
    if session.state == DRAFT:
        return "not saved yet"
    if session.state == PROPOSED:
        return "proposed"
    if is_over(session, now):
        return "done"
    if session.starts_at <= now:
        return "running"
    return "announced" if session.announced_at is not None else "scheduled"


def subject_of(session: ClubSession, papers: Papers) -> str:
    """What is read or talked about."""
    head = papers(session.code) if session.code else None
    if session.title:
        return shown(f"{session.code}: {session.title}" if session.code else session.title)
    if head is not None:
        return shown(f"{head.code}: {head.title}")
    if session.event_title:
        return f"{shown(session.event_title)} (the paper is not chosen yet)"
    return session.code or "the paper is not chosen yet"


def title_of(session: ClubSession, papers: Papers) -> str:
    return f"Session {session.number} · {subject_of(session, papers)}"


def label_of(session: ClubSession, papers: Papers) -> str:
    """Short enough for a button."""
    title = title_of(session, papers)
    return title if len(title) <= _MAX_LABEL else title[: _MAX_LABEL - 1] + "…"


def when_of(session: ClubSession) -> Text:
    return (When(session.starts_at),)


def where_of(session: ClubSession) -> Text:
    """The address and the link; empty where nobody has said."""
    spans: list[Span] = []
    if session.place:
        spans.append(shown(session.place))
    if session.channel:
        spans += ["; " if spans else "", _voice(session.channel)]
    if session.url and session.url != session.place:
        spans += ["; " if spans else "", Link("Join here", session.url)]
    return tuple(spans)


def _voice(channel: str) -> Span:
    """The voice channel, by an address that opens it; Discord shows that as the channel."""
    _, server, number = channel.split(":")
    return Link("Voice channel on Discord", f"https://discord.com/channels/{server}/{number}")


def deadline_words(session: ClubSession) -> str:
    """When answers close."""
    if session.closes_before is None:
        return "none"
    return f"{before_words(session.closes_before)} before"
