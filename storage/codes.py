"""Single-use codes: one founds a club, one lets a place join it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import CheckConstraint, Connection, ForeignKey, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of

FOUND = "found"
JOIN = "join"


class CodeTable(Base):
    __tablename__ = "codes"
    __table_args__ = (
        one_of("purpose", (FOUND, JOIN)),
        CheckConstraint("(purpose = 'join') = (club_id IS NOT NULL)", name="club"),
        CheckConstraint("length(digest) = 64", name="digest"),
    )

    # The code itself is kept nowhere: who reads the database cannot use it.
    digest: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    club_id: Mapped[int | None] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]


class Codes:
    """The unused codes of all clubs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, code: str, purpose: str, expires_at: datetime, club_id: int | None) -> None:
        statement = insert(CodeTable).values(
            digest=_digest(code), purpose=purpose, club_id=club_id, expires_at=expires_at
        )
        self._connection.execute(statement)

    def take(self, code: str, purpose: str, now: datetime) -> tuple[bool, int | None]:
        """Uses a code up: whether it was good, and for which club. Nobody can use it again."""
        mine = (CodeTable.digest == _digest(code)) & (CodeTable.purpose == purpose)
        statement = delete(CodeTable).where(mine).returning(CodeTable.club_id, CodeTable.expires_at)
        row = self._connection.execute(statement).one_or_none()
        if row is None or row.expires_at <= now:
            return False, None
        return True, row.club_id

    def has(self, code: str, purpose: str, now: datetime) -> bool:
        """Whether `take` would find the code good, without using it up."""
        statement = select(CodeTable.expires_at).where(
            CodeTable.digest == _digest(code), CodeTable.purpose == purpose
        )
        expires_at = self._connection.execute(statement).scalar()
        return expires_at is not None and expires_at > now


def _digest(code: str) -> str:
    """Codes are read aloud and typed: case, spaces and hyphens do not matter."""
    bare = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()
