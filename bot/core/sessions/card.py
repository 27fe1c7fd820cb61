"""The card of a session: one count for all platforms, and the buttons that answer it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from bot.chat.reply import Action, Block, Card, Field, Reply, Style, Subject
from bot.chat.text import Bold, Link, Text, When, counted
from bot.core.context import Context
from bot.core.dates import length_words
from bot.core.page_view import shown
from bot.core.sessions.words import (
    closes_at,
    is_over,
    life,
    title_of,
    when_of,
    where_of,
)
from storage.rsvps import GOING, MAYBE, NO, Count
from storage.session_rows import CANCELLED, SCHEDULED, ClubSession
from storage.unit_of_work import UnitOfWork

SESSION = "session"
ANNOUNCED, RSVP = "announced", "rsvp"
MOST_NAMES = 12
_ANSWERS = ((GOING, "Going"), (MAYBE, "Maybe"), (NO, "Can't"))


def session_card(
    uow: UnitOfWork,
    session: ClubSession,
    now: datetime,
    *,
    said: Text = (),
    actions: Sequence[Action] = (),
) -> Reply:
    """The session as everybody may see it, with the buttons that everybody may press."""
    count = uow.rsvps.count(session.id)
    fields = _fields(uow, session, count)
    body = [Block(line) for line in _lines(uow, session, now, count)]
    return Reply(
        text=said,
        card=Card(title_of(session, uow.papers.head), tuple(fields), tuple(body)),
        actions=(*buttons(session, now), *actions),
        subject=Subject(SESSION, str(session.number)),
    )


def _fields(uow: UnitOfWork, session: ClubSession, count: Count) -> list[Field]:
    fields = [Field("When", when_of(session)), Field("Length", (length_words(session.minutes),))]
    if where := where_of(session):
        fields.append(Field("Where", where))
    if host := host_of(uow, session):
        fields.append(Field("Host", (host,)))
    fields.append(Field("Coming", (count_words(session, count),)))
    if session.closes_before is not None:
        fields.append(Field("Answer until", (When(closes_at(session)),)))
    if session.luma_url:
        fields.append(Field("Luma", (Link("The event's page", session.luma_url),)))
    return fields


def digest_of(shown: object) -> str:
    """The same for what is shown the same: a card, or an entry in a calendar."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def count_words(session: ClubSession, count: Count) -> str:
    """``12 of 15 going, 3 waiting, 4 maybe``."""
    going = f"{count.going} going"
    if session.capacity is not None and count.going > session.capacity:
        # The room has become smaller, and nobody loses a seat by that.
        going = f"{going} ({counted(session.capacity, 'seat')})"
    elif session.capacity is not None:
        going = f"{count.going} of {session.capacity} going"
    words = [going]
    if count.waiting:
        words.append(f"{count.waiting} waiting for a seat")
    words.append(f"{count.maybe} maybe")
    return ", ".join(words)


def host_of(uow: UnitOfWork, session: ClubSession) -> str:
    """Who hosts it, as others may see them; empty for nobody."""
    host = uow.people.by_id(session.host_id) if session.host_id else None
    return shown(host.name) if host is not None and host.is_member else ""


def _lines(uow: UnitOfWork, session: ClubSession, now: datetime, count: Count) -> list[Text]:
    lines: list[Text] = []
    state = life(session, now)
    if session.state != SCHEDULED or state in ("running", "done"):
        lines.append((Bold(_STATES.get(state, state.capitalize())),))
    if names := _names(uow, session, count):
        lines.append((Bold("Going"), f": {names}"))
    return lines


_STATES = {
    "cancelled": "Cancelled: this session does not take place.",
    "running": "It is going on now.",
    "done": "It is over.",
    "proposed": "Proposed: an organiser has yet to confirm it.",
    "not saved yet": "Not saved yet: nobody sees it.",
}


def _names(uow: UnitOfWork, session: ClubSession, count: Count) -> str:
    """First names of those who come and allow it: ``Ana, Ben and 9 more``."""
    named = uow.rsvps.first_names(session.id, MOST_NAMES) if count.going else []
    if not named:
        return ""
    words = ", ".join(shown(name).split()[0] for name in named)
    more = count.going - len(named)
    return f"{words} and {more} more" if more else words


def intro(uow: UnitOfWork, kind: str | None) -> Text:
    """With what words a card in a place begins, by the occasion on which it was sent."""
    if kind == RSVP:
        return ("Will you come? One tap is enough.",)
    club = uow.clubs.by_id(uow.club_id)
    return (Bold(club.name), " meets.") if kind == ANNOUNCED and club else ()


def answer_buttons(session: ClubSession) -> tuple[Action, ...]:
    """Going, Maybe and Can't."""
    number = str(session.number)
    return tuple(
        Action(label, "rsvp", (answer, number), Style.PRIMARY if answer == GOING else Style.PLAIN)
        for answer, label in _ANSWERS
    )


def buttons(session: ClubSession, now: datetime) -> tuple[Action, ...]:
    """What everybody may press on a card."""
    number = str(session.number)
    read = (Action("Read the paper", "paper", (session.code,)),) if session.code else ()
    if session.state == CANCELLED:
        return read
    if session.state != SCHEDULED:
        return ()
    if is_over(session, now):
        return (*read, Action("Give an opinion", "opinion", (session.code or "",)))
    return (
        *answer_buttons(session),
        Action("Notify me", "notify", (number,)),
        Action("Add to calendar", "calendar", (number,)),
        *read,
    )


def for_organisers(session: ClubSession, ctx: Context) -> tuple[Action, ...]:
    """What organisers may press besides; the host notes who was there."""
    number = str(session.number)
    if not ctx.is_organiser:
        person = ctx.person
        is_host = person is not None and session.host_id == person.id
        has_begun = session.state == SCHEDULED and session.starts_at <= ctx.now
        return (Action("Attendance", "attendance", (number,)),) if is_host and has_begun else ()
    if session.state == CANCELLED:
        return (Action("Undo the cancellation", "uncancel", (number,)),)
    if session.state != SCHEDULED:
        return (Action("Prepare it", "prepare", (number,), Style.PRIMARY),)
    attendance = Action("Attendance", "attendance", (number,))
    if is_over(session, ctx.now):
        return (attendance,)
    return (
        Action("Move", "alter", (number, "when")),
        Action("Edit", "prepare", (number,)),
        Action("Cancel", "cancel-session", (number,), Style.DANGER),
        attendance,
        Action("Reminders", "reminders", ("preview", number)),
    )
