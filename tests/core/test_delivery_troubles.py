"""What must not hold deliveries up, lose them or make two of them: floods, defects, failures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapters.telegram.api import rates_of
from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.pacer import Pacer
from bot.chat.reply import Reply
from bot.core import deliveries
from bot.core.deliveries import BATCH, LEASE_FOR, Deliverer
from storage.deliveries import Delivery, DeliveryDraft
from tests.conftest import NOW
from tests.core.test_deliveries import Platform, Scene, scene

__all__ = ["scene"]


def failing_once(scene: Scene, name: str) -> list[str]:
    """The database says no to the first write of this name; gives every such write."""
    write, seen = scene.worker.write, list[str]()

    async def flaky(run: Callable[..., Any], club_id: int | None = None) -> Any:
        called = getattr(getattr(run, "func", run), "__name__", "")
        if called == name:
            seen.append(called)
            if len(seen) == 1:
                raise RuntimeError("database is locked")
        return await write(run, club_id)

    scene.worker.write = flaky  # type: ignore[method-assign]
    return seen


async def test_a_flood_in_one_chat_holds_up_no_other(scene: Scene) -> None:
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        await asyncio.sleep(0)

    scene.platform.pacer = Pacer(30, rates_of, clock=lambda: now[0], sleep=sleep)
    sent: dict[str, float] = {}
    send = scene.platform.send

    async def noted(place: PlaceRef, reply: Reply, key: str) -> MessageRef:
        sent.setdefault(place.chat_id, now[0])
        return await send(place, reply, key)

    scene.platform.send = noted  # type: ignore[method-assign]
    scene.plan(*(f"flood {number}" for number in range(60)), chat="5")
    scene.plan("other", chat="7")
    running = asyncio.create_task(scene.deliverer.run())
    async with asyncio.timeout(20):
        while "7" not in sent:
            scene.deliverer.wake()
            await asyncio.sleep(0.001)
    await scene.deliverer.stop()
    await running
    assert sent["7"] < 6


async def test_a_platform_that_takes_nothing_leaves_the_others_alone(scene: Scene) -> None:
    hold = asyncio.Event()
    stuck = Platform("discord", hold=hold)
    both = scene.another("both", stuck, scene.platform)
    with scene.database.unit(scene.club.id, write=True) as uow:
        drafts = [
            DeliveryDraft(f"{name}:{number}", "note", name, name, f"-{number}", NOW)
            for name in ("discord", "telegram")
            for number in range(3 * BATCH)
        ]
        uow.deliveries.plan(drafts, NOW)
    running = asyncio.create_task(both.run())
    async with asyncio.timeout(20):
        while len(scene.platform.seen) < 3 * BATCH:
            await asyncio.sleep(0.01)
    assert not stuck.seen
    hold.set()
    await both.stop()
    await running


async def test_what_is_due_is_sent_at_its_instant_though_nothing_wakes_the_sender(
    scene: Scene,
) -> None:
    real = Deliverer(
        scene.worker,
        scene.snapshots,
        lambda: datetime.now(UTC),
        "real",
        lambda: [scene.platform],
        scene.kinds,
    )
    at = datetime.now(UTC) + timedelta(seconds=0.3)
    with scene.database.unit(scene.club.id, write=True) as uow:
        uow.deliveries.plan([DeliveryDraft("a", "note", "a", "telegram", "-1", at)], at)
    running = asyncio.create_task(real.run())
    async with asyncio.timeout(20):
        while not scene.platform.seen:
            await asyncio.sleep(0.01)
    assert datetime.now(UTC) >= at
    await real.stop()
    await running


async def test_what_is_known_to_be_sent_is_written_when_the_database_is_back(scene: Scene) -> None:
    scene.plan("a")
    failing_once(scene, "settle")
    await scene.deliver()
    scene.now += 2 * LEASE_FOR
    await scene.deliver()
    assert scene.states() == {"a": "sent"}


async def test_a_lease_is_renewed_on_after_the_database_was_away(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "_RENEW_SECONDS", 0.01)
    scene.plan("a")
    scene.platform.hold = asyncio.Event()
    renewals = failing_once(scene, "renew")
    await scene.deliverer.deliver_due()
    async with asyncio.timeout(5):
        while len(renewals) < 3:
            await asyncio.sleep(0.01)
    scene.platform.hold.set()
    await scene.deliverer.finished()


async def test_what_cannot_be_made_ends_in_failure_and_not_in_a_loop(scene: Scene) -> None:
    def broken(one: Delivery) -> Reply | None:
        raise RuntimeError("a defect")

    scene.wanted = broken
    scene.plan("a")
    await scene.deliver(12, seconds=301)
    assert scene.states() == {"a": "failed"}


async def test_a_kind_that_this_version_does_not_know_waits_for_another(scene: Scene) -> None:
    scene.plan("a")
    scene.kinds.clear()
    await scene.deliver()
    assert scene.states() == {"a": "pending"}
