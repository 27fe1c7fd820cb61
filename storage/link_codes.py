"""Link codes: how one human shows on two platforms that both accounts are theirs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, UniqueConstraint, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of, within_club
from storage.places import PLATFORMS


class LinkCodeTable(Base):
    __tablename__ = "link_codes"
    __table_args__ = (
        within_club(["giver_id"], "people", ["id"]),
        within_club(["taker_id"], "people", ["id"]),
        one_of("platform", PLATFORMS),
        UniqueConstraint("digest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int]
    # The code itself is kept nowhere: who reads the database cannot use it.
    digest: Mapped[str]
    giver_id: Mapped[int]
    platform: Mapped[str]
    taker_id: Mapped[int | None]
    taker_platform: Mapped[str | None]
    is_taken: Mapped[bool]
    expires_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class LinkCode:
    id: int
    giver_id: int
    platform: str
    """Where the code was given out."""
    taker_id: int | None
    taker_platform: str | None
    is_taken: bool
    """Whether the one who typed the code has confirmed; then the giver is asked."""
    expires_at: datetime


_LINK = tuple(
    getattr(LinkCodeTable, name)
    for name in (
        *("id", "giver_id", "platform", "taker_id", "taker_platform", "is_taken", "expires_at"),
    )
)


class LinkCodes:
    """The open links of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(self, code: str, giver_id: int, platform: str, expires_at: datetime) -> None:
        """A new code; what the person gave out before is not good any more."""
        mine = and_(LinkCodeTable.club_id == self._club_id, LinkCodeTable.giver_id == giver_id)
        self._connection.execute(delete(LinkCodeTable).where(mine))
        statement = insert(LinkCodeTable).values(
            club_id=self._club_id,
            digest=_digest(code),
            giver_id=giver_id,
            platform=platform,
            is_taken=False,
            expires_at=expires_at,
        )
        self._connection.execute(statement)

    def type_in(self, code: str, taker_id: int, platform: str, now: datetime) -> LinkCode | None:
        """Uses a code up for this person; None where it is not good."""
        table = LinkCodeTable
        mine = and_(
            table.club_id == self._club_id,
            table.digest == _digest(code),
            table.taker_id.is_(None),
            table.expires_at > now,
        )
        statement = update(table).where(mine).values(taker_id=taker_id, taker_platform=platform)
        row = self._connection.execute(statement.returning(*_LINK)).one_or_none()
        return None if row is None else LinkCode(*row)

    def by_id(self, link_id: int, now: datetime) -> LinkCode | None:
        """A link that is still open."""
        mine = and_(
            LinkCodeTable.club_id == self._club_id,
            LinkCodeTable.id == link_id,
            LinkCodeTable.expires_at > now,
        )
        row = self._connection.execute(select(*_LINK).where(mine)).one_or_none()
        return None if row is None else LinkCode(*row)

    def taken_from(self, giver_id: int, now: datetime) -> LinkCode | None:
        """The link that waits for the one who gave the code out."""
        mine = and_(
            LinkCodeTable.club_id == self._club_id,
            LinkCodeTable.giver_id == giver_id,
            LinkCodeTable.is_taken,
            LinkCodeTable.expires_at > now,
        )
        row = self._connection.execute(select(*_LINK).where(mine)).first()
        return None if row is None else LinkCode(*row)

    def take(self, link_id: int) -> None:
        mine = and_(LinkCodeTable.club_id == self._club_id, LinkCodeTable.id == link_id)
        self._connection.execute(update(LinkCodeTable).where(mine).values(is_taken=True))

    def close(self, *person_ids: int) -> None:
        """Ends every open link of these people."""
        theirs = or_(LinkCodeTable.giver_id.in_(person_ids), LinkCodeTable.taker_id.in_(person_ids))
        mine = and_(LinkCodeTable.club_id == self._club_id, theirs)
        self._connection.execute(delete(LinkCodeTable).where(mine))


def _digest(code: str) -> str:
    bare = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(f"link {bare}".encode()).hexdigest()
