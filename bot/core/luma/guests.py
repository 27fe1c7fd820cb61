"""Guests on Luma: counted by marks, and matched to the members who gave an address for it.

A mark is a keyed digest of an address, under a secret of the club's own. Names and addresses are
gone once a list has been read. What counts for a member is which lists they chose: for “both” the
later word, so Luma's list speaks only where it says something new.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.invocation import Origin
from bot.chat.text import counted
from bot.core.context import Context
from bot.core.luma.guest_lists import WAITING, Guest
from bot.core.people import CONSOLE
from bot.core.sessions.rsvps import refill, touched
from bot.core.sessions.seats import LUMA, answer
from bot.core.sessions.words import is_over
from storage.reminders import BOTH, LUMA_ONLY, ReminderChoice
from storage.rsvps import GOING, NO
from storage.session_rows import SCHEDULED, ClubSession


@dataclass(frozen=True, slots=True)
class Counted:
    """What a guest list came to."""

    going: int
    waiting: int
    matched: int
    """How many of its guests are members who gave an address."""


def mark_of(secret: str, address: str) -> str:
    return hmac.new(secret.encode(), address.encode(), hashlib.sha256).hexdigest()


def take_guests(
    ctx: Context, session: ClubSession, guests: Sequence[Guest], secret: str
) -> Counted:
    """Keeps a whole guest list of a session, which is locked, in the place of the one before."""
    marks: dict[str, str] = {}
    for guest in guests:
        mark = mark_of(secret, guest.address)
        # Who has registered twice comes if one of the two says so.
        if marks.get(mark) != GOING:
            marks[mark] = guest.status
    before = ctx.uow.rsvps.luma_guests(session.id)
    choices = _choices(ctx)
    matched = sum(mark in choices for mark in marks)
    if before != marks:
        ctx.uow.rsvps.set_luma(session.id, list(marks.items()))
    has_changed = before != marks
    for mark in sorted(choices.keys() & (before.keys() | marks.keys())):
        is_news = before.get(mark) != marks.get(mark)
        for person_id in choices[mark]:
            if is_news or ctx.uow.rsvps.one(session.id, person_id) is None:
                has_changed |= _apply(ctx, session, person_id, marks.get(mark, NO))
    if has_changed:
        refill(ctx, session)
    statuses = list(marks.values())
    return Counted(statuses.count(GOING), statuses.count(WAITING), matched)


def _choices(ctx: Context) -> dict[str, list[int]]:
    """Members for whom Luma's list counts, by their marks."""
    found: dict[str, list[int]] = {}
    for person_id, choice in ctx.uow.reminders.choices().items():
        if choice.luma_mark and choice.luma in (LUMA_ONLY, BOTH):
            found.setdefault(choice.luma_mark, []).append(person_id)
    return found


def _apply(ctx: Context, session: ClubSession, person_id: int, status: str) -> bool:
    """What Luma says now of a member is their answer, as far as it is one; whether it was news."""
    person = ctx.uow.people.by_id(person_id)
    known = ctx.uow.rsvps.one(session.id, person_id)
    if person is None or not person.is_member:
        return False
    if status == GOING:
        bringing = min(known.guests, session.guests) if known else 0
        made = answer(ctx.uow, session, person_id, GOING, ctx.now, guests=bringing, source=LUMA)
        if made.rsvp.is_waiting:
            # Luma has given them the seat, and they were counted as its guest until now.
            ctx.uow.rsvps.put(replace(made.rsvp, is_waiting=False))
        return True
    if known is None or known.answer == NO:
        return False
    if status == NO:
        made = answer(ctx.uow, session, person_id, NO, ctx.now, source=LUMA)
        touched(ctx, session, [one.person_id for one in made.promoted])
        return True
    if known.source == LUMA:
        # On Luma they wait: nothing is known of whether they come.
        ctx.uow.rsvps.drop(session.id, person_id)
    return True


def match_member(ctx: Context, person_id: int, before: ReminderChoice) -> int:
    """Somebody has chosen which lists count: what Luma's lists say of them counts from now on.

    How many coming sessions Luma has them on.
    """
    choice = ctx.uow.reminders.choice(person_id)
    counts = choice.luma in (LUMA_ONLY, BOTH) and choice.luma_mark is not None
    found = 0
    for coming in ctx.uow.sessions.coming(ctx.now, (SCHEDULED,)):
        guests = ctx.uow.rsvps.luma_guests(coming.id)
        marks = {choice.luma_mark, before.luma_mark} - {None}
        if not guests.keys() & marks:
            continue
        session = ctx.uow.sessions.locked(coming.number)
        if session is None or is_over(session, ctx.now):
            continue
        known = ctx.uow.rsvps.one(session.id, person_id)
        status = guests.get(choice.luma_mark or "") if counts else None
        if status is not None:
            found += 1
            if known is None or choice.luma == LUMA_ONLY:
                _apply(ctx, session, person_id, status)
        elif known is not None and known.source == LUMA:
            # It was Luma's word alone, and that does not count any more.
            ctx.uow.rsvps.drop(session.id, person_id)
        refill(ctx, session)
    return found


def with_guests(ctx: Context) -> list[ClubSession]:
    """The coming sessions whose guest lists can be read with a key, the next one first."""
    coming = ctx.uow.sessions.coming(ctx.now, (SCHEDULED,))
    return [one for one in coming if one.luma_id is not None]


def is_said_openly(ctx: Context) -> bool:
    """Whether others of the place can read what was typed or sent."""
    call = ctx.invocation
    is_typed = call.origin is Origin.TEXT and call.place.platform != CONSOLE
    return is_typed and not call.place.is_private


def guests_words(found: Counted) -> str:
    guests = counted(found.going, "guest")
    waits = counted(found.waiting, "more waits", "more wait")
    waiting = f", {waits} there" if found.waiting else ""
    known = "none" if not found.matched else str(found.matched)
    return f"{guests} by Luma's list{waiting}; {known} of them known to the club by address."
