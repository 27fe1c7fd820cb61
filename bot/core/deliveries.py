"""What is sent unasked: claimed, composed from the rows of that moment, sent, marked.

A lease says whose a delivery is, and each mark holds only while the lease does. What surely was not
sent is sent again; what may have arrived is sent again only where the platform itself drops the
repeat, and is unknown otherwise. See docs/decisions/0011.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime, timedelta
from functools import partial

from bot.chat.adapter import Adapter
from bot.chat.errors import DeliveryError, Gone, Moved, Rejected, Retry, Unknown
from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.reply import Reply
from bot.core.delivery_steps import (
    LEASE_FOR,
    Begun,
    CannotCompose,
    Kind,
    begin,
    claimed,
    key_of,
    place_of,
    put_back,
    renew,
)
from bot.core.snapshots import Snapshots
from storage.deliveries import CANCELLED, EXPIRED, FAILED, SENT, UNKNOWN, Delivery
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

log = logging.getLogger(__name__)

BATCH = 50
"""So many are held at once on each platform, so that a slow one leaves the others alone."""
_MOST_ATTEMPTS = 8
_LONGEST_WAIT = 300.0
# A chat that takes nothing for longer than this gives its turn to the others.
_PATIENCE = 2.0
_DRAIN_SECONDS = 10.0
# Composing takes a while, and a message is to leave at its very instant.
_AHEAD_SECONDS = 0.05
_SOON = 0.005
_RENEW_SECONDS = 20.0
# What is in flight when the bot is killed is unknown afterwards where a platform cannot tell a
# repeat; elsewhere it has to be repeated soon. These are enough for the limits of both platforms,
# as long as a message takes a quarter of a second, or half of one on Discord.
_IN_FLIGHT, _IN_FLIGHT_REPEATED = 8, 12
_SETTLE_AGAIN = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

__all__ = ["BATCH", "LEASE_FOR", "Deliverer", "Kind", "key_of", "place_of"]


class Deliverer:
    """Sends what is due, on the platforms that this process is connected to."""

    def __init__(
        self,
        database: DatabaseWorker,
        snapshots: Snapshots,
        clock: Callable[[], datetime],
        owner: str,
        connected: Callable[[], Sequence[Adapter]],
        kinds: Mapping[str, Kind],
        is_dead: Callable[[str], bool] = lambda owner: False,
        plan_due: Callable[[UnitOfWork, datetime], None] = lambda uow, now: None,
        logged_as: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """`is_dead` tells of another owner whether it has surely ended; `plan_due` plans what has
        become due by the clock alone, such as a reminder; within `logged_as` a delivery is sent.
        """
        self._database = database
        self._snapshots = snapshots
        self._clock = clock
        self._owner = owner
        self._connected = connected
        self._kinds = kinds
        self._is_dead = is_dead
        self._plan_due = plan_due
        self._logged_as = logged_as
        self._wake = asyncio.Event()
        self._stopping = False
        self._chats: dict[tuple[str, str], asyncio.Task[None]] = {}
        self.settled: Callable[[Delivery, str], None] = lambda delivery, state: None
        """Told of each delivery that has come to its end here, with its state."""
        self._held: Counter[str] = Counter()
        self._in_flight: dict[str, asyncio.Semaphore] = {}
        self._next_at: datetime | None = None

    def wake(self) -> None:
        """Looks for what is due at once, after a commit that planned something."""
        self._wake.set()

    async def run(self) -> None:
        """Sends whenever it is woken, until `stop`; a database out of reach is tried again."""
        has_failed = False
        while not self._stopping:
            try:
                found = await self.deliver_due()
            except Exception as error:
                if not has_failed:
                    log.exception("deliveries cannot be read (%s); they wait", error)
                has_failed, found = True, 0
            else:
                has_failed = False
            if not found and not self._stopping:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._until_next()):
                        await self._wake.wait()
                self._wake.clear()

    def _until_next(self) -> float | None:
        """Seconds until something is due, as far as that was known when it was last asked."""
        if self._next_at is None:
            return None
        return max(_SOON, (self._next_at - self._clock()).total_seconds())

    async def stop(self) -> None:
        """Begins nothing more and lets what is being sent finish; the rest is for the next run."""
        self._stopping = True
        self._wake.set()
        if self._chats:
            await asyncio.wait(self._chats.values(), timeout=_DRAIN_SECONDS)
        for task in list(self._chats.values()):
            task.cancel()
        await asyncio.gather(*self._chats.values(), return_exceptions=True)

    async def deliver_due(self) -> int:
        """Takes what is due and starts sending it; how many were taken."""
        adapters = {adapter.name: adapter for adapter in self._connected()}
        # Asking costs as much as several of them, so it waits until half of them have gone.
        rooms = {name: BATCH - self._held[name] for name in adapters}
        rooms = {name: room for name, room in rooms.items() if room >= BATCH // 2}
        self._next_at = None
        if not rooms:
            return 0
        now = self._clock()
        found = await self._database.write(
            partial(
                claimed,
                rooms,
                self._owner,
                now,
                self._is_dead,
                self._kinds,
                tuple(self._chats),
                self._plan_due,
            )
        )
        taken, self._next_at = found.deliveries, found.next_at
        for delivery in found.expired:
            self.settled(delivery, EXPIRED)
        if self._stopping:
            # The end came while they were taken: they are for the next run.
            for delivery in taken:
                await self._postpone(delivery, 0)
            return 0
        by_chat: defaultdict[tuple[str, str], list[Delivery]] = defaultdict(list)
        for delivery in taken:
            self._held[delivery.platform] += 1
            by_chat[delivery.platform, delivery.chat_id].append(delivery)
        for chat, deliveries in by_chat.items():
            before = self._chats.get(chat)
            sending = self._send_all(adapters[chat[0]], deliveries, before)
            self._chats[chat] = asyncio.create_task(sending, name=f"deliveries {chat[0]}")
        return len(taken)

    async def finished(self) -> None:
        """Waits until everything that was taken is sent or put back."""
        while self._chats:
            await asyncio.gather(*self._chats.values())

    async def _send_all(
        self, adapter: Adapter, deliveries: Sequence[Delivery], before: asyncio.Task[None] | None
    ) -> None:
        """One chat's messages, in the order in which they were due."""
        chat = (deliveries[0].platform, deliveries[0].chat_id)
        try:
            if before is not None:
                await asyncio.wait({before})
            for delivery in deliveries:
                with self._logged_as(f"delivery {delivery.id}"):
                    await self._guarded(adapter, delivery)
        finally:
            self._held[adapter.name] -= len(deliveries)
            if self._chats.get(chat) is asyncio.current_task():
                del self._chats[chat]
            self._wake.set()

    async def _guarded(self, adapter: Adapter, delivery: Delivery) -> None:
        try:
            await self._deliver(adapter, delivery)
        except CannotCompose as error:
            log.exception("delivery %d cannot be made", delivery.id, exc_info=error.__cause__)
            if delivery.attempts >= _MOST_ATTEMPTS:
                await self._settle(delivery, FAILED, error="it cannot be made; the log says why")
            else:
                await self._postpone(delivery, _longer(delivery.attempts), counts=True)
        except Exception:
            log.exception("delivery %d failed", delivery.id)
            # If it was begun, whoever takes it next finds the mark and decides. Where not even
            # this can be written, the lease runs out.
            later = self._clock() + LEASE_FOR
            with suppress(Exception):
                await self._marked(delivery, partial(put_back, later, started=True))

    async def _deliver(self, adapter: Adapter, delivery: Delivery) -> None:
        place = place_of(delivery)
        if self._stopping:
            await self._postpone(delivery, 0)
            return
        if delivery.started_at is not None and not self._may_repeat(adapter, delivery):
            await self._unknown(delivery, "the bot was stopped while it was being sent")
            return
        if (wait := adapter.pacer.room_in(place)) > _PATIENCE:
            await self._postpone(delivery, wait)
            return
        async with self._room_in_flight(adapter):
            await self._send(adapter, delivery, place)

    def _room_in_flight(self, adapter: Adapter) -> asyncio.Semaphore:
        count = _IN_FLIGHT_REPEATED if adapter.repeats_for else _IN_FLIGHT
        return self._in_flight.setdefault(adapter.name, asyncio.Semaphore(count))

    async def _send(self, adapter: Adapter, delivery: Delivery, place: PlaceRef) -> None:
        keeper = asyncio.create_task(self._keep(delivery))
        try:
            if self._stopping:
                await self._postpone(delivery, 0)
                return
            slot = await adapter.pacer.reserve(place, _AHEAD_SECONDS)
            if not self._may_repeat(adapter, delivery):
                # Waiting for the turn took longer than the platform remembers.
                await self._unknown(delivery, "the bot was stopped while it was being sent")
                return
            begun = await self._begun(delivery)
            if begun.reply is None:
                if begun.is_ours:
                    self.settled(delivery, CANCELLED)
                return
            await adapter.pacer.leave(slot)
            message = await adapter.send(place, begun.reply, key_of(delivery))
            await self._settle_sent(delivery, message, begun.reply)
        except DeliveryError as error:
            await self._refused(adapter, delivery, error)
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _begun(self, delivery: Delivery) -> Begun:
        """Marks the start and composes, in one unit."""
        now = self._clock()
        return await self._database.write(
            partial(begin, delivery, self._owner, now, self._kinds), delivery.club_id
        )

    async def _settle_sent(self, delivery: Delivery, message: MessageRef, reply: Reply) -> None:
        log.info("delivery %d (%s) is sent", delivery.id, delivery.kind)
        await self._settle(delivery, SENT, message_id=message.message_id, reply=reply)

    async def _refused(self, adapter: Adapter, delivery: Delivery, error: DeliveryError) -> None:
        """What the platform said, as what becomes of the delivery."""
        match error:
            case Retry(after=after):
                # Surely not sent, so it may be tried until it expires, ever more slowly.
                wait = max(after, _longer(delivery.attempts))
                adapter.pacer.refused(after, place_of(delivery))
                await self._postpone(
                    delivery, wait if delivery.attempts > 3 else after, counts=True
                )
            case Moved(to=to):
                await self._moved(delivery, to)
            case Gone():
                await self._gone(delivery)
            case Rejected():
                await self._settle(delivery, FAILED, error=str(error))
            case Unknown() if adapter.repeats_for and delivery.attempts < _MOST_ATTEMPTS:
                soon = self._clock() + timedelta(seconds=min(30, 2**delivery.attempts))
                await self._marked(delivery, partial(put_back, soon, started=True))
            case _:
                await self._unknown(delivery, "no answer came from the platform")

    def _may_repeat(self, adapter: Adapter, delivery: Delivery) -> bool:
        """Whether a repeat of what may have arrived makes no second message."""
        if delivery.started_at is None:
            return True
        age = (self._clock() - delivery.started_at).total_seconds()
        return 0 <= age < adapter.repeats_for

    async def _unknown(self, delivery: Delivery, why: str) -> None:
        kind = self._kinds.get(delivery.kind)
        if kind and kind.is_repeated and delivery.attempts < _MOST_ATTEMPTS:
            later = self._clock() + timedelta(seconds=_PATIENCE)
            await self._marked(delivery, partial(put_back, later))
            return
        log.warning("delivery %d (%s) may or may not have arrived", delivery.id, delivery.kind)
        await self._settle(delivery, UNKNOWN, error=why)

    async def _gone(self, delivery: Delivery) -> None:
        now = self._clock()

        def mark(uow: UnitOfWork) -> None:
            if delivery.is_private:
                uow.reach.set_person(delivery.platform, delivery.chat_id, now)
            elif delivery.server_id is None:
                # Of a server one channel may be closed, and the rest of it open.
                uow.reach.set_place(delivery.platform, delivery.chat_id, now)

        await self._database.write(mark)
        await self._settle(delivery, FAILED, error="the bot is not let in there")
        await self._snapshots.load()

    async def _moved(self, delivery: Delivery, to: PlaceRef) -> None:
        await self._database.write(
            lambda uow: uow.reach.move(delivery.platform, delivery.chat_id, to.chat_id)
        )
        await self._snapshots.load()
        await self._postpone(delivery, 0, counts=True)

    async def _settle(
        self,
        delivery: Delivery,
        state: str,
        message_id: str | None = None,
        error: str | None = None,
        reply: Reply | None = None,
    ) -> None:
        now = self._clock()

        def settle(uow: UnitOfWork) -> bool:
            is_mine = uow.outbox.settle(
                delivery.id, self._owner, state, now, message_id=message_id, error=error
            )
            kind = self._kinds.get(delivery.kind)
            if is_mine and state == FAILED and kind and kind.failed:
                kind.failed(uow, delivery)
            if is_mine and message_id and reply and kind and kind.sent:
                kind.sent(uow, delivery, message_id, reply)
            return is_mine

        if await self._surely(settle):
            self.settled(delivery, state)
        else:
            log.warning("delivery %d was taken over by another process", delivery.id)

    async def _surely(self, write: Callable[[UnitOfWork], bool]) -> bool:
        """Writes what is known of a message, also where the database is away for a moment.

        Forgotten, it would count as one that may or may not have arrived.
        """
        for seconds in _SETTLE_AGAIN:
            try:
                return await self._database.write(write)
            except Exception as error:
                log.warning("what became of a delivery is written once more (%s)", error)
                await asyncio.sleep(seconds)
        return await self._database.write(write)

    async def _postpone(self, delivery: Delivery, seconds: float, *, counts: bool = False) -> None:
        """Due again later; what an earlier try has perhaps sent stays marked as begun."""
        later = self._clock() + timedelta(seconds=seconds)
        started = delivery.started_at is not None
        await self._marked(delivery, partial(put_back, later, started=started, counts=counts))

    async def _marked(
        self, delivery: Delivery, mark: Callable[[UnitOfWork, int, str], None]
    ) -> None:
        await self._database.write(lambda uow: mark(uow, delivery.id, self._owner))

    async def _keep(self, delivery: Delivery) -> None:
        """Renews the lease for as long as sending takes."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            until = self._clock() + LEASE_FOR
            try:
                await self._database.write(partial(renew, delivery.id, self._owner, until))
            except Exception as error:
                log.debug("a lease is renewed a little later: %s", error)


def _longer(attempts: int) -> float:
    """Seconds to wait after so many tries."""
    return min(_LONGEST_WAIT, 2.0 ** min(attempts, 10))
