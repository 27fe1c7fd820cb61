"""Places: the chats and threads that a club lives in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

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
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of
from storage.clubs import bump_version

PLATFORMS = ("discord", "telegram", "console")
PURPOSES = ("announcements", "opinions")


class PlaceTable(Base):
    __tablename__ = "places"
    __table_args__ = (
        one_of("platform", PLATFORMS),
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
    organiser_role: Mapped[str | None]
    announcements_chat: Mapped[str | None]
    announcements_thread: Mapped[str | None]
    opinions_chat: Mapped[str | None]
    opinions_thread: Mapped[str | None]
    gone_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """A server, a group or a chat that belongs to a club, and where in it things go."""

    id: int
    platform: str
    chat_id: str
    thread_id: str | None
    organiser_role: str | None = None
    """Who has this role there is an organiser, by the platform's own id."""
    announcements_chat: str | None = None
    announcements_thread: str | None = None
    opinions_chat: str | None = None
    opinions_thread: str | None = None
    gone_at: datetime | None = None
    """Since when the bot is not let in there."""


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

    def add(self, platform: str, chat_id: str, thread_id: str | None = None) -> StoredPlace:
        """Takes a chat for the club; raises IntegrityError where any club has it already."""
        statement = insert(PlaceTable).values(
            club_id=self._club_id, platform=platform, chat_id=chat_id, thread_id=thread_id
        )
        place_id = self._connection.execute(statement.returning(PlaceTable.id)).scalar_one()
        bump_version(self._connection, self._club_id)
        return StoredPlace(place_id, platform, chat_id, thread_id)

    def assign(self, place_id: int, purpose: str, chat: str, thread: str | None) -> None:
        """Says where announcements or opinions go; raises ValueError for another purpose."""
        if purpose not in PURPOSES:
            raise ValueError(f"not a purpose: {purpose!r}")
        self._update(place_id, {f"{purpose}_chat": chat, f"{purpose}_thread": thread})

    def set_organiser_role(self, place_id: int, role: str | None) -> None:
        self._update(place_id, {"organiser_role": role})

    def _update(self, place_id: int, values: dict[str, str | None]) -> None:
        mine = and_(PlaceTable.club_id == self._club_id, PlaceTable.id == place_id)
        self._connection.execute(update(PlaceTable).where(mine).values(values))
        bump_version(self._connection, self._club_id)

    def by_chat(self, platform: str, chat_id: str, thread_id: str | None) -> StoredPlace | None:
        """This club's place at a chat (thread None) or at a thread of it."""
        found = self._all(at_chat(platform, chat_id, thread_id))
        return found[0] if found else None

    def all(self) -> list[StoredPlace]:
        return self._all()

    def remove(self, place_id: int) -> bool:
        """Gives a chat up; False when the club has no such place."""
        mine = and_(PlaceTable.club_id == self._club_id, PlaceTable.id == place_id)
        is_removed = self._connection.execute(delete(PlaceTable).where(mine)).rowcount > 0
        if is_removed:
            bump_version(self._connection, self._club_id)
        return is_removed

    def _all(self, *conditions: ColumnElement[bool]) -> list[StoredPlace]:
        statement = select(*_PLACE).where(PlaceTable.club_id == self._club_id, *conditions)
        rows = self._connection.execute(statement.order_by(PlaceTable.id))
        return [StoredPlace(*row) for row in rows]


_PLACE = tuple(PlaceTable.__table__.c[field.name] for field in fields(StoredPlace))
