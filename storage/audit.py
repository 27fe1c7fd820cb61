"""The audit log: what organisers did, and what became public or was taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, Index, and_, insert, or_, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from storage.base import Base, within_club
from storage.people import PersonTable


class AuditTable(Base):
    __tablename__ = "audit"
    __table_args__ = (
        within_club(["by_id"], "people", ["id"], ondelete=None),
        within_club(["about_id"], "people", ["id"], ondelete=None),
        Index(None, "club_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None]
    about_id: Mapped[int | None]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done. A name is None where nobody is known for it, or any more."""

    at: datetime
    by: str | None
    about: str | None
    action: str
    subject: str
    """The code of a paper, or nothing."""
    detail: str


class Audit:
    """The log of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def note(
        self,
        at: datetime,
        action: str,
        subject: str = "",
        *,
        by: int | None = None,
        about: int | None = None,
        detail: str = "",
    ) -> None:
        """Notes what was done. Nothing that is private may stand in it."""
        values = {"by_id": by, "about_id": about, "action": action, "detail": detail}
        statement = insert(AuditTable).values(
            club_id=self._club_id, at=at, subject=subject, **values
        )
        self._connection.execute(statement)

    def newest(self, limit: int = 200) -> list[AuditEntry]:
        by, about = aliased(PersonTable), aliased(PersonTable)
        statement = (
            select(
                *(AuditTable.at, by.name, about.name),
                *(AuditTable.action, AuditTable.subject, AuditTable.detail),
            )
            .outerjoin(by, and_(by.club_id == AuditTable.club_id, by.id == AuditTable.by_id))
            .outerjoin(
                about, and_(about.club_id == AuditTable.club_id, about.id == AuditTable.about_id)
            )
            .where(AuditTable.club_id == self._club_id)
            .order_by(AuditTable.id.desc())
            .limit(limit)
        )
        return [AuditEntry(*row) for row in self._connection.execute(statement)]

    def move(self, from_person: int, to_person: int) -> None:
        """What one person did is another's: they are one human."""
        self._replace(from_person, to_person)

    def forget_person(self, person_id: int) -> None:
        """Who it was is not known any more, and no words about them stay."""
        is_theirs = or_(AuditTable.by_id == person_id, AuditTable.about_id == person_id)
        mine = and_(AuditTable.club_id == self._club_id, is_theirs)
        self._connection.execute(update(AuditTable).where(mine).values(detail=""))
        self._replace(person_id, None)

    def _replace(self, person_id: int, other: int | None) -> None:
        for column in (AuditTable.by_id, AuditTable.about_id):
            mine = and_(AuditTable.club_id == self._club_id, column == person_id)
            self._connection.execute(update(AuditTable).where(mine).values({column.key: other}))
