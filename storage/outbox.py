"""The outbox: the deliveries of all clubs, as those who send them take them.

A sender claims with a lease and marks what became of a message only while the lease is its own; so
one that was thought dead cannot disturb the one that took over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from storage.base import UtcDateTime
from storage.deliveries import COLUMNS, EXPIRED, PENDING, STATES, Delivery, DeliveryTable

_OF_A_CHAT = 5
# So many times what is wanted is looked through at first: usually each is to another chat.
_AHEAD = 4
# Written out, since SQLite uses the index of what is pending only where it can see that it may.
_PENDING: ColumnElement[str] = literal_column(f"'{PENDING}'")


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many deliveries of one kind wait on a platform, and since when the oldest is due."""

    platform: str
    kind: str
    waiting: int
    due: int
    due_since: datetime | None


class Outbox:
    """What is due, on all platforms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(
        self,
        platforms: Sequence[str],
        owner: str,
        now: datetime,
        lasts: timedelta,
        limit: int,
        *,
        kinds: Sequence[str] | None = None,
        busy: Sequence[tuple[str, str]] = (),
    ) -> list[Delivery]:
        """Takes what is due and nobody's, oldest first, and few of one chat at a time.

        `kinds` are those that the caller knows, None for all; nothing is taken for the `busy`
        chats, each a platform and an id, so that a flood in one leaves room for all others.

        What was another's whose lease has run out comes with the instant at which that one began
        to send it, if it did.
        """
        given = {
            "now": now,
            "owner": owner,
            "until": now + lasts,
            "platforms": list(platforms),
            "limit": limit,
            "look": limit * _AHEAD,
        }
        if kinds is not None:
            given["kinds"] = list(kinds)
        found = self._claim(given, list(busy), is_near=True)
        if len(found) < limit:
            # Those who stand first are many of a few chats, or there are no more.
            busy = list({*busy, *((one.platform, one.chat_id) for one in found)})
            given["limit"] = limit - len(found)
            found += self._claim(given, busy, is_near=False)
        return sorted(found, key=lambda one: (one.due_at, one.id))

    def _claim(
        self, given: dict[str, object], busy: list[tuple[str, str]], *, is_near: bool
    ) -> list[Delivery]:
        if busy:
            given = given | {"busy": busy}
        is_server = self._connection.dialect.name == "postgresql"
        statement = _claiming(is_server, is_near, "kinds" in given, bool(busy))
        return [Delivery(*row) for row in self._connection.execute(statement, given).all()]

    def start(self, delivery_id: int, owner: str, now: datetime) -> bool:
        """Marks that sending begins; False where it is not this owner's to send any more."""
        given = {"number": delivery_id, "by": owner, "now": now}
        return self._connection.execute(_START, given).rowcount > 0

    def settle(
        self,
        delivery_id: int,
        owner: str,
        state: str,
        at: datetime,
        *,
        message_id: str | None = None,
        error: str | None = None,
    ) -> bool:
        """Marks what became of it; False, and nothing changes, where another has taken over."""
        if state not in STATES:
            raise ValueError(f"not a state: {state!r}")
        given = {"number": delivery_id, "by": owner, "to": state, "at": at}
        given |= {"message": message_id, "why": error}
        return self._connection.execute(_SETTLE, given).rowcount > 0

    def put_back(
        self,
        delivery_id: int,
        owner: str,
        not_before: datetime,
        *,
        error: str | None = None,
        started: bool = False,
        counts: bool = True,
    ) -> bool:
        """Due again later, and then still before what was due after it. `started` keeps the mark
        that it may have arrived.

        An attempt that never came to sending does not count.
        """
        values: dict[str, object] = {"not_before": not_before, "owner": None, "lease_until": None}
        if not started:
            values["started_at"] = None
        if not counts:
            values["attempts"] = DeliveryTable.attempts - 1
        if error is not None:
            values["error"] = error
        given = {"number": delivery_id, "by": owner}
        return self._connection.execute(_MINE.values(**values), given).rowcount > 0

    def renew(self, ids: Sequence[int], owner: str, until: datetime) -> list[int]:
        """Keeps what is still this owner's for longer; the ids of these."""
        statement = (
            update(DeliveryTable)
            .where(
                DeliveryTable.id.in_(ids),
                DeliveryTable.state == _PENDING,
                DeliveryTable.owner == owner,
            )
            .values(lease_until=until)
            .returning(DeliveryTable.id)
        )
        return list(self._connection.execute(statement).scalars())

    def expire(self, now: datetime) -> list[Delivery]:
        """Gives up what nobody has begun and what nobody would want any more; gives these."""
        statement = (
            update(DeliveryTable)
            .where(
                DeliveryTable.state == _PENDING,
                DeliveryTable.expires_at <= now,
                DeliveryTable.started_at.is_(None),
                _is_free(now),
            )
            .values(state=EXPIRED, settled_at=now, owner=None, lease_until=None)
        )
        rows = self._connection.execute(statement.returning(*COLUMNS))
        return [Delivery(*row) for row in rows]

    def next_at(self, after: datetime) -> datetime | None:
        """When, after this instant, something of what nobody holds is due next."""
        due = func.coalesce(DeliveryTable.not_before, DeliveryTable.due_at)
        statement = select(func.min(due)).where(
            DeliveryTable.state == _PENDING, DeliveryTable.lease_until.is_(None), due > after
        )
        return self._connection.execute(statement).scalar()

    def backlog(self, now: datetime) -> list[Backlog]:
        """What waits to be sent, by platform and kind."""
        is_due = [
            DeliveryTable.due_at <= now,
            or_(DeliveryTable.not_before.is_(None), DeliveryTable.not_before <= now),
        ]
        since = case((and_(*is_due), func.coalesce(DeliveryTable.not_before, DeliveryTable.due_at)))
        statement = select(
            DeliveryTable.platform,
            DeliveryTable.kind,
            func.count(),
            func.count(since),
            func.min(since),
        ).where(DeliveryTable.state == PENDING)
        grouped = statement.group_by(DeliveryTable.platform, DeliveryTable.kind)
        return [Backlog(*row) for row in self._connection.execute(grouped)]

    def owners(self) -> list[str]:
        """Who holds deliveries, whether or not their leases have run out."""
        statement = select(DeliveryTable.owner).where(
            DeliveryTable.state == _PENDING, DeliveryTable.owner.is_not(None)
        )
        return [
            owner for owner in self._connection.execute(statement.distinct()).scalars() if owner
        ]

    def release(self, owner: str) -> int:
        """Frees what an owner holds who has surely ended; how many those are."""
        statement = (
            update(DeliveryTable)
            .where(DeliveryTable.state == _PENDING, DeliveryTable.owner == owner)
            .values(owner=None, lease_until=None)
        )
        return self._connection.execute(statement).rowcount


@cache
def _claiming(is_server: bool, is_near: bool, has_kinds: bool, has_busy: bool) -> Update:
    """Takes from among the first ones that are due, or from among all.

    Made once: it is a long statement, and making it would take longer than running it.
    """
    now = bindparam("now", type_=UtcDateTime())
    is_due = [
        DeliveryTable.state == _PENDING,
        DeliveryTable.due_at <= now,
        or_(DeliveryTable.not_before.is_(None), DeliveryTable.not_before <= now),
        DeliveryTable.platform.in_(bindparam("platforms", expanding=True)),
        _is_free(now),
    ]
    if has_kinds:
        is_due.append(DeliveryTable.kind.in_(bindparam("kinds", expanding=True)))
    if has_busy:
        chat = tuple_(DeliveryTable.platform, DeliveryTable.chat_id)
        is_due.append(chat.not_in(bindparam("busy", expanding=True)))
    near = select(
        DeliveryTable.id, DeliveryTable.platform, DeliveryTable.chat_id, DeliveryTable.due_at
    ).where(*is_due)
    if is_near:
        near = near.order_by(DeliveryTable.due_at, DeliveryTable.id).limit(bindparam("look"))
    found = near.subquery()
    place = func.row_number().over(
        partition_by=(found.c.platform, found.c.chat_id), order_by=(found.c.due_at, found.c.id)
    )
    first = select(found.c.id, found.c.due_at, place.label("place")).subquery()
    due = (
        select(first.c.id)
        .where(first.c.place <= _OF_A_CHAT)
        .order_by(first.c.due_at, first.c.id)
        .limit(bindparam("limit"))
    )
    if is_server:
        # Asked once more of each row, since another may have had it until it is locked here; and
        # materialised, since the planner may otherwise look for the rows more than once.
        # The ids as an array, since it would else look for them anew for each row of the table.
        first_ids = select(first.c.id).where(first.c.place <= _OF_A_CHAT)
        due = (
            select(DeliveryTable.id)
            .where(DeliveryTable.id == func.any(func.array(first_ids.scalar_subquery())), *is_due)
            .order_by(DeliveryTable.due_at, DeliveryTable.id)
            .limit(bindparam("limit"))
        )
        locked = due.with_for_update(skip_locked=True, of=DeliveryTable)
        due = select(locked.cte("due").prefix_with("MATERIALIZED").c.id)
    return (
        update(DeliveryTable)
        .where(DeliveryTable.id.in_(due))
        .values(
            owner=bindparam("owner", type_=DeliveryTable.owner.type),
            lease_until=bindparam("until", type_=UtcDateTime()),
            attempts=DeliveryTable.attempts + 1,
        )
        .returning(*COLUMNS)
    )


_MINE = update(DeliveryTable).where(
    DeliveryTable.id == bindparam("number"),
    DeliveryTable.owner == bindparam("by"),
    DeliveryTable.state == _PENDING,
)
_START = _MINE.where(DeliveryTable.lease_until > bindparam("now", type_=UtcDateTime())).values(
    started_at=func.coalesce(DeliveryTable.started_at, bindparam("now", type_=UtcDateTime()))
)
_SETTLE = _MINE.values(
    state=bindparam("to"),
    settled_at=bindparam("at"),
    message_id=bindparam("message"),
    error=bindparam("why"),
    owner=None,
    lease_until=None,
)


def _is_free(now: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    return or_(DeliveryTable.lease_until.is_(None), DeliveryTable.lease_until <= now)
