"""Calendars on Luma: what a club has told of its own, and how reading it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, ForeignKey, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class LumaTable(Base):
    __tablename__ = "luma_calendars"

    club_id: Mapped[int] = mapped_column(
        ForeignKey("clubs.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str]
    feed: Mapped[str | None]
    etag: Mapped[str | None]
    modified: Mapped[str | None]
    failures: Mapped[int]
    said: Mapped[str | None]
    read_at: Mapped[datetime | None]
    feed_at: Mapped[datetime | None]
    guests_said: Mapped[str | None]
    guests_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class LumaCalendar:
    """A club's calendar on Luma."""

    secret: str
    """With it guests' addresses become marks, so that no other club's marks are the same."""
    feed: str | None = None
    """The address of its subscription; it may hold a secret, so it is shown to nobody."""
    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    """How often in a row the feed could not be read."""
    said: str | None = None
    """What came of reading the feed last, for organisers."""
    read_at: datetime | None = None
    feed_at: datetime | None = None
    """When the feed is read next."""
    guests_said: str | None = None
    guests_at: datetime | None = None
    """When the guest lists are read next."""


_FIELDS = tuple(LumaTable.__table__.c[name] for name in LumaCalendar.__dataclass_fields__)


class LumaCalendars:
    """The calendar of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def get(self) -> LumaCalendar | None:
        statement = select(*_FIELDS).where(LumaTable.club_id == self._club_id)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else LumaCalendar(*row)

    def begin(self, secret: str) -> LumaCalendar:
        """The calendar as it is; with this secret where there was none."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        values = {"club_id": self._club_id, "secret": secret, "failures": 0}
        statement = dialect.insert(LumaTable).values(values).on_conflict_do_nothing()
        self._connection.execute(statement)
        return self.get() or LumaCalendar(secret)

    def set(self, **values: object) -> None:
        mine = LumaTable.club_id == self._club_id
        self._connection.execute(update(LumaTable).where(mine).values(values))


class LumaDue:
    """Of all clubs: whose calendars are to be read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(
        self,
        what: Literal["feed", "guests"],
        now: datetime,
        until: datetime,
        clubs: Sequence[int],
    ) -> list[int]:
        """Those of the clubs whose turn it is; no other process has them before `until`."""
        column = LumaTable.feed_at if what == "feed" else LumaTable.guests_at
        statement = (
            update(LumaTable)
            .where(column <= now, LumaTable.club_id.in_(clubs))
            .values({column.key: until})
            .returning(LumaTable.club_id)
        )
        return list(self._connection.execute(statement).scalars())
