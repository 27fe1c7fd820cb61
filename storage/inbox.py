"""The inbox: events of a platform, kept from their arrival until they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Connection,
    Index,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base

_OPEN = text("done_at IS NULL")


class InboxTable(Base):
    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_open", "source", "number", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    source: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), primary_key=True, autoincrement=False
    )
    payload: Mapped[str | None]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    reply: Mapped[str | None]


_ONE = (InboxTable.source == bindparam("of")) & (InboxTable.number == bindparam("at_number"))
_REPLY = select(InboxTable.reply).where(_ONE)
_KEEP = (
    update(InboxTable)
    .where(_ONE, InboxTable.done_at.is_(None), InboxTable.reply.is_(None))
    .values(reply=bindparam("kept"))
)
_FINISH = (
    update(InboxTable)
    .where(
        InboxTable.source == bindparam("of"),
        InboxTable.number.in_(bindparam("numbers", expanding=True)),
    )
    .values(done_at=bindparam("at"), payload=None, reply=None)
)
_WAITING = (
    select(InboxTable.number, InboxTable.payload)
    .where(
        InboxTable.source == bindparam("of"),
        InboxTable.number > bindparam("after"),
        InboxTable.done_at.is_(None),
    )
    .order_by(InboxTable.number)
    .limit(bindparam("most"))
)


class AlreadyHandled(Exception):
    """Another has had the effects of this event; those of this transaction must not stay."""


class Inbox:
    """The events of all platforms; a source is one bot on one of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accept(self, source: str, updates: Sequence[tuple[int, str]], at: datetime) -> list[int]:
        """Keeps events, each as its number and what was sent; gives the numbers that are new."""
        rows = [
            {"source": source, "number": number, "payload": payload, "received_at": at}
            for number, payload in dict(updates).items()
        ]
        if not rows:
            return []
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(InboxTable).on_conflict_do_nothing()
        return list(
            self._connection.execute(statement.returning(InboxTable.number), rows).scalars()
        )

    def waiting(self, source: str, limit: int = 1_000, after: int = -1) -> list[tuple[int, str]]:
        """What was not finished, in the order of the numbers, from after the given one."""
        values = {"of": source, "after": after, "most": limit}
        return [(row[0], row[1] or "") for row in self._connection.execute(_WAITING, values)]

    def reply(self, source: str, number: int) -> str | None:
        """What was answered to an open event that has had its effects; None where it has not."""
        return self._connection.execute(_REPLY, {"of": source, "at_number": number}).scalar()

    def keep_reply(self, source: str, number: int, reply: str) -> None:
        """Kept in the transaction of the effects, so that they never happen again.

        Raises AlreadyHandled where another kept one first or has finished the event: a process
        that lost its lease may still be at work on what the next one has taken over.
        """
        values = {"of": source, "at_number": number, "kept": reply}
        if not self._connection.execute(_KEEP, values).rowcount:
            raise AlreadyHandled(f"{source} {number}")

    def finish(self, source: str, numbers: Sequence[int], at: datetime) -> None:
        """Handled and answered: only the number stays, and nothing of what was said."""
        for start in range(0, len(numbers), 1_000):
            part = list(numbers[start : start + 1_000])
            self._connection.execute(_FINISH, {"of": source, "numbers": part, "at": at})

    def depth(self) -> int:
        """How many events were not finished."""
        statement = select(func.count()).where(InboxTable.done_at.is_(None))
        return self._connection.execute(statement).scalar_one()

    def waiting_since(self) -> datetime | None:
        """When the oldest of what was not finished arrived."""
        statement = select(func.min(InboxTable.received_at)).where(InboxTable.done_at.is_(None))
        return self._connection.execute(statement).scalar()

    def forget_before(self, instant: datetime) -> int:
        """Drops the marks of what was finished before an instant; how many those were."""
        return self._connection.execute(
            delete(InboxTable).where(InboxTable.done_at < instant)
        ).rowcount
