"""What a button carries when it is too long for the button's own code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, within_club


class StoredActionTable(Base):
    __tablename__ = "stored_actions"
    # Ids are never used again: an old button must not come to mean somebody's new action.
    __table_args__ = (
        within_club(["owner_id"], "people", ["id"]),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    owner_id: Mapped[int | None]
    command: Mapped[str]
    arguments: Mapped[dict[str, object]]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class StoredAction:
    id: int
    owner_id: int | None
    """The one person who may use it; None is everybody in the club."""
    command: str
    arguments: dict[str, object]
    created_at: datetime


class StoredActions:
    """The stored actions of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(
        self,
        command: str,
        arguments: dict[str, object],
        at: datetime,
        owner_id: int | None = None,
    ) -> int:
        """Keeps an action and gives the id that its button names."""
        statement = insert(StoredActionTable).values(
            club_id=self._club_id,
            owner_id=owner_id,
            command=command,
            arguments=arguments,
            created_at=at,
        )
        return self._connection.execute(statement.returning(StoredActionTable.id)).scalar_one()

    def by_id(self, action_id: int) -> StoredAction | None:
        """Whoever asks must check the owner."""
        statement = select(
            StoredActionTable.id,
            StoredActionTable.owner_id,
            StoredActionTable.command,
            StoredActionTable.arguments,
            StoredActionTable.created_at,
        ).where(StoredActionTable.club_id == self._club_id, StoredActionTable.id == action_id)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else StoredAction(*row)

    def forget_before(self, at: datetime) -> int:
        """Deletes what is older than this instant and says how many went."""
        statement = delete(StoredActionTable).where(
            StoredActionTable.club_id == self._club_id, StoredActionTable.created_at < at
        )
        return self._connection.execute(statement).rowcount
