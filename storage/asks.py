"""Half-filled forms, so that what a person has typed survives a restart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, within_club


class AskTable(Base):
    __tablename__ = "asks"
    __table_args__ = (within_club(["person_id"], "people", ["id"]),)

    # The key is what keeps it to one open form for each person and place.
    club_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[str]
    values: Mapped[dict[str, object]]
    updated_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class OpenAsk:
    command: str
    values: dict[str, object]
    updated_at: datetime


class Asks:
    """The open forms of one club; a place is named by whatever key its platform gives it."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def put(
        self, person_id: int, place: str, command: str, values: dict[str, object], at: datetime
    ) -> None:
        """Opens a form or keeps what was filled in since; another open one gives way."""
        self.drop(person_id, place)
        statement = insert(AskTable).values(
            club_id=self._club_id,
            person_id=person_id,
            place=place,
            command=command,
            values=values,
            updated_at=at,
        )
        self._connection.execute(statement)

    def get(self, person_id: int, place: str) -> OpenAsk | None:
        statement = select(AskTable.command, AskTable.values, AskTable.updated_at)
        row = self._connection.execute(
            statement.where(
                AskTable.club_id == self._club_id,
                AskTable.person_id == person_id,
                AskTable.place == place,
            )
        ).one_or_none()
        return None if row is None else OpenAsk(*row)

    def drop(self, person_id: int, place: str) -> bool:
        """Closes a form; False when none was open."""
        mine = and_(
            AskTable.club_id == self._club_id,
            AskTable.person_id == person_id,
            AskTable.place == place,
        )
        return self._connection.execute(delete(AskTable).where(mine)).rowcount > 0
