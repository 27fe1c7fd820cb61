"""Opinions as rows, and as the plain data that goes into the storage and comes out of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of, page_range, within_club
from storage.places import PLATFORMS

PRIVATE, MEMBERS, NAMELESS, NAMED = "private", "members", "nameless", "named"
VISIBILITIES = (PRIVATE, MEMBERS, NAMELESS, NAMED)
PUBLIC = (NAMED, NAMELESS)

CHOOSE, EDITED, DELETED, WORDING, SAID = "choose", "edited", "deleted", "wording", "said"
QUESTIONS = (CHOOSE, EDITED, DELETED, WORDING, SAID)


class OpinionTable(Base):
    __tablename__ = "opinions"
    __table_args__ = (
        within_club(["paper_id"], "papers", ["id"]),
        within_club(["person_id"], "people", ["id"], ondelete=None),
        one_of("visibility", VISIBILITIES),
        one_of("question", QUESTIONS),
        one_of("platform", PLATFORMS),
        page_range(),
        CheckConstraint("visibility <> 'nameless' OR url IS NULL", name="trace"),
        UniqueConstraint("club_id", "id"),
        UniqueConstraint("club_id", "key"),
        UniqueConstraint("club_id", "source"),
        Index(None, "club_id", "paper_id"),
        Index(None, "club_id", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    key: Mapped[str]
    paper_id: Mapped[int]
    person_id: Mapped[int | None]
    platform: Mapped[str | None]
    visibility: Mapped[str]
    text: Mapped[str]
    topic: Mapped[str | None]
    page_start: Mapped[int | None]
    page_end: Mapped[int | None]
    revision: Mapped[int]
    source: Mapped[str | None]
    url: Mapped[str | None]
    question: Mapped[str | None]
    proposed: Mapped[str | None]
    proposed_by: Mapped[int | None]
    asked_at: Mapped[datetime | None]
    asked: Mapped[int]
    is_stuck: Mapped[bool]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class OpinionRevisionTable(Base):
    __tablename__ = "opinion_revisions"
    __table_args__ = (within_club(["opinion_id"], "opinions", ["id"]),)

    club_id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    visibility: Mapped[str]
    text: Mapped[str]
    topic: Mapped[str | None]
    page_start: Mapped[int | None]
    page_end: Mapped[int | None]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class OpinionDraft:
    """An opinion on its way in. `source` is the same for the same message, see `source_of`."""

    code: str
    person_id: int
    platform: str
    text: str
    source: str
    visibility: str = PRIVATE
    topic: str | None = None
    page_start: int | None = None
    page_end: int | None = None
    url: str | None = None
    question: str | None = None
    proposed: str | None = None
    proposed_by: int | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion as it stands. Whoever shows it must ask `is_public` or know the author."""

    id: int
    key: str
    """How buttons name it: by chance, so that it tells neither an order nor a time."""
    code: str
    person_id: int | None
    name: str | None
    """The author's, as it shall appear; shown only where the visibility is ``named``."""
    platform: str | None
    """Where the author gave it."""
    visibility: str
    text: str
    topic: str | None
    page_start: int | None
    page_end: int | None
    revision: int
    url: str | None
    """Where it was said, if others can read it there."""
    question: str | None
    """What the author was asked and has not answered."""
    proposed: str | None
    """Another wording, which stands nowhere until the author agrees."""
    proposed_by: int | None
    asked_at: datetime | None
    asked: int
    is_stuck: bool
    """The question could not be put to the author in private."""
    hidden_at: datetime | None
    hidden_reason: str | None
    withdrawn_at: datetime | None
    created_at: datetime

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.visibility in PUBLIC and self.is_standing

    @property
    def is_standing(self) -> bool:
        """Whether it says something, and is neither withdrawn nor hidden."""
        return bool(self.text) and self.withdrawn_at is None and self.hidden_at is None

    @property
    def is_named(self) -> bool:
        return self.visibility == NAMED


def source_of(platform: str, *parts: str) -> str:
    """What tells that a message or a call is the same again, and leads back to neither."""
    return hashlib.sha256("\0".join((platform, *parts)).encode()).hexdigest()
