"""Leases: what only one process may do at a time, such as serving a shard or polling."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class LeaseTable(Base):
    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]


class Leases:
    """The leases of all processes on this database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, name: str, owner: str, now: datetime, lasts: timedelta) -> bool:
        """Takes or renews a lease; False while another owner's has not run out."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        values = {"owner": owner, "until": now + lasts}
        statement = dialect.insert(LeaseTable).values(name=name, **values)
        is_free = or_(LeaseTable.owner == owner, LeaseTable.until <= now)
        taken = statement.on_conflict_do_update(
            index_elements=["name"], set_=values, where=is_free
        ).returning(LeaseTable.name)
        return self._connection.execute(taken).first() is not None

    def owner(self, name: str) -> str | None:
        """Who took the lease last, whether or not it has run out."""
        statement = select(LeaseTable.owner).where(LeaseTable.name == name)
        return self._connection.execute(statement).scalar()

    def owners(self, prefix: str) -> list[str]:
        """Who holds leases whose name begins so, whether or not these have run out."""
        begins = func.substr(LeaseTable.name, 1, len(prefix)) == prefix
        return list(self._connection.execute(select(LeaseTable.owner).where(begins)).scalars())

    def alive(self, prefix: str, now: datetime) -> int:
        """How many leases whose name begins so have not run out, such as shares of a budget."""
        statement = select(func.count()).where(
            func.substr(LeaseTable.name, 1, len(prefix)) == prefix, LeaseTable.until > now
        )
        return self._connection.execute(statement).scalar_one()

    def living(self, now: datetime) -> list[tuple[str, str]]:
        """The names and owners of all leases that have not run out."""
        statement = select(LeaseTable.name, LeaseTable.owner).where(LeaseTable.until > now)
        return [(name, owner) for name, owner in self._connection.execute(statement)]

    def forget_before(self, instant: datetime) -> int:
        """Drops the leases that ran out before an instant; how many those were."""
        return self._connection.execute(
            delete(LeaseTable).where(LeaseTable.until < instant)
        ).rowcount

    def release(self, name: str, owner: str) -> None:
        """Gives a lease back, so that another process need not wait until it runs out."""
        mine = (LeaseTable.name == name) & (LeaseTable.owner == owner)
        self._connection.execute(delete(LeaseTable).where(mine))
