"""Who is to get what about a session, where and when: one function, without a database.

What is sent, what `/reminders preview` shows, and what a test compares both with, come from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat.invocation import PlaceRef
from bot.core.dates import to_local, to_utc
from bot.core.sessions.card import RSVP
from bot.core.sessions.words import closes_at, ends_at
from storage.people import Account, Person
from storage.reminders import OFF, ReminderChoice
from storage.rsvps import GOING, MAYBE, Rsvp
from storage.session_rows import SCHEDULED, ClubSession

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
_BEFORE_DEADLINE = timedelta(days=1)
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
    """Every reminder of a session, in the order of time; none of one that does not take place.

    `plan` says the minutes by kind, for the club with what the session has of its own.
    """
    if session.state != SCHEDULED:
        return []
    kinds = [RSVP] if _is_asked(session, plan) else []
    kinds += [AFTER] if _is_on(plan, AFTER) and session.code is not None else []
    found = [_to_place(kind, session, plan, place) for kind in kinds for place in places]
    named: dict[tuple[str, datetime, PlaceRef], list[int]] = {}
    for member in members:
        if not member.person.is_member:
            continue
        account, place = member.chat, place_of(member, places)
        for kind, at in reminders_of(member, session, plan, club_zone):
            if account is not None:
                chat = PlaceRef(account.platform, account.account_id, is_private=True)
                found.append(_to_person(kind, at, session, chat, member.person.id))
            elif kind != NUDGE and place is not None:
                # That somebody has not answered is never said in a place.
                named.setdefault((kind, at, place), []).append(member.person.id)
    for (kind, at, place), ids in named.items():
        found += _naming(kind, at, session, place, ids)
    return sorted(found, key=lambda one: (one.at, one.kind, one.person_id or 0))


def reminders_of(
    member: Member, session: ClubSession, plan: Mapping[str, object], club_zone: str
) -> list[tuple[str, datetime]]:
    """What a member is reminded of and when, wherever they can be reached."""
    kinds = []
    if member.rsvp is None and _is_asked(session, plan) and _is_on(plan, NUDGE):
        kinds.append(NUDGE)
    if member.is_coming and _is_on(plan, DAY):
        kinds.append(DAY)
    # Nobody gets it who has not asked for it, unless the club has.
    if member.is_coming and member.choice.kinds.get(HOUR, _is_on(plan, HOUR)):
        kinds.append(HOUR)
    found = []
    for kind in kinds:
        if member.wants(kind):
            if kind == NUDGE:
                # It goes out together with the reminder in the place.
                at, until = _asked_at(session, plan), _answered_until(session)
            else:
                at = session.starts_at - timedelta(minutes=_minutes(plan, kind, member))
                until = session.starts_at
            found.append((kind, out_of_quiet(at, until, member, club_zone)))
    at_last = {at for kind, at in found if kind == HOUR}
    # Where quiet hours put both at the same instant, the last call is enough.
    return [(kind, at) for kind, at in found if kind != DAY or at not in at_last]


def within_limit(due: Sequence[Wanted], members: Mapping[int, Member]) -> list[Wanted]:
    """Of what is to be sent, in the order of time, no more to anybody than the limit leaves."""
    had = {number: member.had for number, member in members.items()}
    kept = []
    for one in due:
        if one.person_id is not None:
            if had.get(one.person_id, 0) >= MOST_PRIVATE:
                continue
            had[one.person_id] = had.get(one.person_id, 0) + 1
        kept.append(one)
    return kept


def nowhere(
    session: ClubSession,
    plan: Mapping[str, object],
    members: Sequence[Member],
    places: Sequence[PlaceRef],
    club_zone: str,
) -> list[Wanted]:
    """Those who come, would be reminded, and can be reached in no way at all."""
    if session.state != SCHEDULED:
        return []
    return [
        Wanted(kind, at, session.starts_at, None, member.person.id)
        for member in members
        if member.person.is_member and member.chat is None and place_of(member, places) is None
        for kind, at in reminders_of(member, session, plan, club_zone)
        if kind == DAY
    ]


def _is_on(plan: Mapping[str, object], kind: str) -> bool:
    return plan.get(kind, DEFAULT_PLAN[kind]) is not None


def _is_asked(session: ClubSession, plan: Mapping[str, object]) -> bool:
    """Whether people are asked to answer once more after the announcement."""
    if not _is_on(plan, RSVP):
        return False
    return session.announce_at is None or _asked_at(session, plan) > session.announce_at


def _asked_at(session: ClubSession, plan: Mapping[str, object]) -> datetime:
    """As the plan says; a day before the session's own deadline, where it would come after that."""
    at = session.starts_at - timedelta(minutes=_minutes(plan, RSVP))
    until = _answered_until(session)
    return at if at < until else until - _BEFORE_DEADLINE


def _answered_until(session: ClubSession) -> datetime:
    """Until when it is of use to ask."""
    return min(session.starts_at, closes_at(session))


def _minutes(plan: Mapping[str, object], kind: str, member: Member | None = None) -> int:
    if kind == DAY and member is not None and member.choice.lead is not None:
        return member.choice.lead
    minutes = plan.get(kind, DEFAULT_PLAN[kind])
    return int(str(minutes)) if minutes is not None else WANTED_HOUR


def _to_place(
    kind: str, session: ClubSession, plan: Mapping[str, object], place: PlaceRef
) -> Wanted:
    if kind == AFTER:
        at = ends_at(session) + timedelta(minutes=_minutes(plan, kind))
        return Wanted(kind, at, at + _AFTER_LASTS, place)
    at = _asked_at(session, plan)
    return Wanted(kind, at, min(at + _NUDGE_LASTS, _answered_until(session)), place)


def _naming(
    kind: str, at: datetime, session: ClubSession, place: PlaceRef, ids: Sequence[int]
) -> list[Wanted]:
    """Those who come and want no private message, or cannot get one."""
    return [
        Wanted(
            kind,
            at,
            session.starts_at,
            place,
            people=tuple(ids[start : start + MENTIONS]),
            part=part,
        )
        for part, start in enumerate(range(0, len(ids), MENTIONS))
    ]


def _to_person(
    kind: str, at: datetime, session: ClubSession, chat: PlaceRef, person_id: int
) -> Wanted:
    """Only to who has asked for private messages."""
    is_nudge = kind == NUDGE
    until = min(at + _NUDGE_LASTS, _answered_until(session)) if is_nudge else session.starts_at
    return Wanted(kind, at, until, chat, person_id)


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
