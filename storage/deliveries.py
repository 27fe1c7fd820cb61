"""Deliveries: what is to be sent unasked, each to one place, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of, within_club
from storage.places import PLATFORMS

PENDING, SENT, UNKNOWN = "pending", "sent", "unknown"
FAILED, EXPIRED, CANCELLED = "failed", "expired", "cancelled"
STATES = (PENDING, SENT, UNKNOWN, FAILED, EXPIRED, CANCELLED)
ABOUT_SESSIONS = ("nudge", "day", "hour", "changed", "called-off", "seat")
"""Kinds of private messages of which organisers see what became, though not whose they are."""
_PENDING = text("state = 'pending'")


class DeliveryTable(Base):
    __tablename__ = "deliveries"
    __table_args__ = (
        one_of("platform", PLATFORMS),
        one_of("state", STATES),
        within_club(["person_id"], "people", ["id"]),
        UniqueConstraint("club_id", "key"),
        Index(
            "ix_deliveries_due",
            "due_at",
            "id",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index(None, "club_id", "state"),
        Index(None, "club_id", "kind", "subject"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    key: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    platform: Mapped[str]
    chat_id: Mapped[str]
    thread_id: Mapped[str | None]
    server_id: Mapped[str | None]
    is_private: Mapped[bool]
    person_id: Mapped[int | None]
    people: Mapped[tuple[str, ...] | None]
    due_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    state: Mapped[str]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    attempts: Mapped[int]
    message_id: Mapped[str | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """A message to one place. The key is unique in the club: the same one is planned once."""

    key: str
    kind: str
    subject: str
    platform: str
    chat_id: str
    due_at: datetime
    thread_id: str | None = None
    server_id: str | None = None
    is_private: bool = False
    person_id: int | None = None
    people: tuple[str, ...] | None = None
    """The ids of those whom a message to a place is to mention."""
    expires_at: datetime | None = None


class Delivery(NamedTuple):
    # A tuple, since thousands are read at once and it is made several times as fast.
    id: int
    club_id: int
    key: str
    kind: str
    subject: str
    platform: str
    chat_id: str
    thread_id: str | None
    server_id: str | None
    is_private: bool
    person_id: int | None
    due_at: datetime
    expires_at: datetime | None
    state: str
    started_at: datetime | None
    """When it was first begun to be sent: from then on it may have arrived."""
    attempts: int
    message_id: str | None
    error: str | None
    settled_at: datetime | None
    people: tuple[str, ...] | None = None


COLUMNS = tuple(
    DeliveryTable.__table__.c[name]
    for name in (
        *("id", "club_id", "key", "kind", "subject", "platform", "chat_id", "thread_id"),
        *("server_id", "is_private", "person_id", "due_at", "expires_at", "state"),
        *("started_at", "attempts", "message_id", "error", "settled_at", "people"),
    )
)

_CONCERNS_ORGANISERS = or_(~DeliveryTable.is_private, DeliveryTable.kind.in_(ABOUT_SESSIONS))


class Deliveries:
    """The deliveries of one club. `planned` is told when there is something new to send."""

    def __init__(self, connection: Connection, club_id: int, planned: Callable[[], None]) -> None:
        self._connection = connection
        self._club_id = club_id
        self._planned = planned

    def plan(self, drafts: Sequence[DeliveryDraft], at: datetime) -> int:
        """Plans messages and says how many are new; a key that is there changes nothing."""
        rows = [
            {
                "club_id": self._club_id,
                "key": draft.key,
                "kind": draft.kind,
                "subject": draft.subject,
                "platform": draft.platform,
                "chat_id": draft.chat_id,
                "thread_id": draft.thread_id,
                "server_id": draft.server_id,
                "is_private": draft.is_private,
                "person_id": draft.person_id,
                "people": draft.people,
                "due_at": draft.due_at,
                "expires_at": draft.expires_at,
                "state": PENDING,
                "attempts": 0,
                "created_at": at,
            }
            for draft in drafts
        ]
        if not rows:
            return 0
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(DeliveryTable).on_conflict_do_nothing(
            index_elements=["club_id", "key"]
        )
        added = self._connection.execute(statement.returning(DeliveryTable.id), rows).all()
        if added:
            self._planned()
        return len(added)

    def by_id(self, delivery_id: int) -> Delivery | None:
        found = self._listed(DeliveryTable.id == delivery_id)
        return found[0] if found else None

    def of_subject(self, kind: str, subject: str) -> list[Delivery]:
        return self._listed(DeliveryTable.kind == kind, DeliveryTable.subject == subject)

    def kind_of_message(
        self, kinds: Sequence[str], subject: str, platform: str, message_id: str
    ) -> str | None:
        """As which of these kinds a message was sent; None for one that was an answer."""
        statement = select(DeliveryTable.kind).where(
            DeliveryTable.club_id == self._club_id,
            DeliveryTable.kind.in_(kinds),
            DeliveryTable.subject == subject,
            DeliveryTable.platform == platform,
            DeliveryTable.message_id == message_id,
        )
        return self._connection.execute(statement).scalar()

    def counts(self) -> dict[str, int]:
        """How many there are in each state that has any, but for what is between the bot and an
        author: that concerns nobody else, and is not counted.
        """
        statement = select(DeliveryTable.state, func.count()).where(
            DeliveryTable.club_id == self._club_id, _CONCERNS_ORGANISERS
        )
        rows = self._connection.execute(statement.group_by(DeliveryTable.state))
        return {row[0]: row[1] for row in rows}

    def listed(self, states: Sequence[str], limit: int, offset: int = 0) -> list[Delivery]:
        """Those in one of the states that concern organisers, newest first."""
        statement = select(*COLUMNS).where(
            DeliveryTable.club_id == self._club_id,
            _CONCERNS_ORGANISERS,
            DeliveryTable.state.in_(states),
        )
        ordered = statement.order_by(DeliveryTable.id.desc()).limit(limit).offset(offset)
        return [Delivery(*row) for row in self._connection.execute(ordered)]

    def private_counts(self, kinds: Sequence[str], subject: str) -> dict[int, int]:
        """How many private messages of these kinds each person was sent, or is about to be."""
        statement = select(DeliveryTable.person_id, func.count()).where(
            DeliveryTable.club_id == self._club_id,
            DeliveryTable.subject == subject,
            DeliveryTable.kind.in_(kinds),
            DeliveryTable.is_private,
            DeliveryTable.state.in_((PENDING, SENT, UNKNOWN)),
        )
        rows = self._connection.execute(statement.group_by(DeliveryTable.person_id))
        return {row[0]: row[1] for row in rows if row[0] is not None}

    def retry(self, ids: Sequence[int], now: datetime) -> int:
        """Plans again what failed, expired or is unknown; how many of these ids were such."""
        statement = (
            update(DeliveryTable)
            .where(
                DeliveryTable.club_id == self._club_id,
                DeliveryTable.id.in_(ids),
                DeliveryTable.state.in_((UNKNOWN, FAILED, EXPIRED)),
            )
            .values(
                state=PENDING,
                due_at=now,
                not_before=None,
                expires_at=None,
                attempts=0,
                started_at=None,
                owner=None,
                lease_until=None,
                settled_at=None,
            )
        )
        count = self._connection.execute(statement).rowcount
        if count:
            self._planned()
        return count

    def cancel(self, kind: str, subject: str, at: datetime) -> int:
        """Takes back what was not begun yet; how many those are."""
        statement = (
            update(DeliveryTable)
            .where(
                DeliveryTable.club_id == self._club_id,
                DeliveryTable.kind == kind,
                DeliveryTable.subject == subject,
                DeliveryTable.state == PENDING,
                DeliveryTable.started_at.is_(None),
            )
            .values(state=CANCELLED, settled_at=at, owner=None, lease_until=None)
        )
        return self._connection.execute(statement).rowcount

    def cancel_of_person(self, person_id: int, at: datetime) -> int:
        """Takes back all that waits to be sent to a person; how many those are."""
        statement = (
            update(DeliveryTable)
            .where(self._of_person(person_id), DeliveryTable.state == PENDING)
            .values(state=CANCELLED, settled_at=at, owner=None, lease_until=None)
        )
        return self._connection.execute(statement).rowcount

    def of_person(self, person_id: int) -> list[Delivery]:
        return self._listed(DeliveryTable.person_id == person_id)

    def move_person(self, from_person: int, to_person: int) -> None:
        """What was meant for one is for the other: they are one human."""
        statement = update(DeliveryTable).where(self._of_person(from_person))
        self._connection.execute(statement.values(person_id=to_person))

    def forget_person(self, person_id: int, accounts: Sequence[tuple[str, str]]) -> None:
        """Drops every row about a person, and those to the chats with these accounts."""
        theirs = [self._of_person(person_id)]
        theirs += [
            and_(
                DeliveryTable.club_id == self._club_id,
                DeliveryTable.is_private,
                DeliveryTable.platform == platform,
                DeliveryTable.chat_id == account_id,
            )
            for platform, account_id in accounts
        ]
        self._connection.execute(delete(DeliveryTable).where(or_(*theirs)))

    def _of_person(self, person_id: int) -> ColumnElement[bool]:
        return and_(DeliveryTable.club_id == self._club_id, DeliveryTable.person_id == person_id)

    def _listed(self, *conditions: object) -> list[Delivery]:
        statement = select(*COLUMNS).where(DeliveryTable.club_id == self._club_id)
        for condition in conditions:
            statement = statement.where(condition)  # type: ignore[arg-type]
        return [Delivery(*row) for row in self._connection.execute(statement.order_by("id"))]
