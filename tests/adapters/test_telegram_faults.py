"""What goes wrong between the bot and Telegram, and how little of it people notice."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.adapters.telegram.adapter import TelegramAdapter, TelegramOptions
from bot.adapters.telegram.api import Api
from bot.adapters.telegram.errors import Refused
from bot.adapters.telegram.render import Message
from bot.adapters.telegram.request import NotSent
from bot.chat.desk import Desk
from bot.chat.errors import DeliveryError, Gone, Moved, Rejected, Retry, Unknown
from bot.chat.invocation import Invocation, PlaceRef, Update, UpdateRef
from bot.chat.reply import Reply, say
from tests.adapters.telegram_house import TelegramStage
from tests.telegram.faults import Drop, Status
from tests.telegram.simulator import TelegramSimulator


async def test_a_wrong_token_is_told_to_whoever_runs_the_bot(
    telegram_stage: TelegramStage,
) -> None:
    async with telegram_stage.bot() as bot:
        wrong = TelegramOptions("1:wrong-token", telegram_stage.telegram.url)
        with pytest.raises(Refused, match="Telegram does not accept the token") as refused:
            await TelegramAdapter(bot.desk, wrong).run()
        assert "wrong-token" not in str(refused.value)
        assert "wrong-token" not in repr(wrong)
    telegram_stage.telegram.take_violations()


@pytest.mark.parametrize("fault", [Status(429, retry_after=1), Drop(before=True)])
async def test_what_surely_was_not_taken_is_sent_again(
    telegram_stage: TelegramStage, fault: Status | Drop
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    async with telegram_stage.bot():
        tg.faults.add(kind=fault, method="sendMessage", times=1)
        await ana.says(ana.private, "/paper 6")
        if isinstance(fault, Status):
            assert "AI X Crypto" in (await ana.hears(ana.private)).text
            first, second = tg.calls_of("sendMessage")
            assert second.when - first.when >= 1
        else:
            # The connection was there, so it may have been taken: it is not sent twice.
            await ana.hears_nothing(ana.private)
        await ana.says(ana.private, "/paper 1")
        assert "Bitcoin" in (await ana.hears(ana.private)).text


async def test_an_answer_that_may_have_arrived_is_not_sent_twice(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    async with telegram_stage.bot():
        for fault in (Drop(before=False, after=True), Status(502, after=True)):
            tg.faults.add(kind=fault, method="sendMessage", times=1)
            await ana.says(ana.private, "/paper 6")
            assert "AI X Crypto" in (await ana.hears(ana.private)).text
            await ana.hears_nothing(ana.private)


async def test_an_edit_is_repeated_whatever_became_of_it(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    async with telegram_stage.bot():
        await ana.says(ana.private, "/paper 6")
        card = await ana.hears(ana.private)
        tg.faults.add(kind=Drop(before=True), method="editMessageText", times=1)
        tg.faults.add(kind=Status(502), method="editMessageText", times=1)
        press = await ana.presses(card, "Lite summary")
        assert "Sentence 0" in (await ana.hears(ana.private)).text
        await ana.answered(press)


async def test_a_flood_in_one_chat_holds_no_other_up(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana, bo = tg.user("Ana"), tg.user("Bo")
    async with telegram_stage.bot():
        tg.faults.add(
            kind=Status(429, retry_after=3), method="sendMessage", chat=ana.private, times=1
        )
        await ana.says(ana.private, "/paper 6")
        await tg.until_called("sendMessage")
        for _ in range(5):
            await bo.says(bo.private, "/paper 6")
            await bo.hears(bo.private)
        assert ana.sees(ana.private) == []
        assert "AI X Crypto" in (await ana.hears(ana.private, patience=5)).text


async def test_a_press_is_answered_in_time_when_the_answer_takes_long(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")

    def slow(desk: Desk) -> Desk:
        async def dispatch(call: Invocation) -> Reply:
            if call.values:
                await asyncio.sleep(2.5)
            return await desk.dispatch(call)

        return replace(desk, dispatch=dispatch)

    async with telegram_stage.bot(slow):
        await ana.says(ana.private, "/paper 6")
        card = await ana.hears(ana.private)
        press = await ana.presses(card, "Lite summary")
        await ana.answered(press, patience=2.0)
        assert "Sentence 0" not in ana.sees(ana.private)[0].text
        assert "Sentence 0" in (await ana.hears(ana.private)).text


async def test_one_persons_calls_are_answered_in_order_and_others_do_not_wait(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana, bo = tg.user("Ana"), tg.user("Bo")
    gate = asyncio.Event()

    def gated(desk: Desk) -> Desk:
        async def dispatch(call: Invocation) -> Reply:
            if call.rest == "slow":
                await gate.wait()
            return say(f"{call.command} {call.rest}")

        return replace(desk, dispatch=dispatch)

    async with telegram_stage.bot(gated):
        for words in ("/paper slow", "/paper 1", "/paper 2"):
            await ana.says(ana.private, words)
        await bo.says(bo.private, "/paper 3")
        assert (await bo.hears(bo.private)).text == "paper 3"
        assert ana.sees(ana.private) == []
        gate.set()
        said = [(await ana.hears(ana.private)).text for _ in range(3)]
        assert said == ["paper slow", "paper 1", "paper 2"]


async def test_what_was_stored_and_not_handled_is_handled_at_the_next_start(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")

    def stuck(desk: Desk) -> Desk:
        async def dispatch(call: Invocation) -> Reply:
            await asyncio.Event().wait()
            raise AssertionError

        return replace(desk, dispatch=dispatch)

    async with telegram_stage.bot(stuck):
        await ana.says(ana.private, "/paper 6")
        await tg.until_acknowledged()
    await ana.says(ana.private, "/paper 1")
    async with telegram_stage.bot():
        assert "AI X Crypto" in (await ana.hears(ana.private)).text
        assert "Bitcoin" in (await ana.hears(ana.private)).text
    async with telegram_stage.bot():
        await ana.hears_nothing(ana.private)


async def test_nothing_is_acknowledged_that_could_not_be_stored(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    failures = [OSError("the disk is full")] * 2

    def broken(desk: Desk) -> Desk:
        async def accept(updates: list[Update]) -> list[UpdateRef]:
            if failures:
                raise failures.pop()
            return await desk.accept(updates)

        return replace(desk, accept=accept)  # type: ignore[arg-type]

    async with telegram_stage.bot(broken):
        await ana.says(ana.private, "/paper 6")
        assert "AI X Crypto" in (await ana.hears(ana.private)).text


async def test_telegram_out_of_reach_is_waited_for(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    async with telegram_stage.bot():
        tg.faults.add(kind=Status(502), method="getUpdates", times=1)
        tg.faults.add(kind=Drop(before=True), method="getUpdates", times=1)
        await ana.says(ana.private, "/paper 6")
        assert "AI X Crypto" in (await ana.hears(ana.private, patience=10)).text


async def test_a_group_that_moves_keeps_everything_and_an_answer_follows_it(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ola = tg.user("Ola")
    group = tg.group("Readers", admins=[ola], is_supergroup=False)
    async with telegram_stage.bot() as bot:
        with bot.house.app.worker._database.unit(write=True) as uow:
            uow.of_club(1).places.add("telegram", str(group.id))
        await bot.house.app.snapshots.load()
        await ola.says(group, f"/paper@{tg.username} 6")
        await ola.hears(group)
        group.upgrade()
        await tg.until_acknowledged()
        await ola.says(group, f"/paper@{tg.username} 6")
        await ola.hears(group)
        with bot.house.app.worker._database.unit(1) as uow:
            assert [place.chat_id for place in uow.places.all()] == [str(group.id)]


async def test_who_blocks_the_bot_and_comes_back_is_known(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", admins=[ana])

    async with telegram_stage.bot() as bot:
        await bot.make_organiser(ana)
        database = bot.house.app.worker._database
        with database.unit(write=True) as uow:
            uow.of_club(1).places.add("telegram", str(group.id))

        async def marks() -> tuple[bool, bool]:
            await tg.until_acknowledged()
            await tg.settle(0.2)
            with database.unit(1) as uow:
                (person,), (place,) = uow.people.everyone(), uow.places.all()
                return person.accounts[0].unreachable_at is None, place.gone_at is None

        await ana.starts()
        ana.block()
        group.kick_bot()
        assert await marks() == (False, False)
        ana.unblock()
        group.add_bot()
        assert await marks() == (True, True)


SENDING: list[tuple[Callable[[TelegramStage], object], type[DeliveryError]]] = [
    (
        lambda s: s.telegram.faults.add(kind=Status(429, retry_after=200), method="sendMessage"),
        Retry,
    ),
    (lambda s: s.telegram.faults.add(kind=Drop(before=True), method="sendMessage"), Unknown),
    (lambda s: s.telegram.faults.add(kind=Status(502, after=True), method="sendMessage"), Unknown),
]


@pytest.mark.parametrize(("happen", "kind"), SENDING)
async def test_what_is_known_of_a_message_that_was_sent_unasked(
    telegram_stage: TelegramStage,
    happen: Callable[[TelegramStage], object],
    kind: type[DeliveryError],
) -> None:
    tg = telegram_stage.telegram
    group = tg.group("Readers")
    place = PlaceRef("telegram", str(group.id))
    async with telegram_stage.bot() as bot:
        sent = await bot.adapter.send(place, say("Hello"), "1")
        assert sent.message_id == str(tg.sent(group)[-1].id)
        happen(telegram_stage)
        with pytest.raises(kind):
            await bot.adapter.send(place, say("Hello"), "2")


async def test_a_place_that_is_closed_or_moved_or_does_not_take_it_is_told_apart(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    open_, basic, closed = (tg.group("Open"), tg.group("Old", is_supergroup=False), tg.group("No"))
    before = basic.id
    async with telegram_stage.bot() as bot:

        async def send(number: int | str, thread: str | None = None) -> None:
            await bot.adapter.send(PlaceRef("telegram", str(number), thread), say("Hello"), "k")

        closed.kick_bot()
        with pytest.raises(Gone):
            await send(closed.id)
        with pytest.raises(Gone):
            await send(-1009999999999)
        with pytest.raises(Rejected, match="the topic is closed or gone"):
            await send(open_.id, "777")
        basic.upgrade()
        with pytest.raises(Moved) as moved:
            await send(before)
        assert moved.value.to.chat_id == str(basic.id)
        tg.faults.add(kind=Status(400), method="sendMessage")
        with pytest.raises(Rejected):
            await send(open_.id)


async def test_a_start_that_fails_half_way_is_begun_anew_and_handles_nothing_twice(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana, bo = tg.user("Ana"), tg.user("Bo")

    def stuck(desk: Desk) -> Desk:
        async def dispatch(call: Invocation) -> Reply:
            await asyncio.Event().wait()
            raise AssertionError

        return replace(desk, dispatch=dispatch)

    async with telegram_stage.bot(stuck):
        await ana.says(ana.private, "/paper 6")
        await bo.says(bo.private, "/paper 6")
        await tg.until_acknowledged()

    calls: list[int] = []

    def failing(desk: Desk) -> Desk:
        async def recall(source: str, after: int) -> list[Update]:
            calls.append(after)
            if len(calls) == 2:
                raise OSError("the database is gone")
            return await desk.recall(source, after)

        return replace(desk, recall=recall)

    async with telegram_stage.bot(failing):
        for person in (ana, bo):
            assert "AI X Crypto" in (await person.hears(person.private)).text
            await person.hears_nothing(person.private)
    assert len(calls) >= 3


async def test_what_finds_no_connection_is_sent_when_there_is_one() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    telegram = TelegramSimulator(port=port)
    group = telegram.group("Readers")
    place = PlaceRef("telegram", str(group.id))
    api = Api(telegram.token, f"http://127.0.0.1:{port}")
    with pytest.raises(NotSent):
        await api.send(place, Message("Unasked"), is_answer=False)
    sending = asyncio.create_task(api.send(place, Message("An answer")))
    await asyncio.sleep(0.3)
    async with telegram:
        await sending
        assert [one.text for one in telegram.sent(group)] == ["An answer"]
        await api.close()
    assert telegram.violations == []
