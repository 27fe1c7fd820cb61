"""Clubs: whose archive, people and places everything else is. The only noun across clubs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, Connection, Select, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class ClubTable(Base):
    __tablename__ = "clubs"
    __table_args__ = (
        CheckConstraint(
            "prefix GLOB '[A-Z]*' AND prefix NOT GLOB '*[^A-Z0-9]*' AND length(prefix) <= 16",
            name="prefix",
        ).ddl_if(dialect="sqlite"),
        CheckConstraint("prefix ~ '^[A-Z][A-Z0-9]{0,15}$'", name="prefix").ddl_if(
            dialect="postgresql"
        ),
        CheckConstraint("version >= 0", name="version"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Club:
    """A club as everybody may know it."""

    id: int
    prefix: str
    """What its papers' codes begin with: ``WPRC``."""
    name: str
    time_zone: str
    version: int
    """Grows with each change of its papers, people and roles."""


_CLUBS = select(
    ClubTable.id, ClubTable.prefix, ClubTable.name, ClubTable.time_zone, ClubTable.version
)


_VERSION = select(ClubTable.version).where(ClubTable.id == bindparam("club"))
_LOCK = select(ClubTable.id).where(ClubTable.id == bindparam("club")).with_for_update()
_BUMP = (
    update(ClubTable)
    .where(ClubTable.id == bindparam("club"))
    .values(version=ClubTable.version + 1)
    .returning(ClubTable.version)
)


class Clubs:
    """All clubs of the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, prefix: str, name: str, at: datetime, time_zone: str = "UTC") -> Club:
        """Founds a club; raises IntegrityError for a prefix that is taken or not upper case."""
        statement = insert(ClubTable).values(
            prefix=prefix, name=name, time_zone=time_zone, version=0, created_at=at
        )
        club_id = self._connection.execute(statement.returning(ClubTable.id)).scalar_one()
        return Club(club_id, prefix, name, time_zone, 0)

    def by_prefix(self, prefix: str) -> Club | None:
        return self._one(_CLUBS.where(ClubTable.prefix == prefix))

    def by_id(self, club_id: int) -> Club | None:
        return self._one(_CLUBS.where(ClubTable.id == club_id))

    def all(self) -> list[Club]:
        """Every club, by prefix."""
        rows = self._connection.execute(_CLUBS.order_by(ClubTable.prefix))
        return [Club(*row) for row in rows]

    def rename(self, club_id: int, name: str) -> None:
        statement = update(ClubTable).where(ClubTable.id == club_id)
        self._connection.execute(statement.values(name=name))
        bump_version(self._connection, club_id)

    def set_time_zone(self, club_id: int, time_zone: str) -> None:
        statement = update(ClubTable).where(ClubTable.id == club_id)
        self._connection.execute(statement.values(time_zone=time_zone))
        bump_version(self._connection, club_id)

    def version(self, club_id: int) -> int | None:
        """The counter that tells another process that its snapshot of the club is old."""
        return self._connection.execute(_VERSION, {"club": club_id}).scalar()

    def _one(self, statement: Select[int, str, str, str, int]) -> Club | None:
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else Club(*row)


def lock_club(connection: Connection, club_id: int) -> None:
    """Lets one writer of a club through at a time; SQLite has one writer in any case."""
    connection.execute(_LOCK, {"club": club_id})


def bump_version(connection: Connection, club_id: int) -> int:
    """Counts a change of the club's snapshot and gives the new version."""
    return connection.execute(_BUMP, {"club": club_id}).scalar_one()
