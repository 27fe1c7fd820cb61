"""What is sent about a session: planned when its time has come, composed when it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.chat.invocation import PlaceRef
from bot.core.announce import targets
from bot.core.sessions.audience import (
    AFTER,
    DAY,
    HOUR,
    MENTIONS,
    MOST_PRIVATE,
    NUDGE,
    Member,
    Wanted,
    out_of_quiet,
    place_of,
    wanted,
    within_limit,
)
from bot.core.sessions.card import ANNOUNCED, RSVP
from bot.core.sessions.series import continue_series
from bot.core.sessions.words import ends_at, is_over
from storage.deliveries import PENDING, SENT, UNKNOWN, DeliveryDraft
from storage.mirrors import EVENT
from storage.session_rows import CANCELLED, SCHEDULED, ClubSession
from storage.unit_of_work import UnitOfWork

CHANGED, CALLED_OFF, SEAT = "changed", "called-off", "seat"
SESSION_KINDS = (ANNOUNCED, RSVP, NUDGE, DAY, HOUR, AFTER, CHANGED, CALLED_OFF, SEAT)
OF_ITS_TIME = (ANNOUNCED, RSVP, NUDGE, DAY, HOUR, AFTER)
"""Kinds that are planned anew for another time; what else waits to be sent is still true."""
_UNASKED = (NUDGE, DAY, HOUR, CHANGED, CALLED_OFF)
"""Who waits for a seat has asked to be told of it."""


def plan_due(uow: UnitOfWork, now: datetime) -> None:
    """Looks at each session whose time has come, in all clubs; several processes may."""
    for club_id, session_id in uow.lookout.due(now):
        look(uow.of_club(club_id), session_id, now)


def look(uow: UnitOfWork, session_id: int, now: datetime) -> None:
    """Plans what is due for one session, and notes when there is something to do again."""
    session = uow.sessions.by_id(session_id)
    if session is None:
        return
    if session.state != SCHEDULED:
        _look_at_cancelled(uow, session, now)
        return
    if session.announced_at is None and _is_to_be_announced(session, now):
        announce(uow, session, now)
    if session.tell_at is not None and session.tell_at <= now:
        _tell(uow, session, CHANGED, now)
        told = dict(session.told or {}) | {"sent": True}
        uow.sessions.mark(session.id, tell_at=None, told=told)
    since = session.looked_at or session.announce_at or session.created_at
    members, places = members_of(uow, session), places_of(uow)
    zone = _zone(uow)
    to_come = wanted(session, plan_of(uow, session), members, places, zone)
    by_id = {member.person.id: member for member in members}
    due = _latest([one for one in to_come if since < one.at <= now and _is_due(one, by_id)])
    drafts = [_draft(session, one) for one in within_limit(due, by_id)]
    uow.deliveries.plan(drafts, now)
    later = [one.at for one in to_come if one.at > now]
    # The card changes by itself when the session begins and when it ends.
    later += [at for at in (session.starts_at, ends_at(session)) if at > now]
    if session.starts_at <= now:
        uow.mirrors.touch(session.id, now)
        continue_series(uow, session, now)
    for at in (session.announce_at, session.tell_at):
        if at is not None and at > now:
            later.append(at)
    uow.sessions.mark(session.id, looked_at=now, look_at=min(later, default=None))


def _look_at_cancelled(uow: UnitOfWork, session: ClubSession, now: datetime) -> None:
    """Nothing is to be done for it but to tell people, once."""
    tell_at = session.tell_at if session.state == CANCELLED else None
    if tell_at is not None and tell_at <= now:
        _tell(uow, session, CALLED_OFF, now)
        uow.mirrors.touch(session.id, now)
        tell_at = None
    uow.sessions.mark(session.id, look_at=tell_at, tell_at=tell_at)


def _is_to_be_announced(session: ClubSession, now: datetime) -> bool:
    is_time = session.announce_at is not None and session.announce_at <= now
    return is_time and not is_over(session, now)


def announce(uow: UnitOfWork, session: ClubSession, now: datetime) -> None:
    """In each place that an announcement of it has not reached yet, and is not on its way to."""
    reached = {
        (one.platform, one.chat_id, one.thread_id)
        for one in uow.deliveries.of_subject(ANNOUNCED, str(session.number))
        if one.state in (PENDING, SENT, UNKNOWN)
    }
    drafts = [
        _to(session, ANNOUNCED, place, session.announce_at or now, ends_at(session), "0")
        for place in places_of(uow)
        if (place.platform, place.chat_id, place.thread_id) not in reached
    ]
    uow.deliveries.plan(drafts, now)
    uow.sessions.mark(session.id, announced_at=session.announced_at or now)
    for home in uow.places.all():
        if home.platform == "discord" and home.gone_at is None:
            uow.mirrors.add(uow.club_id, session.id, EVENT, home.platform, home.chat_id, due_at=now)


def _is_due(one: Wanted, members: Mapping[int, Member]) -> bool:
    """Who answered after the moment at which it was due is told by the answer itself."""
    if one.person_id is None:
        return True
    member = members[one.person_id]
    return member.rsvp is None or one.kind == NUDGE or member.rsvp.answered_at <= one.at


def _latest(due: Sequence[Wanted]) -> list[Wanted]:
    """Without the earlier of two reminders of a session that are both due, since the bot was down
    when the first one was.
    """
    last = {number for one in due if one.kind == HOUR for number in (one.person_id, *one.people)}
    kept = []
    for one in due:
        if one.kind != DAY:
            kept.append(one)
        elif one.person_id is not None:
            kept += [] if one.person_id in last else [one]
        elif people := tuple(number for number in one.people if number not in last):
            kept.append(replace(one, people=people))
    return kept


def members_of(
    uow: UnitOfWork, session: ClubSession, only: Sequence[int] | None = None
) -> list[Member]:
    """Members with what they want, what they have answered, and what they were sent.

    All of them, or only these, since one message to one person must not cost the whole club; what
    these were sent is not counted, which only matters to what is planned.
    """
    choices = uow.reminders.choices(only)
    answers = {one.person_id: one for one in uow.rsvps.of_session(session.id, only)}
    number = str(session.number)
    had = uow.deliveries.private_counts(_UNASKED, number) if only is None else {}
    members = []
    for person in uow.people.everyone() if only is None else uow.people.some(only):
        if person.is_member:
            member = Member(person, rsvp=answers.get(person.id), had=had.get(person.id, 0))
            if person.id in choices:
                member = Member(person, choices[person.id], member.rsvp, member.had)
            members.append(member)
    return members


def places_of(uow: UnitOfWork) -> list[PlaceRef]:
    """Where the club announces, on every platform."""
    return [target.place for target in targets(uow.places.all())]


def plan_of(uow: UnitOfWork, session: ClubSession | None = None) -> dict[str, object]:
    """The club's reminders, with what this session has of its own."""
    return uow.reminders.settings().plan | dict((session.plan if session else None) or {})


def _zone(uow: UnitOfWork) -> str:
    club = uow.clubs.by_id(uow.club_id)
    return club.time_zone if club else "UTC"


def _draft(session: ClubSession, one: Wanted) -> DeliveryDraft:
    place = one.place
    if place is None:
        raise ValueError("nobody can be reached nowhere")
    # Some are named at an hour of their own, since they have quiet hours or want it earlier.
    part = f"{one.at:%y%m%d%H%M}.{one.part}" if one.people else str(one.part)
    draft = _to(session, one.kind, place, one.at, one.expires_at, part, one.person_id)
    return _naming(draft, one.people) if one.people else draft


def _to(
    session: ClubSession,
    kind: str,
    place: PlaceRef,
    at: datetime,
    expires_at: datetime,
    part: str,
    person_id: int | None = None,
) -> DeliveryDraft:
    """A key of its own for each time at which the session is to be, so that nothing comes twice."""
    to = f"p{person_id}" if person_id else f"{place.platform}:{place.chat_id}:{place.thread_id}"
    return DeliveryDraft(
        key=f"{kind}:{session.number}:{session.moves}:{to}:{part}",
        kind=kind,
        subject=str(session.number),
        platform=place.platform,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        server_id=place.server_id,
        is_private=place.is_private,
        person_id=person_id,
        due_at=at,
        expires_at=expires_at,
    )


def _naming(draft: DeliveryDraft, people: Sequence[int]) -> DeliveryDraft:
    return replace(draft, people=tuple(str(number) for number in people))


def _tell(uow: UnitOfWork, session: ClubSession, kind: str, now: datetime) -> None:
    """One notice in each place, and one in private to those who come and want it so."""
    # Who hears only days later that it did not take place has noticed.
    asked_at = session.tell_at or now
    until = max(session.starts_at, asked_at + timedelta(hours=1)) + (
        timedelta(days=1) if kind == CALLED_OFF else timedelta()
    )
    for earlier in (CHANGED, CALLED_OFF):
        # What waits for the end of somebody's quiet hours is told with this.
        uow.deliveries.cancel(earlier, str(session.number), now)
    tell_people(
        uow,
        session,
        kind,
        [member for member in members_of(uow, session) if member.is_concerned],
        now,
        until,
        part=str(session.revision),
        is_for_all=session.announced_at is not None,
    )


def tell_people(
    uow: UnitOfWork,
    session: ClubSession,
    kind: str,
    members: Sequence[Member],
    now: datetime,
    until: datetime,
    *,
    part: str,
    is_for_all: bool = False,
) -> None:
    """To each of these in private, else by name in a place.

    `is_for_all` also tells the places in which nobody is to be named.
    """
    places, zone = places_of(uow), _zone(uow)
    drafts = []
    named: dict[PlaceRef, list[int]] = {place: [] for place in places} if is_for_all else {}
    for member in members:
        account = member.chat
        if account is not None and (kind not in _UNASKED or member.had < MOST_PRIVATE):
            place = PlaceRef(account.platform, account.account_id, is_private=True)
            at = max(now, out_of_quiet(now, session.starts_at, member, zone))
            drafts.append(_to(session, kind, place, at, until, part, member.person.id))
        elif (named_in := place_of(member, places)) is not None:
            named.setdefault(named_in, []).append(member.person.id)
    for place, ids in named.items():
        for start in range(0, max(1, len(ids)), MENTIONS):
            draft = _to(session, kind, place, now, until, f"{part}.{start}")
            drafts.append(_naming(draft, ids[start : start + MENTIONS]))
    uow.deliveries.plan(drafts, now)


def tell_promoted(
    uow: UnitOfWork, session: ClubSession, people: Sequence[int], now: datetime
) -> None:
    """They have a seat now that they waited for."""
    if not people:
        return
    members = members_of(uow, session, people)
    number = session.answers
    tell_people(uow, session, SEAT, members, now, ends_at(session), part=f"{number}.{people[0]}")


def take_back(
    uow: UnitOfWork, session: ClubSession, now: datetime, kinds: Sequence[str] = SESSION_KINDS
) -> None:
    """Nothing of these kinds that was planned about a session goes out any more."""
    for kind in kinds:
        uow.deliveries.cancel(kind, str(session.number), now)
