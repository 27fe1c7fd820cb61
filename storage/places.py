"""Places: the chats and threads that a club lives in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    and_,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of

PLATFORMS = ("discord", "telegram", "console")
PURPOSES = ("home", "announcements", "opinions")


class PlaceTable(Base):
    __tablename__ = "places"
    __table_args__ = (
        one_of("platform", PLATFORMS),
        one_of("purpose", PURPOSES),
        # NULL differs from NULL in a unique index, so a chat without a thread has its own.
        Index(
            "uq_places_chat",
            "platform",
            "chat_id",
            unique=True,
            sqlite_where=text("thread_id IS NULL"),
            postgresql_where=text("thread_id IS NULL"),
        ),
        Index(
            "uq_places_thread",
            "platform",
            "chat_id",
            "thread_id",
            unique=True,
            sqlite_where=text("thread_id IS NOT NULL"),
            postgresql_where=text("thread_id IS NOT NULL"),
        ),
        Index(None, "club_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    platform: Mapped[str]
    chat_id: Mapped[str]
    thread_id: Mapped[str | None]
    purpose: Mapped[str]


@dataclass(frozen=True, slots=True)
class StoredPlace:
    id: int
    platform: str
    chat_id: str
    thread_id: str | None
    purpose: str


def at_chat(platform: str, chat_id: str, thread_id: str | None) -> ColumnElement[bool]:
    """Whether a place is this chat (thread None) or this thread of it."""
    return and_(
        PlaceTable.platform == platform,
        PlaceTable.chat_id == chat_id,
        PlaceTable.thread_id.is_(None) if thread_id is None else PlaceTable.thread_id == thread_id,
    )


class Places:
    """The places of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(
        self, platform: str, chat_id: str, thread_id: str | None = None, purpose: str = "home"
    ) -> StoredPlace:
        """Takes a chat for the club; raises IntegrityError where any club has it already."""
        statement = insert(PlaceTable).values(
            club_id=self._club_id,
            platform=platform,
            chat_id=chat_id,
            thread_id=thread_id,
            purpose=purpose,
        )
        place_id = self._connection.execute(statement.returning(PlaceTable.id)).scalar_one()
        return StoredPlace(place_id, platform, chat_id, thread_id, purpose)

    def by_chat(self, platform: str, chat_id: str, thread_id: str | None) -> StoredPlace | None:
        """This club's place at a chat; ``uow.clubs.by_place`` asks across clubs."""
        found = self._all(at_chat(platform, chat_id, thread_id))
        return found[0] if found else None

    def all(self) -> list[StoredPlace]:
        return self._all()

    def remove(self, place_id: int) -> bool:
        """Gives a chat up; False when the club has no such place."""
        mine = and_(PlaceTable.club_id == self._club_id, PlaceTable.id == place_id)
        return self._connection.execute(delete(PlaceTable).where(mine)).rowcount > 0

    def _all(self, *conditions: ColumnElement[bool]) -> list[StoredPlace]:
        statement = select(
            PlaceTable.id,
            PlaceTable.platform,
            PlaceTable.chat_id,
            PlaceTable.thread_id,
            PlaceTable.purpose,
        ).where(PlaceTable.club_id == self._club_id, *conditions)
        rows = self._connection.execute(statement.order_by(PlaceTable.id))
        return [StoredPlace(*row) for row in rows]
