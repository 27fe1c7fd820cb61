"""The tables of sessions and of the series that they repeat in, and a session as others see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of, within_club

DRAFT, PROPOSED, SCHEDULED, CANCELLED = "draft", "proposed", "scheduled", "cancelled"
STATES = (DRAFT, PROPOSED, SCHEDULED, CANCELLED)
_IS_SET = text("look_at IS NOT NULL")


class SeriesTable(Base):
    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("club_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    rule: Mapped[str]
    local_start: Mapped[str]
    time_zone: Mapped[str]
    template: Mapped[dict[str, object]]
    ended_at: Mapped[datetime | None]


class SessionTable(Base):
    __tablename__ = "sessions"
    __table_args__ = (
        one_of("state", STATES),
        within_club(["series_id"], "series", ["id"], None),
        within_club(["host_id"], "people", ["id"], None),
        UniqueConstraint("club_id", "id"),
        UniqueConstraint("club_id", "number"),
        UniqueConstraint("club_id", "luma_id"),
        UniqueConstraint("club_id", "event_uid"),
        UniqueConstraint("club_id", "series_id", "series_date"),
        Index(None, "club_id", "starts_at"),
        Index("ix_sessions_look_at", "look_at", sqlite_where=_IS_SET, postgresql_where=_IS_SET),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str]
    code: Mapped[str | None]
    title: Mapped[str | None]
    local_start: Mapped[str]
    time_zone: Mapped[str]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str | None]
    url: Mapped[str | None]
    channel: Mapped[str | None]
    host_id: Mapped[int | None]
    capacity: Mapped[int | None]
    closes_before: Mapped[int | None]
    guests: Mapped[int]
    rule: Mapped[str | None]
    series_id: Mapped[int | None]
    series_date: Mapped[str | None]
    luma_id: Mapped[str | None]
    luma_url: Mapped[str | None]
    event_title: Mapped[str | None]
    event_uid: Mapped[str | None]
    plan: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    announce_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    revision: Mapped[int]
    moves: Mapped[int]
    answers: Mapped[int]
    interested: Mapped[int]
    told: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    tell_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class ClubSession:
    """One meeting. `local_start` in `time_zone` is what was meant; `starts_at` follows from it."""

    id: int
    club_id: int
    number: int
    """What members call it by; each club counts its own."""
    state: str
    code: str | None
    title: str | None
    local_start: str
    """ISO 8601 without a zone."""
    time_zone: str
    starts_at: datetime
    minutes: int
    place: str | None
    url: str | None
    """Where to join."""
    channel: str | None
    """The voice channel, as ``platform:server:channel``."""
    host_id: int | None
    capacity: int | None
    closes_before: int | None
    """Minutes before the start at which answers close."""
    guests: int
    """How many each may bring."""
    rule: str | None
    """Of a draft: how it is to repeat (RFC 5545)."""
    series_id: int | None
    series_date: str | None
    """The wall time that the series' rule gave, whereto it was moved since."""
    luma_id: str | None
    """The event on Luma that it follows: Luma owns its time and place."""
    luma_url: str | None
    event_title: str | None
    """What it is called in the calendar that it came from, and perhaps not here."""
    event_uid: str | None
    """The event of another calendar's file that it was made from, and does not follow."""
    plan: dict[str, object] | None
    """What differs from the club's reminders."""
    announce_at: datetime | None
    announced_at: datetime | None
    cancelled_at: datetime | None
    revision: int
    moves: int
    """How often its time has changed; reminders of an earlier time are of no use."""
    answers: int
    interested: int
    told: dict[str, object] | None
    """What people know of it, while a change waits to be told."""
    tell_at: datetime | None
    look_at: datetime | None
    looked_at: datetime | None
    created_by: int | None
    created_at: datetime


COLUMNS = tuple(SessionTable.__table__.c[name] for name in ClubSession.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Series:
    """A rule by which sessions repeat, and what each new one of them begins with."""

    id: int
    rule: str
    local_start: str
    time_zone: str
    template: dict[str, object]
    ended_at: datetime | None
