"""What has changed about a session since people heard of it last, and how it is said to them."""

from __future__ import annotations

from datetime import datetime

from bot.chat.text import Bold, Link, Span, Text, When
from bot.core.dates import length_words
from bot.core.sessions.card import host_of
from bot.core.sessions.words import subject_of, title_of, when_of, where_of
from storage.session_rows import ClubSession
from storage.unit_of_work import UnitOfWork

_WHERE = ("place", "url", "channel")
_ABOUT = ("code", "title")
_KNOWN = (*_WHERE, *_ABOUT, "minutes", "host_id", "luma_url")
NEWS = frozenset({"starts_at", *_KNOWN})
"""What those who come may want to be told of; seats and deadlines the card says well enough."""


def known(session: ClubSession) -> dict[str, object]:
    """What people know of it until they are told."""
    values = {name: getattr(session, name) for name in _KNOWN}
    return values | {"starts_at": session.starts_at.isoformat()}


def cancellation(uow: UnitOfWork, session: ClubSession) -> Text:
    title = title_of(session, uow.papers.head)
    return (Bold(title), " is cancelled. It was to be on ", When(session.starts_at), ".")


def news(uow: UnitOfWork, session: ClubSession) -> Text:
    """All that is not as people know it."""
    told = session.told or {}
    changed = _changes(uow, session, told)
    if told.get("cancelled"):
        return (Bold("It takes place after all"), ", ", *when_of(session), ".", *changed)
    return (Bold("Changed"), ":", *(changed or (" please look at the details.",)))


def _changes(uow: UnitOfWork, session: ClubSession, told: dict[str, object]) -> Text:
    spans: list[Span] = []

    def has_changed(*names: str) -> bool:
        return any(name in told and told[name] != getattr(session, name) for name in names)

    before = told.get("starts_at")
    is_moved = bool(before) and before != session.starts_at.isoformat()
    if is_moved:
        was = datetime.fromisoformat(str(before))
        spans += [" It is on ", When(session.starts_at), " now (it was ", When(was), ")."]
    if has_changed(*_WHERE):
        where = where_of(session)
        spans += [" Where: ", *where, "."] if where else [" Where: not said any more."]
    if has_changed(*_ABOUT):
        spans.append(f" What: {subject_of(session, uow.papers.head)}.")
    if has_changed("minutes"):
        spans.append(f" It lasts {length_words(session.minutes)} now.")
    if has_changed("host_id"):
        host = host_of(uow, session)
        spans.append(f" {host} hosts it now." if host else " Nobody hosts it for now.")
    if has_changed("luma_url") and session.luma_url:
        spans += [" Luma: ", Link("the event's page", session.luma_url), "."]
    if is_moved:
        spans.append(" Please say again whether you come.")
    return tuple(spans)
