"""Papers as rows, and as the plain data that goes into the storage and comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.contacts import ContactRow
from storage.revisions import ContributorRow, LinkRow
from storage.sections import SectionRow


class PaperTable(Base):
    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("club_id", "id"),
        UniqueConstraint("club_id", "number"),
        UniqueConstraint("club_id", "code"),
        CheckConstraint("number >= 0", name="number"),
        CheckConstraint("version >= 1", name="version"),
        # Checked at the commit, since a paper and its first revision need each other.
        ForeignKeyConstraint(
            ["club_id", "id", "current_revision"],
            ["revisions.club_id", "revisions.paper_id", "revisions.number"],
            name="fk_papers_current_revision",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        Index(None, "club_id", "version"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    number: Mapped[int]
    code: Mapped[str]
    current_revision: Mapped[int]
    version: Mapped[int]
    opinions: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A page to save."""

    number: int
    code: str
    """The whole code in its one spelling: ``WPRC-006``."""
    title: str
    digest: str
    """SHA-256 of the public record in hexadecimal: the same page has the same digest."""
    subtitle: str | None = None
    abstract: str | None = None
    category: str | None = None
    chapter: str | None = None
    date: str | None = None
    """``2024-06-28``, ``2024-06`` or ``2024``."""
    summary: str = ""
    outline: Sequence[str] = ()
    """What a card needs to know of the sections, in a few words; not looked into here."""
    paper_authors: tuple[str, ...] = ()
    contributors: tuple[ContributorRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    sections: tuple[SectionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a draft, and the paper's current revision after it."""

    outcome: Literal["created", "revised", "unchanged"]
    revision: int


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What a list, a card or a completion shows of a paper's current revision."""

    paper_id: int
    code: str
    number: int
    title: str
    subtitle: str | None
    abstract: str | None
    category: str | None
    chapter: str | None
    date: str | None
    summary: str
    outline: tuple[str, ...]
    revision: int
    version: int
    """The club's version when this paper last changed."""
    opinions: int
    """How many opinions anybody may read that do not stand on the page."""
    contributors: tuple[ContributorRow, ...]


@dataclass(frozen=True, slots=True)
class PaperContent:
    """A whole page at one revision."""

    head: PaperHead
    paper_authors: tuple[str, ...]
    links: tuple[LinkRow, ...]
    sections: tuple[SectionRow, ...]
