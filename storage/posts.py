"""Posts: messages that the bot sent, each known by what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, Index, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of
from storage.places import PLATFORMS


class PostTable(Base):
    __tablename__ = "posts"
    __table_args__ = (
        one_of("platform", PLATFORMS),
        Index(None, "club_id", "subject_kind", "subject_key"),
    )

    # A message has one subject, and a chat's message ids are its platform's own.
    platform: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    subject_kind: Mapped[str]
    subject_key: Mapped[str]
    sent_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Post:
    platform: str
    chat_id: str
    message_id: str
    subject_kind: str
    subject_key: str


class Posts:
    """The posts of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(self, post: Post, at: datetime) -> None:
        """Notes what a message is about; saying it again changes nothing."""
        self.add_all([post], at)

    def add_all(self, posts: Sequence[Post], at: datetime) -> None:
        """Notes what several messages are about, all in one statement."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(PostTable).on_conflict_do_nothing()
        rows = [
            {
                "platform": post.platform,
                "chat_id": post.chat_id,
                "message_id": post.message_id,
                "club_id": self._club_id,
                "subject_kind": post.subject_kind,
                "subject_key": post.subject_key,
                "sent_at": at,
            }
            for post in posts
        ]
        if rows:
            self._connection.execute(statement, rows)

    def by_message(self, platform: str, chat_id: str, message_id: str) -> Post | None:
        """The post that is this message, if it is one of this club."""
        statement = select(*_POST).where(
            PostTable.platform == platform,
            PostTable.chat_id == chat_id,
            PostTable.message_id == message_id,
            PostTable.club_id == self._club_id,
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else Post(*row)

    def about(self, subject_kind: str, subject_key: str) -> list[Post]:
        """Every post about a subject, oldest first."""
        statement = select(*_POST).where(
            PostTable.club_id == self._club_id,
            PostTable.subject_kind == subject_kind,
            PostTable.subject_key == subject_key,
        )
        rows = self._connection.execute(statement.order_by(PostTable.sent_at))
        return [Post(*row) for row in rows]


_POST = (
    PostTable.platform,
    PostTable.chat_id,
    PostTable.message_id,
    PostTable.subject_kind,
    PostTable.subject_key,
)
