"""Seats: who has one, who waits for one, and whose turn it is when one becomes free.

Everything here happens while the session's row is locked, so that a hundred who press at once get
exactly the seats, in the order in which they came. Nobody who has a seat loses it to a smaller
room; seats that become free go to those who wait, strictly in their order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.errors import Conflict
from storage.rsvps import GOING, MAYBE, Rsvp
from storage.session_rows import ClubSession
from storage.unit_of_work import UnitOfWork

CHAT, EVENT, LUMA = "chat", "event", "luma"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer."""

    rsvp: Rsvp
    promoted: tuple[Rsvp, ...] = ()
    """Those who have a seat now that they waited for."""
    has_changed: bool = True


def answer(
    uow: UnitOfWork,
    session: ClubSession,
    person_id: int,
    wanted: str,
    now: datetime,
    *,
    guests: int | None = None,
    source: str = CHAT,
) -> Answered:
    """Keeps what somebody answers; the session is locked. Raises Conflict for too many guests."""
    before = uow.rsvps.one(session.id, person_id)
    bringing = _guests(session, before, wanted, guests)
    if before is not None and (before.answer, before.guests) == (wanted, bringing):
        # Whoever has said it here has said it here, whatever another list says as well.
        kept = before.source if before.source == CHAT else source
        is_new = not before.is_confirmed or before.source != kept
        confirmed = replace(before, is_confirmed=True, source=kept)
        if is_new:
            uow.rsvps.put(replace(confirmed, answered_at=now))
        return Answered(confirmed, has_changed=is_new)
    keeps_place = before is not None and before.answer == GOING and wanted == GOING
    number = before.number if before and keeps_place else uow.sessions.count_answer(session.id)
    made = Rsvp(
        session_id=session.id,
        person_id=person_id,
        answer=wanted,
        guests=bringing,
        is_waiting=False,
        number=number,
        answered_at=now,
        was_there=before.was_there if before else None,
        source=source,
    )
    if wanted == GOING:
        made = _seated(uow, session, made, before)
    uow.rsvps.put(made)
    if before is None or before.answer != GOING:
        return Answered(made)
    # A seat may be free now; or whoever was first in line needed more seats than there were, and
    # stood before those for whom they are enough.
    promoted = fill(uow, session)
    seated = {one.person_id: one for one in promoted}
    others = tuple(one for one in promoted if one.person_id != person_id)
    return Answered(seated.get(person_id, made), others)


def _guests(session: ClubSession, before: Rsvp | None, wanted: str, guests: int | None) -> int:
    if wanted not in (GOING, MAYBE):
        return 0
    if guests is None:
        had = before.guests if before is not None else 0
        is_same = before is not None and before.answer == wanted
        # What was allowed once stays so for whoever only says it again.
        return had if is_same else min(had, session.guests)
    if not 0 <= guests <= session.guests:
        allowed = f"at most {session.guests}" if session.guests else "nobody"
        raise Conflict(f"To this session you may bring {allowed}.")
    return guests


def _seated(uow: UnitOfWork, session: ClubSession, made: Rsvp, before: Rsvp | None) -> Rsvp:
    """With a seat where one is free and nobody waits for it already."""
    if session.capacity is None:
        return made
    taken = uow.rsvps.count(session.id).going - (before.seats if before else 0)
    has_room = taken + made.seats <= session.capacity
    first = uow.rsvps.first_waiting(session.id)
    if before is not None and before.seats:
        # A guest does not overtake who waits for more seats than are free at present.
        if made.guests <= before.guests or (has_room and first is None):
            return made
        raise Conflict("There is no seat left for your guest. Your own seat stays yours.")
    is_first = first is None or first.person_id == made.person_id or first.number > made.number
    return made if has_room and is_first else replace(made, is_waiting=True)


def fill(uow: UnitOfWork, session: ClubSession) -> tuple[Rsvp, ...]:
    """Gives what is free to those who wait, in their order; the session is locked."""
    promoted: list[Rsvp] = []
    while (first := uow.rsvps.first_waiting(session.id)) is not None:
        seated = replace(first, is_waiting=False)
        if session.capacity is not None:
            taken = uow.rsvps.count(session.id).going
            if taken + seated.seats > session.capacity:
                break
        uow.rsvps.put(seated)
        promoted.append(seated)
    return tuple(promoted)


def leave(uow: UnitOfWork, session: ClubSession, person_id: int) -> tuple[Rsvp, ...]:
    """Takes somebody's answer away and gives their seat on; the session is locked."""
    uow.rsvps.drop(session.id, person_id)
    return fill(uow, session)
