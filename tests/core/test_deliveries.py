"""What is due is sent once; what a platform says decides what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.adapters.telegram.api import rates_of
from bot.chat.adapter import Adapter, Events, Sight
from bot.chat.errors import DeliveryError, Gone, Moved, Rejected, Retry, Unknown
from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.pacer import Pacer
from bot.chat.reply import Reply, say
from bot.chat.text import plain
from bot.core.budgets import Budgets
from bot.core.deliveries import LEASE_FOR, Deliverer, Kind
from bot.core.snapshots import Snapshots
from storage.clubs import Club
from storage.database import Database
from storage.deliveries import Delivery, DeliveryDraft
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker
from tests.conftest import NOW


@dataclass
class Platform:
    """A platform that takes messages, and says what it was told to say about the next ones."""

    name: str = "telegram"
    repeats_for: float = 0.0
    says: list[DeliveryError | str] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    pacer: Pacer = field(default_factory=Pacer)
    is_ready: bool = True
    is_connected: bool = True
    hold: asyncio.Event | None = None
    events: Events | None = None

    async def run(self) -> None:
        """Nothing comes in here."""

    async def stop(self) -> None:
        """Nothing goes on here."""

    def sight(self, place: PlaceRef) -> Sight | None:
        return None

    async def send(self, place: PlaceRef, reply: Reply, key: str) -> MessageRef:
        if self.hold is not None:
            await self.hold.wait()
        told = self.says.pop(0) if self.says else "taken"
        if isinstance(told, DeliveryError) and not isinstance(told, Unknown):
            raise told
        if not (self.repeats_for and key in self.keys):
            self.keys[key] = str(len(self.seen) + 1)
            self.seen.append((place.chat_id, plain(reply.text)))
        if isinstance(told, Unknown):
            raise told
        return MessageRef(place, self.keys[key])

    async def edit(self, place: PlaceRef, message_id: str, reply: Reply) -> None:
        """Nothing is shown anew here."""


class Scene:
    """A deliverer over a real database, and a clock that a test turns."""

    def __init__(self, worker: DatabaseWorker, database: Database, club: Club) -> None:
        self.now = NOW
        self.worker = worker
        self.database = database
        self.club = club
        self.platform = Platform()
        self.snapshots = Snapshots(worker)
        self.wanted: Callable[[Delivery], Reply | None] = lambda one: say(f"text {one.subject}")
        self.kinds = {"note": Kind(lambda uow, one: self.wanted(one))}
        self.deliverer = self.another("one")

    def another(self, owner: str, *platforms: Adapter) -> Deliverer:
        served: Sequence[Adapter] = platforms or (self.platform,)
        return Deliverer(
            self.worker, self.snapshots, lambda: self.now, owner, lambda: served, self.kinds
        )

    def plan(self, *subjects: str, chat: str = "-1", expires_at: datetime | None = None) -> None:
        drafts = [
            DeliveryDraft(
                f"note:{one}:{chat}", "note", one, "telegram", chat, NOW, expires_at=expires_at
            )
            for one in subjects
        ]
        with self.database.unit(self.club.id, write=True) as uow:
            uow.deliveries.plan(drafts, NOW)

    async def deliver(self, times: int = 1, seconds: float = 0) -> None:
        for _ in range(times):
            await self.deliverer.deliver_due()
            await self.deliverer.finished()
            self.now += timedelta(seconds=seconds)

    def states(self) -> dict[str, str]:
        def read(uow: UnitOfWork) -> dict[str, str]:
            states = ("pending", "sent", "unknown", "failed", "expired", "cancelled")
            return {one.subject: one.state for one in uow.deliveries.listed(states, 500)}

        with self.database.unit(self.club.id) as uow:
            return read(uow)


@pytest.fixture
async def scene(database: Database, club: Club) -> AsyncIterator[Scene]:
    worker = DatabaseWorker(database)
    yield Scene(worker, database, club)
    await worker.close()


async def test_each_is_sent_once_in_the_order_in_which_it_was_due(scene: Scene) -> None:
    scene.plan("a", "b", "c")
    scene.plan("a", "b", "c")
    await scene.deliver(3)
    assert scene.platform.seen == [("-1", "text a"), ("-1", "text b"), ("-1", "text c")]
    assert set(scene.states().values()) == {"sent"}


async def test_what_is_not_wanted_any_more_is_not_sent(scene: Scene) -> None:
    scene.plan("a", "b")
    scene.wanted = lambda one: say("yes") if one.subject == "b" else None
    await scene.deliver()
    assert scene.platform.seen == [("-1", "yes")]
    assert scene.states() == {"a": "cancelled", "b": "sent"}


async def test_each_end_that_a_delivery_comes_to_is_told_once(scene: Scene) -> None:
    told: list[tuple[str, str]] = []
    scene.deliverer.settled = lambda delivery, state: told.append((delivery.subject, state))
    scene.plan("late", expires_at=NOW - timedelta(seconds=1))
    scene.plan("unwanted", "bad", "good")
    scene.wanted = lambda one: None if one.subject == "unwanted" else say("text")
    scene.platform.says = [Rejected("can't parse")]
    await scene.deliver(3)
    assert told[0] == ("late", "expired")
    assert sorted(told) == sorted(scene.states().items())
    assert {state for _, state in told} == {"expired", "cancelled", "failed", "sent"}


async def test_a_platform_that_is_not_connected_keeps_what_waits(scene: Scene) -> None:
    scene.plan("a")
    scene.platform.name = "discord"
    await scene.deliver()
    assert scene.states() == {"a": "pending"}


async def test_what_was_refused_for_a_while_is_sent_after_it(scene: Scene) -> None:
    scene.plan("a")
    scene.platform.says = [Retry(7)]
    await scene.deliver(1, seconds=6)
    await scene.deliver()
    assert scene.platform.seen == []
    scene.platform.pacer = Pacer()
    await scene.deliver(1, seconds=1)
    await scene.deliver()
    assert scene.states() == {"a": "sent"}


async def test_what_was_surely_not_sent_is_tried_until_the_outage_is_over(scene: Scene) -> None:
    scene.plan("a")
    scene.platform.says = [Retry(0) for _ in range(20)]
    await scene.deliver(19, seconds=301)
    assert scene.states() == {"a": "pending"}
    await scene.deliver(2, seconds=301)
    assert scene.states() == {"a": "sent"}


async def test_what_the_platform_does_not_take_is_failed_at_once(scene: Scene) -> None:
    scene.plan("a")
    scene.platform.says = [Rejected("can't parse")]
    await scene.deliver(2)
    assert scene.states() == {"a": "failed"}


async def test_a_place_that_is_gone_is_marked(scene: Scene) -> None:
    with scene.database.unit(scene.club.id, write=True) as uow:
        uow.places.add("telegram", "-1")
    scene.plan("a")
    scene.platform.says = [Gone("kicked")]
    await scene.deliver()
    with scene.database.unit(scene.club.id) as uow:
        assert uow.places.all()[0].gone_at == NOW
    assert scene.states() == {"a": "failed"}


async def test_what_goes_to_a_group_that_moved_follows_it(scene: Scene) -> None:
    scene.plan("a")
    scene.platform.says = [Moved(PlaceRef("telegram", "-100"))]
    await scene.deliver(2)
    assert scene.platform.seen == [("-100", "text a")]
    assert scene.states() == {"a": "sent"}


async def test_what_may_have_arrived_is_unknown_until_somebody_says_again(scene: Scene) -> None:
    scene.plan("a")
    scene.platform.says = [Unknown("no answer")]
    await scene.deliver(3, seconds=30)
    assert scene.states() == {"a": "unknown"}
    assert len(scene.platform.seen) == 1
    with scene.database.unit(scene.club.id, write=True) as uow:
        (one,) = uow.deliveries.listed(["unknown"], 1)
        uow.deliveries.retry([one.id], scene.now)
    await scene.deliver()
    assert scene.states() == {"a": "sent"}


async def test_where_the_platform_drops_a_repeat_it_is_sent_again_and_arrives_once(
    scene: Scene,
) -> None:
    scene.plan("a")
    scene.platform.repeats_for = 120
    scene.platform.says = [Unknown("no answer"), Unknown("no answer")]
    await scene.deliver(6, seconds=10)
    assert scene.states() == {"a": "sent"}
    assert len(scene.platform.seen) == 1


async def test_after_the_platforms_memory_a_repeat_is_not_dared(scene: Scene) -> None:
    scene.plan("a")
    scene.platform.repeats_for = 120
    scene.platform.says = [Unknown("no answer")]
    await scene.deliver(1, seconds=121)
    await scene.deliver()
    assert scene.states() == {"a": "unknown"}


async def test_a_kind_may_say_that_a_second_one_does_no_harm(scene: Scene) -> None:
    scene.kinds["note"] = Kind(scene.kinds["note"].compose, is_repeated=True)
    scene.plan("a")
    scene.platform.says = [Unknown("no answer")]
    await scene.deliver(2, seconds=10)
    assert scene.states() == {"a": "sent"}


@pytest.mark.parametrize(("repeats_for", "state"), [(0.0, "unknown"), (120.0, "sent")])
async def test_what_a_dead_process_had_begun_is_decided_by_the_platform(
    scene: Scene, repeats_for: float, state: str
) -> None:
    scene.plan("begun", "taken")
    with scene.database.unit(write=True) as uow:
        first, _ = uow.outbox.claim(["telegram"], "dead", NOW, LEASE_FOR, 10)
        uow.outbox.start(first.id, "dead", NOW)
    scene.platform.repeats_for = repeats_for
    await scene.deliver()
    assert scene.platform.seen == []
    scene.now += LEASE_FOR
    await scene.deliver(2)
    assert scene.states() == {"begun": state, "taken": "sent"}


async def test_a_lease_that_ran_out_while_waiting_sends_nothing(scene: Scene) -> None:
    scene.plan("a")
    scene.platform.hold = asyncio.Event()
    await scene.deliverer.deliver_due()
    while not scene.deliverer._chats:
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    scene.now += LEASE_FOR
    other = scene.another("two", Platform())
    await other.deliver_due()
    await other.finished()
    scene.platform.hold.set()
    await scene.deliverer.finished()
    # The first has begun it, so nobody sends it a second time.
    assert scene.states() == {"a": "unknown"}
    assert len(scene.platform.seen) == 1


async def test_what_is_too_late_is_not_sent(scene: Scene) -> None:
    scene.plan("a", expires_at=NOW + timedelta(minutes=5))
    scene.now += timedelta(minutes=6)
    await scene.deliver()
    assert scene.states() == {"a": "expired"}


async def test_a_flooded_chat_holds_no_other_up(scene: Scene) -> None:
    scene.platform.pacer = Pacer(1_000, rates_of)
    for _ in range(20):
        scene.platform.pacer.used(PlaceRef("telegram", "-1"))
    scene.plan(*(f"n{number}" for number in range(60)))
    scene.plan("other", chat="7")
    await scene.deliver(2)
    assert scene.platform.seen == [("7", "text other")]
    assert scene.states()["n1"] == "pending"


async def test_an_unforeseen_failure_loses_nothing(scene: Scene) -> None:
    def fail(one: Delivery) -> Reply:
        raise RuntimeError("a defect")

    fine = scene.wanted
    scene.wanted = fail
    scene.plan("a")
    await scene.deliver()
    assert scene.states() == {"a": "pending"}
    scene.wanted = fine
    scene.now += 2 * LEASE_FOR
    await scene.deliver()
    assert scene.states() == {"a": "sent"}


async def test_two_processes_send_each_once(scene: Scene) -> None:
    for number in range(100):
        scene.plan("x", chat=f"-{number + 1}")
    two = scene.another("two")
    for _ in range(4):
        await asyncio.gather(scene.deliverer.deliver_due(), two.deliver_due())
        await asyncio.gather(scene.deliverer.finished(), two.finished())
    assert sorted(scene.platform.seen) == sorted((f"-{n + 1}", "text x") for n in range(100))


async def test_stopping_leaves_the_rest_to_the_next_run(scene: Scene) -> None:
    for number in range(10):
        scene.plan("x", chat=f"-{number + 1}")
    scene.platform.hold = asyncio.Event()
    running = asyncio.create_task(scene.deliverer.run())
    scene.deliverer.wake()
    await asyncio.sleep(0.05)
    stopping = asyncio.create_task(scene.deliverer.stop())
    scene.platform.hold.set()
    await stopping
    await running
    again = scene.another("two")
    scene.now += LEASE_FOR
    await again.deliver_due()
    await again.finished()
    assert len(scene.platform.seen) == 10
    assert set(scene.states().values()) == {"sent"}


async def test_processes_share_a_platforms_limits(scene: Scene) -> None:
    shares: list[int] = []

    class Counting(Pacer):
        def share(self, count: int) -> None:
            shares.append(count)

    def process(name: str) -> Budgets:
        served = (Platform(pacer=Counting()),)
        return Budgets(scene.worker, lambda: scene.now, name, lambda: served)

    one, two = process("one"), process("two")
    for own in (one, two, one):
        await own.renew()
    await one.release()
    await two.renew()
    assert shares == [1, 2, 2, 1]


async def test_the_share_of_a_process_that_was_killed_is_free_at_once(scene: Scene) -> None:
    shares: list[int] = []

    class Counting(Pacer):
        def share(self, count: int) -> None:
            shares.append(count)

    served = (Platform(pacer=Counting()),)
    for name in ("killed", "next"):
        own = Budgets(
            scene.worker, lambda: scene.now, name, lambda: served, lambda other: other == "killed"
        )
        await own.renew()
    assert shares == [1, 1]
