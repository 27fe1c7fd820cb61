"""Revisions: a paper's public record as it was at one time, with its contributors and links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, Connection, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, within_club
from storage.bulk import insert_rows


class RevisionTable(Base):
    __tablename__ = "revisions"
    __table_args__ = (
        within_club(["paper_id"], "papers", ["id"]),
        within_club(["created_by"], "people", ["id"], ondelete=None),
        UniqueConstraint("club_id", "paper_id", "number"),
        UniqueConstraint("club_id", "id"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint(
            "date GLOB '[0-9][0-9][0-9][0-9]' OR date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]'"
            " OR date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'",
            name="date",
        ).ddl_if(dialect="sqlite"),
        CheckConstraint("date ~ '^[0-9]{4}(-[01][0-9](-[0-3][0-9])?)?$'", name="date").ddl_if(
            dialect="postgresql"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int]
    paper_id: Mapped[int]
    number: Mapped[int]
    digest: Mapped[str]
    title: Mapped[str]
    subtitle: Mapped[str | None]
    abstract: Mapped[str | None]
    category: Mapped[str | None]
    chapter: Mapped[str | None]
    date: Mapped[str | None]
    summary: Mapped[str]
    outline: Mapped[tuple[str, ...]]
    paper_authors: Mapped[tuple[str, ...]]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class ContributorTable(Base):
    __tablename__ = "contributors"
    __table_args__ = (within_club(["revision_id"], "revisions", ["id"]),)

    club_id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]


class LinkTable(Base):
    __tablename__ = "links"
    __table_args__ = (within_club(["revision_id"], "revisions", ["id"]),)

    club_id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    label: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class ContributorRow:
    name: str
    role: str = "contributor"


@dataclass(frozen=True, slots=True)
class LinkRow:
    url: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """One line of a paper's history."""

    number: int
    digest: str
    title: str
    created_at: datetime
    created_by: int | None


def insert_contributors(
    connection: Connection, club_id: int, revision_id: int, contributors: tuple[ContributorRow, ...]
) -> None:
    """Writes who made a new revision, in their order."""
    values: list[dict[str, object]] = [
        {
            "club_id": club_id,
            "revision_id": revision_id,
            "position": position,
            "name": contributor.name,
            "role": contributor.role,
        }
        for position, contributor in enumerate(contributors)
    ]
    insert_rows(connection, ContributorTable, values)


def insert_links(
    connection: Connection, club_id: int, revision_id: int, links: tuple[LinkRow, ...]
) -> None:
    """Writes the links of a new revision, in their order."""
    values: list[dict[str, object]] = [
        {
            "club_id": club_id,
            "revision_id": revision_id,
            "position": position,
            "url": link.url,
            "label": link.label,
        }
        for position, link in enumerate(links)
    ]
    insert_rows(connection, LinkTable, values)


def read_links(connection: Connection, club_id: int, revision_id: int) -> tuple[LinkRow, ...]:
    """The links of a revision, in their order."""
    values = {"club": club_id, "revision": revision_id}
    return tuple(LinkRow(*row) for row in connection.execute(_LINKS, values))


_LINKS = (
    select(LinkTable.url, LinkTable.label)
    .where(LinkTable.club_id == bindparam("club"), LinkTable.revision_id == bindparam("revision"))
    .order_by(LinkTable.position)
)


def read_history(connection: Connection, club_id: int, paper_id: int) -> list[RevisionInfo]:
    """All revisions of a paper, oldest first."""
    statement = (
        select(
            RevisionTable.number,
            RevisionTable.digest,
            RevisionTable.title,
            RevisionTable.created_at,
            RevisionTable.created_by,
        )
        .where(RevisionTable.club_id == club_id, RevisionTable.paper_id == paper_id)
        .order_by(RevisionTable.number)
    )
    return [RevisionInfo(*row) for row in connection.execute(statement)]
