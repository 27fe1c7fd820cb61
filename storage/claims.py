"""Claims: which member a name on the archive's pages belongs to, once an organiser agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, within_club
from storage.people import PersonTable


class ClaimTable(Base):
    __tablename__ = "claims"
    __table_args__ = (within_club(["person_id"], "people", ["id"]),)

    # A name belongs to one person at most; several may ask for it.
    club_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Claim:
    name: str
    """As the pages have it, with the case folded."""
    person_id: int
    person: str
    at: datetime
    agreed_at: datetime | None


class Claims:
    """The claims of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(self, name: str, person_id: int, at: datetime) -> None:
        """Asks for a name; asking again changes nothing."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        values = {"club_id": self._club_id, "name": name.casefold(), "person_id": person_id}
        statement = dialect.insert(ClaimTable).values(**values, at=at).on_conflict_do_nothing()
        self._connection.execute(statement)

    def agree(self, name: str, person_id: int, at: datetime) -> bool:
        """Gives the name to this person; False where it is another's, or was not asked for."""
        if any(one.agreed_at for one in self.all() if one.name == name.casefold()):
            return False
        statement = update(ClaimTable).where(self._is(name, person_id)).values(agreed_at=at)
        return self._connection.execute(statement).rowcount > 0

    def drop(self, name: str, person_id: int) -> bool:
        statement = delete(ClaimTable).where(self._is(name, person_id))
        return self._connection.execute(statement).rowcount > 0

    def all(self) -> list[Claim]:
        """Every claim, oldest first."""
        statement = (
            select(
                *(ClaimTable.name, ClaimTable.person_id, PersonTable.name),
                *(ClaimTable.at, ClaimTable.agreed_at),
            )
            .join(
                PersonTable,
                and_(
                    PersonTable.club_id == ClaimTable.club_id,
                    PersonTable.id == ClaimTable.person_id,
                ),
            )
            .where(ClaimTable.club_id == self._club_id)
            .order_by(ClaimTable.at, ClaimTable.name)
        )
        return [Claim(*row) for row in self._connection.execute(statement)]

    def of_person(self, person_id: int) -> list[Claim]:
        return [one for one in self.all() if one.person_id == person_id]

    def move(self, from_person: int, to_person: int) -> None:
        """Two people are one human; what both asked for stays once."""
        for claim in self.of_person(from_person):
            self.drop(claim.name, from_person)
            self.add(claim.name, to_person, claim.at)
            if claim.agreed_at:
                self.agree(claim.name, to_person, claim.agreed_at)

    def _is(self, name: str, person_id: int) -> ColumnElement[bool]:
        return and_(
            ClaimTable.club_id == self._club_id,
            ClaimTable.name == name.casefold(),
            ClaimTable.person_id == person_id,
        )
