"""Announcements: what an organiser wants all places of the club to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, Index, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class AnnouncementTable(Base):
    __tablename__ = "announcements"
    __table_args__ = (Index(None, "club_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    text: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Announcement:
    id: int
    text: str
    created_at: datetime
    confirmed_at: datetime | None
    """When an organiser said to post it; None for a draft."""


class Announcements:
    """The announcements of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(self, text: str, at: datetime) -> int:
        """A draft; gives its id."""
        statement = insert(AnnouncementTable).values(
            club_id=self._club_id, text=text, created_at=at
        )
        return self._connection.execute(statement.returning(AnnouncementTable.id)).scalar_one()

    def by_id(self, announcement_id: int) -> Announcement | None:
        row = self._connection.execute(
            _BY_ID, {"of": self._club_id, "one": announcement_id}
        ).one_or_none()
        return None if row is None else Announcement(*row)

    def confirm(self, announcement_id: int, at: datetime) -> bool:
        """Says that it is to be posted; False where that was said before."""
        values = {"of": self._club_id, "one": announcement_id, "at": at}
        return self._connection.execute(_CONFIRM, values).rowcount > 0


# Made once: making a statement takes longer than running it.
_ONE = (AnnouncementTable.club_id == bindparam("of")) & (AnnouncementTable.id == bindparam("one"))
_BY_ID = select(
    AnnouncementTable.id,
    AnnouncementTable.text,
    AnnouncementTable.created_at,
    AnnouncementTable.confirmed_at,
).where(_ONE)
_CONFIRM = (
    update(AnnouncementTable)
    .where(_ONE, AnnouncementTable.confirmed_at.is_(None))
    .values(confirmed_at=bindparam("at"))
)
