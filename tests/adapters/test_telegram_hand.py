"""What was taken in is handled, and once, however the way in breaks; nobody waits for others."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.adapters.telegram.errors import as_delivery
from bot.adapters.telegram.lanes import Lanes
from bot.chat.desk import Desk
from bot.chat.errors import Retry
from bot.chat.invocation import Invocation, PlaceRef, Update, UpdateRef
from bot.chat.reply import Reply, say
from tests.adapters.telegram_house import TelegramStage
from tests.telegram.faults import Status

Hook = tuple[str, int, str]


@pytest.fixture
def hook() -> Hook:
    """An address, a free port and a secret."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return f"http://127.0.0.1:{port}/telegram", port, "a-secret-of-the-webhook"


def noting(heard: list[str], gate: asyncio.Event | None = None) -> Callable[[Desk], Desk]:
    """A house that answers with what was asked, once the gate is open."""

    def change(desk: Desk) -> Desk:
        async def dispatch(call: Invocation) -> Reply:
            heard.append(call.rest)
            if gate is not None:
                await gate.wait()
            return say(f"Heard {call.rest}.")

        return replace(desk, dispatch=dispatch)

    return change


@pytest.mark.parametrize("is_hooked", [False, True])
async def test_what_was_stored_although_it_seemed_to_fail_is_handled_and_once(
    telegram_stage: TelegramStage, hook: Hook, is_hooked: bool
) -> None:
    ana, bo = telegram_stage.telegram.user("Ana"), telegram_stage.telegram.user("Bo")
    heard: list[str] = []
    failures = [OSError("the connection was lost after the commit")]

    def losing(desk: Desk) -> Desk:
        async def accept(updates: Sequence[Update]) -> list[UpdateRef]:
            new = await desk.accept(updates)
            if failures and new:
                raise failures.pop()
            return new

        return replace(noting(heard)(desk), accept=accept)

    async with telegram_stage.bot(losing, webhook=hook if is_hooked else None):
        await ana.says(ana.private, "/paper 1")
        assert (await ana.hears(ana.private, patience=10)).text == "Heard 1."
        await bo.says(bo.private, "/paper 2")
        assert (await bo.hears(bo.private)).text == "Heard 2."
        await ana.hears_nothing(ana.private)
    assert heard == ["1", "2"]


async def test_to_serve_anew_does_not_handle_again_what_is_in_hand(
    telegram_stage: TelegramStage, hook: Hook
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    async with telegram_stage.bot(webhook=hook):
        pass
    heard: list[str] = []
    gate = asyncio.Event()
    for fault in (Status(429, retry_after=1), Status(403)):
        tg.faults.add(kind=fault, method="setWebhook", times=1)

    async def speak() -> None:
        await tg.until_called("setWebhook", 2)
        await ana.says(ana.private, "/paper 1")

    speaking = asyncio.create_task(speak())
    async with telegram_stage.bot(noting(heard, gate), webhook=hook):
        await speaking
        assert len(tg.calls_of("setWebhook")) == 4
        assert heard == ["1"]
        gate.set()
        assert (await ana.hears(ana.private)).text == "Heard 1."
        await ana.hears_nothing(ana.private)
    assert heard == ["1"]


@pytest.mark.parametrize("error", [InvalidToken(), Conflict("another poller")])
def test_what_a_refused_bot_sends_surely_was_not_sent(error: TelegramError) -> None:
    assert isinstance(as_delivery(error, PlaceRef("telegram", "7")), Retry)


async def test_a_crowd_in_a_chat_that_is_held_leaves_room_for_everybody_else() -> None:
    held = asyncio.Event()
    done: list[tuple[str, int]] = []
    busy: set[tuple[str, int]] = set()

    async def handle(item: tuple[str, int]) -> None:
        busy.add(item)
        if item[0] == "held":
            await held.wait()
        done.append(item)

    lanes = Lanes(handle)
    for number in range(300):
        lanes.put(("held", number), ("held", number))
    for number in range(150):
        lanes.put((f"chat {number}", number), ("free", number))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sorted(done) == [("free", number) for number in range(150)]
    assert len([one for one in busy if one[0] == "held"]) == 50
    held.set()
    await lanes.drain(5)
    assert len(done) == 450


async def test_lanes_remember_no_chat_that_is_done_and_keep_each_order() -> None:
    done: list[int] = []

    async def handle(item: int) -> None:
        await asyncio.sleep(0)
        done.append(item)

    lanes = Lanes(handle)
    for number in range(10):
        lanes.put(("chat", "Ana"), number)
    await lanes.drain(5)
    assert done == list(range(10))
    assert not lanes._chats
