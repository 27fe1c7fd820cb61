"""The steps of a delivery, each within one unit of work; `deliveries` says when they are taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.invocation import PlaceRef
from bot.chat.reply import Reply
from storage.deliveries import CANCELLED, Delivery
from storage.unit_of_work import UnitOfWork

LEASE_FOR = timedelta(seconds=60)

Compose = Callable[[UnitOfWork, Delivery], Reply | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of delivery. What is composed to None is not wanted any more."""

    compose: Compose
    is_repeated: bool = False
    """Whether one that may have arrived is sent again: a second one does no harm."""
    failed: Callable[[UnitOfWork, Delivery], None] | None = None
    """Told, in the transaction that settles it, of one that could not be sent or came too late."""
    sent: Callable[[UnitOfWork, Delivery, str, Reply], None] | None = None
    """Told, in the transaction that settles it, of one that was sent, with the message's id and
    what it shows.
    """


@dataclass(frozen=True, slots=True)
class Begun:
    """Whether it is still ours to send, and what there is to send; None is nothing any more."""

    is_ours: bool
    reply: Reply | None = None


class CannotCompose(Exception):
    """A defect in what makes a message: trying again may not help, and must end."""


def place_of(delivery: Delivery) -> PlaceRef:
    return PlaceRef(
        delivery.platform,
        delivery.chat_id,
        delivery.thread_id,
        delivery.is_private,
        delivery.server_id,
    )


def key_of(delivery: Delivery) -> str:
    """The same for each try, so that a platform that can tell a repeat drops it."""
    return f"delivery {delivery.club_id} {delivery.id} {delivery.key}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process took."""

    deliveries: list[Delivery]
    expired: Sequence[Delivery]
    """What nobody would want any more."""
    next_at: datetime | None
    """When there is something to be taken next, if that is known."""


def claimed(
    rooms: Mapping[str, int],
    owner: str,
    now: datetime,
    is_dead: Callable[[str], bool],
    kinds: Mapping[str, Kind],
    busy: Sequence[tuple[str, str]],
    plan_due: Callable[[UnitOfWork, datetime], None],
    uow: UnitOfWork,
) -> Taken:
    """What is due now, so many at most on each platform, after what the time of day asks for was
    planned.
    """
    for other in uow.outbox.owners():
        # Nobody need wait until the lease of a process that was killed has run out.
        if other != owner and is_dead(other):
            uow.outbox.release(other)
    plan_due(uow, now)
    expired = uow.outbox.expire(now)
    for one in expired:
        kind = kinds.get(one.kind)
        if kind and kind.failed:
            kind.failed(uow, one)
    # A kind that this version does not know waits for a process that does.
    taken: list[Delivery] = []
    for platform, room in rooms.items():
        taken += uow.outbox.claim(
            (platform,),
            *(owner, now, LEASE_FOR, room),
            kinds=tuple(kinds),
            busy=[chat for chat in busy if chat[0] == platform],
        )
    if len(taken) == sum(rooms.values()):
        return Taken(taken, expired, now)
    coming = (uow.outbox.next_at(now), uow.lookout.next_at())
    next_at = min((at for at in coming if at is not None), default=None)
    return Taken(taken, expired, next_at)


def begin(
    delivery: Delivery, owner: str, now: datetime, kinds: Mapping[str, Kind], uow: UnitOfWork
) -> Begun:
    if not uow.outbox.start(delivery.id, owner, now):
        return Begun(is_ours=False)
    kind = kinds.get(delivery.kind)
    try:
        reply = kind.compose(uow, delivery) if kind else None
    except Exception as error:
        raise CannotCompose(delivery.kind) from error
    if reply is None:
        uow.outbox.settle(delivery.id, owner, CANCELLED, now)
    return Begun(is_ours=True, reply=reply)


def put_back(
    later: datetime,
    uow: UnitOfWork,
    delivery_id: int,
    owner: str,
    *,
    started: bool = False,
    counts: bool = True,
) -> None:
    uow.outbox.put_back(delivery_id, owner, later, started=started, counts=counts)


def renew(delivery_id: int, owner: str, until: datetime, uow: UnitOfWork) -> None:
    uow.outbox.renew([delivery_id], owner, until)
