"""Sessions: the meetings of a club, and the series that they repeat in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.clubs import bump_version, lock_club
from storage.session_rows import (
    COLUMNS,
    DRAFT,
    SCHEDULED,
    ClubSession,
    Series,
    SeriesTable,
    SessionTable,
)

_LONGEST = timedelta(days=1)
# Made once: each tap and each message asks them, and making one takes longer than running it.
_OURS = SessionTable.club_id == bindparam("club")
_BY_NUMBER = select(*COLUMNS).where(_OURS, SessionTable.number == bindparam("number"))
_BY_ID = select(*COLUMNS).where(_OURS, SessionTable.id == bindparam("number"))
_LOCKED = _BY_NUMBER.with_for_update()
_COUNT_ANSWER = (
    update(SessionTable)
    .where(_OURS, SessionTable.id == bindparam("session"))
    .values(answers=SessionTable.answers + 1)
    .returning(SessionTable.answers)
)
_LOOK_BY = (
    update(SessionTable)
    .where(
        _OURS,
        SessionTable.id == bindparam("session"),
        or_(SessionTable.look_at.is_(None), SessionTable.look_at > bindparam("at")),
    )
    .values(look_at=bindparam("at"), looked_at=bindparam("now"))
)


class Sessions:
    """The sessions of one club. Whatever the club's snapshot shows counts its version up."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(self, at: datetime, **values: object) -> ClubSession:
        """A new session with the club's next number; raises IntegrityError for a known event."""
        lock_club(self._connection, self._club_id)
        last = select(func.coalesce(func.max(SessionTable.number), 0)).where(self._ours)
        given: dict[str, object] = {
            "club_id": self._club_id,
            "number": self._connection.execute(last).scalar_one() + 1,
            "state": DRAFT,
            "guests": 0,
            "revision": 0,
            "moves": 0,
            "answers": 0,
            "interested": 0,
            "created_at": at,
        }
        statement = insert(SessionTable).values(given | values).returning(*COLUMNS)
        added = ClubSession(*self._connection.execute(statement).one())
        self._bump(added.state)
        return added

    def by_number(self, number: int) -> ClubSession | None:
        return self._numbered(_BY_NUMBER, number)

    def by_id(self, session_id: int) -> ClubSession | None:
        return self._numbered(_BY_ID, session_id)

    def by_luma(self, luma_id: str) -> ClubSession | None:
        return self._one(SessionTable.luma_id == luma_id)

    def locked(self, number: int) -> ClubSession | None:
        """The same as `by_number`, and no other unit of work changes it before this one ends."""
        return self._numbered(_LOCKED, number)

    def coming(self, now: datetime, states: Sequence[str] = (SCHEDULED,)) -> list[ClubSession]:
        """Those that are not over, the next one first."""
        return [
            one
            for one in self._all(SessionTable.starts_at > now - _LONGEST, states)
            if one.starts_at + timedelta(minutes=one.minutes) > now
        ]

    def past(self, now: datetime, states: Sequence[str], limit: int = 50) -> list[ClubSession]:
        """Those that are over, the latest one first."""
        statement = select(*COLUMNS).where(
            self._ours, SessionTable.starts_at <= now, SessionTable.state.in_(states)
        )
        ordered = statement.order_by(SessionTable.starts_at.desc()).limit(limit)
        found = [ClubSession(*row) for row in self._connection.execute(ordered)]
        return [one for one in found if one.starts_at + timedelta(minutes=one.minutes) <= now]

    def shown(self, limit: int) -> list[ClubSession]:
        """The latest of all but drafts, in the order of time."""
        statement = select(*COLUMNS).where(self._ours, SessionTable.state != DRAFT)
        latest = statement.order_by(SessionTable.starts_at.desc()).limit(limit)
        return [ClubSession(*row) for row in self._connection.execute(latest)][::-1]

    def of_series(self, series_id: int) -> list[ClubSession]:
        """Every session of a series, in the order of the rule's dates."""
        statement = select(*COLUMNS).where(self._ours, SessionTable.series_id == series_id)
        rows = self._connection.execute(statement.order_by(SessionTable.series_date))
        return [ClubSession(*row) for row in rows]

    def by_page(self, luma_url: str) -> list[ClubSession]:
        """Those with this page on Luma, the latest one first."""
        statement = select(*COLUMNS).where(self._ours, SessionTable.luma_url == luma_url)
        rows = self._connection.execute(statement.order_by(SessionTable.starts_at.desc()))
        return [ClubSession(*row) for row in rows]

    def by_event(self, uid: str) -> ClubSession | None:
        return self._one(SessionTable.event_uid == uid)

    def lock(self) -> None:
        """Nobody else adds one before this unit of work ends, so none is added twice."""
        lock_club(self._connection, self._club_id)

    def set(self, session: ClubSession, **values: object) -> ClubSession:
        """Changes it and gives what it is now."""
        statement = (
            update(SessionTable)
            .where(self._ours, SessionTable.id == session.id)
            .values(values | {"revision": SessionTable.revision + 1})
            .returning(*COLUMNS)
        )
        changed = ClubSession(*self._connection.execute(statement).one())
        self._bump(changed.state)
        return changed

    def mark(self, session_id: int, **values: object) -> None:
        """Notes what is nobody's business but the program's own."""
        mine = and_(self._ours, SessionTable.id == session_id)
        self._connection.execute(update(SessionTable).where(mine).values(values))

    def look_by(self, session_id: int, at: datetime, now: datetime) -> None:
        """Has it looked at by then, if it is not before: something has changed now.

        Nothing was due until now, and what would have been, as things are from now on, is past.
        """
        given = {"club": self._club_id, "session": session_id, "at": at, "now": now}
        self._connection.execute(_LOOK_BY, given)

    def look_again(self, now: datetime) -> None:
        """Looks at all that is to come anew: what people want has changed."""
        mine = and_(self._ours, SessionTable.state == SCHEDULED, SessionTable.look_at.is_not(None))
        statement = update(SessionTable).where(mine, SessionTable.look_at > now)
        self._connection.execute(statement.values(look_at=now, looked_at=now))

    def count_answer(self, session_id: int) -> int:
        """The number of the next answer: by it those who wait are in order."""
        given = {"club": self._club_id, "session": session_id}
        return self._connection.execute(_COUNT_ANSWER, given).scalar_one()

    def drop_drafts(self, before: datetime) -> int:
        """Forgets what nobody has saved."""
        mine = and_(self._ours, SessionTable.state == DRAFT, SessionTable.created_at < before)
        return self._connection.execute(delete(SessionTable).where(mine)).rowcount

    def detach_person(self, person_id: int, to_person: int | None = None) -> None:
        """Who is forgotten hosts nothing and has made nothing; who is joined is the other one."""
        for column in (SessionTable.host_id, SessionTable.created_by):
            statement = update(SessionTable).where(self._ours, column == person_id)
            self._connection.execute(statement.values({column.key: to_person}))

    def add_series(
        self, rule: str, local_start: str, time_zone: str, template: dict[str, object]
    ) -> int:
        statement = insert(SeriesTable).values(
            club_id=self._club_id,
            rule=rule,
            local_start=local_start,
            time_zone=time_zone,
            template=template,
        )
        return self._connection.execute(statement.returning(SeriesTable.id)).scalar_one()

    def series(self, series_id: int) -> Series | None:
        found = [one for one in self.all_series() if one.id == series_id]
        return found[0] if found else None

    def all_series(self) -> list[Series]:
        table = SeriesTable
        statement = select(
            *(table.id, table.rule, table.local_start, table.time_zone),
            *(table.template, table.ended_at),
        ).where(table.club_id == self._club_id)
        return [Series(*row) for row in self._connection.execute(statement.order_by(table.id))]

    def set_series(self, series_id: int, **values: object) -> None:
        mine = and_(SeriesTable.club_id == self._club_id, SeriesTable.id == series_id)
        self._connection.execute(update(SeriesTable).where(mine).values(values))

    @property
    def _ours(self) -> ColumnElement[bool]:
        return SessionTable.club_id == self._club_id

    def _all(self, condition: ColumnElement[bool], states: Sequence[str]) -> list[ClubSession]:
        statement = select(*COLUMNS).where(self._ours, condition, SessionTable.state.in_(states))
        ordered = statement.order_by(SessionTable.starts_at, SessionTable.number)
        return [ClubSession(*row) for row in self._connection.execute(ordered)]

    def _one(self, condition: ColumnElement[bool]) -> ClubSession | None:
        statement = select(*COLUMNS).where(self._ours, condition)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else ClubSession(*row)

    def _numbered(self, statement: Select[*tuple[Any, ...]], number: int) -> ClubSession | None:
        given = {"club": self._club_id, "number": number}
        row = self._connection.execute(statement, given).one_or_none()
        return None if row is None else ClubSession(*row)

    def _bump(self, state: str) -> None:
        if state != DRAFT:
            bump_version(self._connection, self._club_id)


class Lookout:
    """Of all clubs: the sessions for which there is something to do."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, now: datetime) -> list[tuple[int, int]]:
        """Club and id of each session to be looked at now; nobody else looks at them meanwhile."""
        statement = (
            select(SessionTable.club_id, SessionTable.id)
            .where(SessionTable.look_at <= now)
            .order_by(SessionTable.look_at)
            .limit(100)
            .with_for_update(skip_locked=True)
        )
        return [(row[0], row[1]) for row in self._connection.execute(statement)]

    def next_at(self) -> datetime | None:
        """When there is something to do next."""
        statement = select(func.min(SessionTable.look_at))
        return self._connection.execute(statement).scalar()
