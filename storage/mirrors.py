"""Mirrors: what shows a session on a platform and is kept in step with it.

A card is a message with the counts on it; an event stands in a server's own calendar. The session
is the truth: a mirror only knows how much of it was shown last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UtcDateTime, one_of, within_club
from storage.places import PLATFORMS
from storage.session_rows import SCHEDULED, SessionTable

CARD, EVENT = "card", "event"
_IS_SET = text("due_at IS NOT NULL")


class MirrorTable(Base):
    __tablename__ = "mirrors"
    __table_args__ = (
        one_of("kind", (CARD, EVENT)),
        one_of("platform", PLATFORMS),
        within_club(["session_id"], "sessions", ["id"]),
        Index("ix_mirrors_due_at", "due_at", sqlite_where=_IS_SET, postgresql_where=_IS_SET),
        Index(None, "club_id", "session_id"),
        Index("uq_mirrors_shown", "platform", "chat_id", "key", "session_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int]
    session_id: Mapped[int]
    kind: Mapped[str]
    platform: Mapped[str]
    chat_id: Mapped[str]
    thread_id: Mapped[str | None]
    server_id: Mapped[str | None]
    is_private: Mapped[bool]
    key: Mapped[str]
    message_id: Mapped[str | None]
    intro: Mapped[str | None]
    wanted: Mapped[int]
    shown: Mapped[int]
    due_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    digest: Mapped[str | None]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]


@dataclass(frozen=True, slots=True)
class Mirror:
    id: int
    club_id: int
    session_id: int
    kind: str
    platform: str
    chat_id: str
    """Of an event, the server."""
    thread_id: str | None
    server_id: str | None
    is_private: bool
    message_id: str | None
    """The message's id or the event's; None for an event that is not made yet."""
    intro: str | None
    """As what a card was sent, since its first words stay."""
    wanted: int
    shown: int
    shown_at: datetime | None
    digest: str | None
    """Of what was shown last, so that the same is not shown again."""
    attempts: int


_FIELDS = tuple(MirrorTable.__table__.c[name] for name in Mirror.__dataclass_fields__)

_TOUCH = (
    update(MirrorTable)
    .where(
        MirrorTable.session_id == bindparam("session"),
        MirrorTable.kind.in_(bindparam("kinds", expanding=True)),
    )
    .values(
        wanted=MirrorTable.wanted + 1,
        due_at=func.coalesce(MirrorTable.due_at, bindparam("due", type_=UtcDateTime())),
    )
)


class Mirrors:
    """The mirrors of all clubs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        club_id: int,
        session_id: int,
        kind: str,
        platform: str,
        chat_id: str,
        *,
        message_id: str | None = None,
        intro: str | None = None,
        thread_id: str | None = None,
        server_id: str | None = None,
        is_private: bool = False,
        due_at: datetime | None = None,
        digest: str | None = None,
    ) -> None:
        """Keeps something in step from now on; one that is known stays as it is.

        Of several cards of one sort in a place only this one is: each of them takes from what may
        be written there, and the newest is the one that people look at.
        """
        if kind == CARD:
            older = and_(
                MirrorTable.session_id == session_id,
                MirrorTable.kind == CARD,
                MirrorTable.platform == platform,
                MirrorTable.chat_id == chat_id,
                MirrorTable.thread_id.is_not_distinct_from(thread_id),
                MirrorTable.intro.is_not_distinct_from(intro),
                MirrorTable.message_id != message_id,
            )
            self._connection.execute(delete(MirrorTable).where(older))
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(MirrorTable).values(
            club_id=club_id,
            session_id=session_id,
            kind=kind,
            platform=platform,
            chat_id=chat_id,
            thread_id=thread_id,
            server_id=server_id,
            is_private=is_private,
            # An event has an id only once it is made; there is one of it for each server.
            key=message_id if kind == CARD else EVENT,
            message_id=message_id,
            intro=intro,
            wanted=1,
            shown=0 if due_at else 1,
            due_at=due_at,
            digest=digest,
            attempts=0,
        )
        self._connection.execute(statement.on_conflict_do_nothing())

    def is_kept(self, session_id: int, platform: str, chat_id: str, message_id: str) -> bool:
        """Whether this card of a session is kept in step already."""
        statement = select(MirrorTable.id).where(
            MirrorTable.platform == platform,
            MirrorTable.chat_id == chat_id,
            MirrorTable.key == message_id,
            MirrorTable.session_id == session_id,
        )
        return self._connection.execute(statement).first() is not None

    def touch(
        self, session_id: int, due_at: datetime, kinds: Sequence[str] = (CARD, EVENT)
    ) -> bool:
        """The session has changed: all that shows it is to be shown anew; whether any does.

        `kinds` are those that show what has changed.
        """
        given = {"session": session_id, "due": due_at, "kinds": kinds}
        return self._connection.execute(_TOUCH, given).rowcount > 0

    def of_session(self, session_id: int) -> list[Mirror]:
        statement = select(*_FIELDS).where(MirrorTable.session_id == session_id)
        rows = self._connection.execute(statement.order_by(MirrorTable.id))
        return [Mirror(*row) for row in rows]

    def claim(
        self,
        platforms: Sequence[str],
        owner: str,
        now: datetime,
        until: datetime,
        limit: int,
        rested: datetime,
    ) -> list[Mirror]:
        """Takes what is to be shown anew and nobody is showing; each with what is wanted of it.

        What was shown later than `rested` is left for the next time.
        """
        due = (
            select(MirrorTable.id)
            .where(
                MirrorTable.due_at <= now,
                MirrorTable.platform.in_(platforms),
                or_(MirrorTable.lease_until.is_(None), MirrorTable.lease_until <= now),
                or_(MirrorTable.shown_at.is_(None), MirrorTable.shown_at <= rested),
            )
            .order_by(MirrorTable.due_at)
            .limit(limit)
        )
        if self._connection.dialect.name == "postgresql":
            locked = due.with_for_update(skip_locked=True)
            due = select(locked.cte("due").prefix_with("MATERIALIZED").c.id)
        statement = (
            update(MirrorTable)
            .where(MirrorTable.id.in_(due))
            .values(owner=owner, lease_until=until, attempts=MirrorTable.attempts + 1)
            .returning(*_FIELDS)
        )
        return [Mirror(*row) for row in self._connection.execute(statement)]

    def done(
        self,
        mirror: Mirror,
        owner: str,
        at: datetime,
        message_id: str | None = None,
        digest: str | None = None,
    ) -> None:
        """What was wanted when it was claimed is shown; what came since is due after it."""
        values: dict[str, object] = {
            "shown": mirror.wanted,
            "owner": None,
            "lease_until": None,
            "attempts": 0,
        }
        if message_id is not None:
            values["message_id"] = message_id
        if digest is None or digest != mirror.digest:
            # What showed it already was not touched, and need not rest.
            values["shown_at"] = at
        if digest is not None:
            values["digest"] = digest
        self._mine(mirror, owner, values)
        settled = and_(
            MirrorTable.id == mirror.id, MirrorTable.wanted == mirror.wanted, _unowned(owner)
        )
        self._connection.execute(update(MirrorTable).where(settled).values(due_at=None))

    def put_back(
        self,
        mirror: Mirror,
        owner: str,
        due_at: datetime | None,
        *,
        is_gone: bool = False,
        counts: bool = True,
    ) -> None:
        """Tried again later; None for not before the session changes again.

        A card that is gone is forgotten, and an event that is gone is to be made anew. What was not
        tried at all does not count as an attempt.
        """
        if is_gone and mirror.kind == CARD:
            mine = and_(MirrorTable.id == mirror.id, MirrorTable.owner == owner)
            self._connection.execute(delete(MirrorTable).where(mine))
            return
        values: dict[str, object] = {"due_at": due_at, "owner": None, "lease_until": None}
        if is_gone:
            values["message_id"] = None
        if due_at is None:
            values["attempts"] = 0
        elif not counts:
            values["attempts"] = MirrorTable.attempts - 1
        self._mine(mirror, owner, values)

    def lost(self, mirror: Mirror, due_at: datetime) -> None:
        """What showed it is there no more, and is to be made anew."""
        statement = update(MirrorTable).where(
            MirrorTable.id == mirror.id, MirrorTable.message_id == mirror.message_id
        )
        self._connection.execute(
            statement.values(
                message_id=None,
                wanted=MirrorTable.wanted + 1,
                due_at=func.coalesce(MirrorTable.due_at, due_at),
            )
        )

    def events_to_come(self, now: datetime) -> list[Mirror]:
        """The calendar entries of sessions that have not begun."""
        statement = (
            select(*_FIELDS)
            .join(SessionTable, SessionTable.id == MirrorTable.session_id)
            .where(
                MirrorTable.kind == EVENT,
                MirrorTable.message_id.is_not(None),
                SessionTable.state == SCHEDULED,
                SessionTable.starts_at > now,
            )
        )
        return [Mirror(*row) for row in self._connection.execute(statement)]

    def next_at(self) -> datetime | None:
        statement = select(func.min(MirrorTable.due_at))
        return self._connection.execute(statement).scalar()

    def _mine(self, mirror: Mirror, owner: str, values: dict[str, object]) -> None:
        mine = and_(MirrorTable.id == mirror.id, MirrorTable.owner == owner)
        self._connection.execute(update(MirrorTable).where(mine).values(values))


def _unowned(owner: str) -> ColumnElement[bool]:
    return or_(MirrorTable.owner.is_(None), MirrorTable.owner == owner)
