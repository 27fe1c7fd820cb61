"""RSVPs: who comes to a session, who waits for a seat, and who was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    and_,
    bindparam,
    delete,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of, within_club
from storage.people import PersonTable
from storage.reminders import CHAT_ONLY, ReminderChoiceTable

GOING, MAYBE, NO = "going", "maybe", "no"
ANSWERS = (GOING, MAYBE, NO)


class RsvpTable(Base):
    __tablename__ = "rsvps"
    __table_args__ = (
        one_of("answer", ANSWERS),
        within_club(["session_id"], "sessions", ["id"]),
        within_club(["person_id"], "people", ["id"]),
        Index(None, "club_id", "person_id"),
    )

    club_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str]
    guests: Mapped[int]
    is_waiting: Mapped[bool] = mapped_column(server_default=false())
    number: Mapped[int]
    answered_at: Mapped[datetime]
    is_confirmed: Mapped[bool] = mapped_column(server_default=true())
    was_there: Mapped[bool | None]
    source: Mapped[str]


class LumaGuestTable(Base):
    __tablename__ = "luma_guests"
    __table_args__ = (within_club(["session_id"], "sessions", ["id"]),)

    club_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]


@dataclass(frozen=True, slots=True)
class Rsvp:
    """One person's answer."""

    session_id: int
    person_id: int
    answer: str
    guests: int
    is_waiting: bool
    """Wants to come, and has no seat yet."""
    number: int
    """The place in the order in which seats were asked for."""
    answered_at: datetime
    is_confirmed: bool = True
    """False since the session was moved, until they say again."""
    was_there: bool | None = None
    source: str = "chat"

    @property
    def seats(self) -> int:
        """How many seats they take."""
        return 1 + self.guests if self.answer == GOING and not self.is_waiting else 0


@dataclass(frozen=True, slots=True)
class Count:
    """How many people a session's card shows."""

    going: int = 0
    """With their guests, and with those who come by another list."""
    maybe: int = 0
    no: int = 0
    waiting: int = 0


def _joined(one: Rsvp, other: Rsvp) -> Rsvp:
    """Two answers of one human."""
    later, earlier = sorted((one, other), key=lambda answer: answer.answered_at, reverse=True)
    joined = replace(later, was_there=one.was_there or other.was_there)
    if later.answer != GOING or earlier.answer != GOING:
        return joined
    joined = replace(joined, number=min(one.number, other.number))
    if later.is_waiting and earlier.seats:
        # The seat that they have is kept, and they bring no more than it is good for.
        return replace(joined, is_waiting=False, guests=min(later.guests, earlier.guests))
    return joined


_NAMED = tuple(Rsvp.__dataclass_fields__)
_FIELDS = tuple(RsvpTable.__table__.c[name] for name in Rsvp.__dataclass_fields__)
_OF_SESSION = (
    select(*_FIELDS)
    .where(RsvpTable.club_id == bindparam("club"), RsvpTable.session_id == bindparam("session"))
    .order_by(RsvpTable.number)
)
_OF_SOME = _OF_SESSION.where(RsvpTable.person_id.in_(bindparam("only", expanding=True)))
_ONE = select(*_FIELDS).where(
    RsvpTable.club_id == bindparam("club"),
    RsvpTable.session_id == bindparam("session"),
    RsvpTable.person_id == bindparam("person"),
)
_FIRST_WAITING = _OF_SESSION.where(RsvpTable.is_waiting).limit(1)
_NAMES = (
    select(PersonTable.name)
    .join(
        RsvpTable,
        and_(RsvpTable.club_id == PersonTable.club_id, RsvpTable.person_id == PersonTable.id),
    )
    .where(
        RsvpTable.club_id == bindparam("club"),
        RsvpTable.session_id == bindparam("session"),
        RsvpTable.answer == GOING,
        ~RsvpTable.is_waiting,
        PersonTable.shows_name,
    )
    .order_by(RsvpTable.number)
    .limit(bindparam("limit"))
)
_COUNTS = (
    select(RsvpTable.answer, RsvpTable.is_waiting, func.count(), func.sum(RsvpTable.guests))
    .where(RsvpTable.club_id == bindparam("club"), RsvpTable.session_id == bindparam("session"))
    .group_by(RsvpTable.answer, RsvpTable.is_waiting)
)


# A guest whose mark is that of a member counts by what the member has answered here; for one who
# wants only the chat to count, Luma's list does not count at all.
_KNOWN = (
    select(ReminderChoiceTable.luma_mark)
    .outerjoin(
        RsvpTable,
        and_(
            RsvpTable.club_id == ReminderChoiceTable.club_id,
            RsvpTable.person_id == ReminderChoiceTable.person_id,
            RsvpTable.session_id == bindparam("session"),
        ),
    )
    .where(
        ReminderChoiceTable.club_id == bindparam("club"),
        ReminderChoiceTable.luma_mark.is_not(None),
        or_(RsvpTable.person_id.is_not(None), ReminderChoiceTable.luma == CHAT_ONLY),
    )
)
_LUMA_SEATS = select(func.count()).where(
    LumaGuestTable.club_id == bindparam("club"),
    LumaGuestTable.session_id == bindparam("session"),
    LumaGuestTable.status == GOING,
    LumaGuestTable.mark.not_in(_KNOWN),
)


def _putting(insert: Any) -> Any:
    kept = {name: insert.excluded[name] for name in _NAMED if not name.endswith("_id")}
    return insert.on_conflict_do_update(
        index_elements=["club_id", "session_id", "person_id"], set_=kept
    )


_PUT: Mapping[str, Any] = {
    "sqlite": _putting(sqlite.insert(RsvpTable)),
    "postgresql": _putting(postgresql.insert(RsvpTable)),
}


class Rsvps:
    """The answers of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def one(self, session_id: int, person_id: int) -> Rsvp | None:
        given = {"club": self._club_id, "session": session_id, "person": person_id}
        row = self._connection.execute(_ONE, given).one_or_none()
        return None if row is None else Rsvp(*row)

    def of_session(self, session_id: int, only: Sequence[int] | None = None) -> list[Rsvp]:
        """In the order in which they asked; of all, or of these people."""
        given: dict[str, object] = {"club": self._club_id, "session": session_id}
        if only is not None:
            given["only"] = list(only)
        statement = _OF_SESSION if only is None else _OF_SOME
        return [Rsvp(*row) for row in self._connection.execute(statement, given)]

    def first_names(self, session_id: int, limit: int) -> list[str]:
        """Names of those who have a seat and show it, in the order in which they asked."""
        given = {"club": self._club_id, "session": session_id, "limit": limit}
        return list(self._connection.execute(_NAMES, given).scalars())

    def of_person(self, person_id: int) -> list[Rsvp]:
        statement = select(*_FIELDS).where(self._ours, RsvpTable.person_id == person_id)
        rows = self._connection.execute(statement.order_by(RsvpTable.session_id))
        return [Rsvp(*row) for row in rows]

    def count(self, session_id: int) -> Count:
        given = {"club": self._club_id, "session": session_id}
        going = maybe = no = waiting = 0
        for answer, is_waiting, people, guests in self._connection.execute(_COUNTS, given):
            if answer == GOING and is_waiting:
                waiting = people
            elif answer == GOING:
                going = people + int(guests)
            elif answer == MAYBE:
                maybe = people
            else:
                no = people
        return Count(going + self.luma_seats(session_id), maybe, no, waiting)

    def first_waiting(self, session_id: int) -> Rsvp | None:
        """Whose turn it is when a seat becomes free."""
        given = {"club": self._club_id, "session": session_id}
        row = self._connection.execute(_FIRST_WAITING, given).one_or_none()
        return None if row is None else Rsvp(*row)

    def put(self, rsvp: Rsvp) -> None:
        """Keeps an answer in the place of the one before."""
        values = {name: getattr(rsvp, name) for name in _NAMED}
        statement = _PUT[self._connection.dialect.name]
        self._connection.execute(statement, values | {"club_id": self._club_id})

    def drop(self, session_id: int, person_id: int) -> None:
        mine = and_(RsvpTable.session_id == session_id, RsvpTable.person_id == person_id)
        self._connection.execute(delete(RsvpTable).where(self._ours, mine))

    def ask_to_confirm(self, session_id: int) -> None:
        """The time has changed: all who come or may come are to say so again."""
        mine = and_(RsvpTable.session_id == session_id, RsvpTable.answer != NO)
        statement = update(RsvpTable).where(self._ours, mine)
        self._connection.execute(statement.values(is_confirmed=False))

    def set_there(self, session_id: int, person_id: int, was_there: bool | None) -> None:
        mine = and_(RsvpTable.session_id == session_id, RsvpTable.person_id == person_id)
        statement = update(RsvpTable).where(self._ours, mine)
        self._connection.execute(statement.values(was_there=was_there))

    def forget_person(self, person_id: int) -> None:
        mine = and_(self._ours, RsvpTable.person_id == person_id)
        self._connection.execute(delete(RsvpTable).where(mine))

    def move_person(self, from_person: int, to_person: int) -> None:
        """Two are one human: the later word counts, with the better of their seats in line.

        The sessions are locked, and whoever calls this gives on what became free.
        """
        theirs = {one.session_id: one for one in self.of_person(to_person)}
        for one in self.of_person(from_person):
            other = theirs.get(one.session_id)
            self.put(replace(one if other is None else _joined(one, other), person_id=to_person))
        self.forget_person(from_person)

    def luma_seats(self, session_id: int) -> int:
        """How many come by Luma's list and are not known by an answer here."""
        given = {"club": self._club_id, "session": session_id}
        return self._connection.execute(_LUMA_SEATS, given).scalar_one()

    def luma_guests(self, session_id: int) -> dict[str, str]:
        """What Luma's list says of each guest, by their mark."""
        table = LumaGuestTable
        mine = and_(table.club_id == self._club_id, table.session_id == session_id)
        rows = self._connection.execute(select(table.mark, table.status).where(mine))
        return {row[0]: row[1] for row in rows}

    def set_luma(self, session_id: int, guests: Sequence[tuple[str, str]]) -> None:
        """Keeps a guest list by the guests' marks, without names and addresses."""
        table = LumaGuestTable
        mine = and_(table.club_id == self._club_id, table.session_id == session_id)
        self._connection.execute(delete(table).where(mine))
        rows = [
            {"club_id": self._club_id, "session_id": session_id, "mark": mark, "status": status}
            for mark, status in dict(guests).items()
        ]
        if rows:
            self._connection.execute(table.__table__.insert(), rows)  # type: ignore[attr-defined]

    @property
    def _ours(self) -> ColumnElement[bool]:
        return RsvpTable.club_id == self._club_id
