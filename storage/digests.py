"""Digests: how organisers arrange the opinions of a paper before they are printed on its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, and_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, within_club
from storage.paper_rows import PaperTable


class DigestTable(Base):
    __tablename__ = "digests"
    __table_args__ = (within_club(["paper_id"], "papers", ["id"]),)

    club_id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(primary_key=True)
    introduction: Mapped[str | None]
    topics: Mapped[tuple[str, ...]]
    renames: Mapped[dict[str, object]]
    updated_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Digest:
    """The arrangement of one paper's section."""

    introduction: str | None = None
    """None for the one that the page has."""
    topics: tuple[str, ...] = ()
    """In their order; topics that are not named follow as they come."""
    renames: dict[str, str] = field(default_factory=dict)
    """New names of topics that stand on the page."""


class Digests:
    """The digests of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def of(self, code: str) -> Digest:
        statement = select(DigestTable.introduction, DigestTable.topics, DigestTable.renames).join(
            PaperTable,
            and_(PaperTable.club_id == DigestTable.club_id, PaperTable.id == DigestTable.paper_id),
        )
        mine = and_(DigestTable.club_id == self._club_id, PaperTable.code == code)
        row = self._connection.execute(statement.where(mine)).one_or_none()
        if row is None:
            return Digest()
        return Digest(row[0], row[1], {old: str(new) for old, new in row[2].items()})

    def save(self, code: str, digest: Digest, at: datetime) -> None:
        paper = select(PaperTable.id).where(
            PaperTable.club_id == self._club_id, PaperTable.code == code
        )
        values = {
            "introduction": digest.introduction,
            "topics": digest.topics,
            "renames": dict(digest.renames),
            "updated_at": at,
        }
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(DigestTable).values(
            club_id=self._club_id,
            paper_id=self._connection.execute(paper).scalar_one(),
            **values,
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["club_id", "paper_id"], set_=values)
        )
