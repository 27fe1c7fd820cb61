"""Who is to get what about a session, where and when: one function, without a database.

What is sent, what `/reminders preview` shows, and what a test compares both with, come from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat.invocation import PlaceRef
from bot.core.dates import to_local, to_utc
from bot.core.session_card import RSVP
from bot.core.session_words import ends_at
from storage.people import Account, Person
from storage.reminders import OFF, ReminderChoice
from storage.rsvps import GOING, MAYBE, Rsvp
from storage.session_rows import ClubSession

NUDGE, DAY, HOUR, AFTER = "nudge", "day", "hour", "after"
DEFAULT_PLAN: Mapping[str, int | None] = {
    RSVP: 3 * 24 * 60,
    NUDGE: 3 * 24 * 60,
    DAY: 24 * 60,
    HOUR: None,
    AFTER: 0,
}
"""Minutes before the start, and for the last one after the end; None for a kind that is off."""
WANTED_HOUR = 60
MOST_PRIVATE = 3
MENTIONS = 50
"""So many people are named in one message at most."""
_NUDGE_LASTS, _AFTER_LASTS = timedelta(hours=24), timedelta(days=3)
_LAST_CALL = timedelta(minutes=30)
_COMING = (GOING, MAYBE)


@dataclass(frozen=True, slots=True)
class Member:
    """One member as a session sees them."""

    person: Person
    choice: ReminderChoice = field(default_factory=ReminderChoice)
    rsvp: Rsvp | None = None
    had: int = 0
    """How many private messages about it they were sent unasked so far."""

    @property
    def is_coming(self) -> bool:
        """Going with a seat, or maybe."""
        return self.rsvp is not None and self.rsvp.answer in _COMING and not self.rsvp.is_waiting

    @property
    def is_concerned(self) -> bool:
        """Going, waiting for a seat, or maybe."""
        return self.rsvp is not None and self.rsvp.answer in _COMING

    @property
    def chat(self) -> Account | None:
        """Where they want private messages and can be reached with them."""
        account = self.person.account_on(self.choice.where)
        return account if account is not None and account.unreachable_at is None else None

    def wants(self, kind: str) -> bool:
        return self.choice.where != OFF and bool(self.choice.kinds.get(kind, True))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One message that is to be sent. To a person it is private; to a place it may name people."""

    kind: str
    at: datetime
    expires_at: datetime
    place: PlaceRef | None = None
    """None for somebody who can be reached nowhere."""
    person_id: int | None = None
    """Of a private message."""
    people: tuple[int, ...] = ()
    """Whom a message in a place names."""
    part: int = 0


def wanted(
    session: ClubSession,
    plan: Mapping[str, object],
    members: Sequence[Member],
    places: Sequence[PlaceRef],
    club_zone: str,
) -> list[Wanted]:
    """Every reminder of a session that takes place, in the order of time.

    `plan` says the minutes by kind, for the club with what the session has of its own.
    """
    found = [_to_place(RSVP, session, plan, place) for place in places if _is_on(plan, RSVP)]
    found += [_to_place(AFTER, session, plan, place) for place in places if _is_on(plan, AFTER)]
    named: dict[tuple[str, datetime, PlaceRef], list[int]] = {}
    for member in members:
        if not member.person.is_member:
            continue
        found += _private(session, plan, member, club_zone)
        for kind, at, place in _mentions(session, plan, member, places):
            named.setdefault((kind, at, place), []).append(member.person.id)
    for (kind, at, place), ids in named.items():
        for part, start in enumerate(range(0, len(ids), MENTIONS)):
            people = tuple(ids[start : start + MENTIONS])
            found.append(Wanted(kind, at, session.starts_at, place, people=people, part=part))
    return sorted(found, key=lambda one: (one.at, one.kind, one.person_id or 0))


def nowhere(
    session: ClubSession,
    plan: Mapping[str, object],
    members: Sequence[Member],
    places: Sequence[PlaceRef],
) -> list[Wanted]:
    """Those who come, would be reminded, and can be reached in no way at all."""
    found = []
    for member in members:
        if not (member.person.is_member and member.is_coming and member.wants(DAY)):
            continue
        if member.chat is None and place_of(member, places) is None and _is_on(plan, DAY):
            at = session.starts_at - timedelta(minutes=_minutes(plan, DAY, member))
            found.append(Wanted(DAY, at, session.starts_at, None, member.person.id))
    return found


def _is_on(plan: Mapping[str, object], kind: str) -> bool:
    return plan.get(kind, DEFAULT_PLAN[kind]) is not None


def _minutes(plan: Mapping[str, object], kind: str, member: Member | None = None) -> int:
    if kind == DAY and member is not None and member.choice.lead is not None:
        return member.choice.lead
    minutes = plan.get(kind, DEFAULT_PLAN[kind])
    return int(str(minutes)) if minutes is not None else WANTED_HOUR


def _to_place(
    kind: str, session: ClubSession, plan: Mapping[str, object], place: PlaceRef
) -> Wanted:
    minutes = timedelta(minutes=_minutes(plan, kind))
    if kind == AFTER:
        at = ends_at(session) + minutes
        return Wanted(kind, at, at + _AFTER_LASTS, place)
    at = session.starts_at - minutes
    return Wanted(kind, at, min(at + _NUDGE_LASTS, session.starts_at), place)


def _private(
    session: ClubSession, plan: Mapping[str, object], member: Member, club_zone: str
) -> list[Wanted]:
    """What one member gets in private: never without having asked for it."""
    account = member.chat
    if account is None:
        return []
    place = PlaceRef(account.platform, account.account_id, is_private=True)
    found = []
    for kind in _kinds_for(plan, member):
        at = session.starts_at - timedelta(minutes=_minutes(plan, kind, member))
        at = out_of_quiet(at, session.starts_at, member, club_zone)
        until = min(at + _NUDGE_LASTS, session.starts_at) if kind == NUDGE else session.starts_at
        found.append(Wanted(kind, at, until, place, member.person.id))
    return found


def _kinds_for(plan: Mapping[str, object], member: Member) -> list[str]:
    kinds = []
    if member.rsvp is None and _is_on(plan, RSVP) and _is_on(plan, NUDGE) and member.wants(NUDGE):
        kinds.append(NUDGE)
    if member.is_coming:
        if _is_on(plan, DAY) and member.wants(DAY):
            kinds.append(DAY)
        # Nobody gets it who has not asked for it, unless the club has.
        if member.choice.kinds.get(HOUR, _is_on(plan, HOUR)):
            kinds.append(HOUR)
    return kinds


def _mentions(
    session: ClubSession, plan: Mapping[str, object], member: Member, places: Sequence[PlaceRef]
) -> list[tuple[str, datetime, PlaceRef]]:
    """Where those are named who come and have no private message.

    That somebody has not answered is never said in a place.
    """
    place = place_of(member, places)
    if member.chat is not None or not member.is_coming or place is None:
        return []
    kinds = [kind for kind in (DAY, HOUR) if _is_on(plan, kind) and member.wants(kind)]
    return [
        (kind, session.starts_at - timedelta(minutes=_minutes(plan, kind)), place) for kind in kinds
    ]


def place_of(member: Member, places: Sequence[PlaceRef]) -> PlaceRef | None:
    """The one place where they can be named: on the platform that they prefer, if there is one."""
    own = [place for place in places if member.person.account_on(place.platform)]
    preferred = [place for place in own if place.platform == member.choice.where]
    return next(iter(preferred or own), None)


def out_of_quiet(at: datetime, start: datetime, member: Member, club_zone: str) -> datetime:
    """Later, when the quiet hours are over; earlier, where the session would have begun by then."""
    choice, zone = member.choice, member.person.time_zone or club_zone
    if choice.quiet_from is None or choice.quiet_to is None:
        return at
    if choice.quiet_from == choice.quiet_to:
        return at
    local = to_local(at, zone)
    minute = local.hour * 60 + local.minute
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    begins, ends = choice.quiet_from, choice.quiet_to
    if begins < ends:
        if not begins <= minute < ends:
            return at
        first, last = midnight, midnight
    elif minute >= begins:
        first, last = midnight, midnight + timedelta(days=1)
    elif minute < ends:
        first, last = midnight - timedelta(days=1), midnight
    else:
        return at
    over = to_utc(last + timedelta(minutes=ends), zone)
    if over <= start - _LAST_CALL:
        return over
    return to_utc(first + timedelta(minutes=begins), zone) - timedelta(minutes=1)
