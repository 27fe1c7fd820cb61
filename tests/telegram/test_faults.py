"""What goes wrong between a bot and Telegram goes wrong here in the same way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.telegram.faults import Delay, Drop, Hang, Status
from tests.telegram.limits import Limits
from tests.telegram.people import Person
from tests.telegram.simulator import TelegramSimulator


async def readers(simulator: TelegramSimulator, *names: str) -> list[Person]:
    people = [simulator.user(name) for name in names]
    for person in people:
        await person.starts()
    return people


async def test_a_flood_is_told_to_wait(telegram: TelegramSimulator, bot: Bot) -> None:
    (ana,) = await readers(telegram, "Ana")
    telegram.faults.add(method="sendMessage", times=2, kind=Status(429, retry_after=3))
    for _ in range(2):
        with pytest.raises(RetryAfter) as told:
            await bot.send_message(ana.id, "x")
        assert told.value.retry_after == timedelta(seconds=3)
    await bot.send_message(ana.id, "x")
    assert len(telegram.sent(ana.private)) == 1
    assert [call.accepted for call in telegram.calls_of("sendMessage")] == [False, False, True]
    assert [call.status for call in telegram.calls_of("sendMessage")] == [429, 429, 200]


@pytest.mark.parametrize("status", [500, 502])
async def test_an_outage_is_a_network_error(
    telegram: TelegramSimulator, bot: Bot, status: int
) -> None:
    (ana,) = await readers(telegram, "Ana")
    telegram.faults.add(method="send*", kind=Status(status))
    with pytest.raises(NetworkError):
        await bot.send_message(ana.id, "x")
    assert telegram.sent() == []
    telegram.faults.add(kind=Status(status, after=True, is_page=True))
    with pytest.raises(TelegramError):
        await bot.send_message(ana.id, "x")
    assert len(telegram.sent()) == 1


async def test_a_connection_is_dropped_before_or_after(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    (ana,) = await readers(telegram, "Ana")
    telegram.faults.add(method="sendMessage", kind=Drop(before=True))
    with pytest.raises(NetworkError):
        await bot.send_message(ana.id, "lost")
    telegram.faults.add(method="sendMessage", kind=Drop(after=True))
    with pytest.raises(NetworkError):
        await bot.send_message(ana.id, "sent")
    assert (await ana.hears(ana.private)).text == "sent"
    assert [call.accepted for call in telegram.calls_of("sendMessage")] == [False, True]
    assert [seen.text for seen in telegram.sent(ana.private)] == ["sent"]


async def test_a_fault_is_for_one_chat_and_may_come_later(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana, bea = await readers(telegram, "Ana", "Bea")
    telegram.faults.add(method="sendMessage", chat=ana.private, skip=1, kind=Status(403))
    await bot.send_message(bea.id, "x")
    await bot.send_message(ana.id, "x")
    await bot.send_message(bea.id, "x")
    with pytest.raises(Forbidden):
        await bot.send_message(ana.id, "x")
    telegram.faults.add(kind=Status(400), times=None)
    for _ in range(3):
        with pytest.raises(BadRequest):
            await bot.get_me()
    telegram.faults.clear()
    await bot.send_message(ana.id, "x")


async def test_an_answer_can_be_late_or_never_come(telegram: TelegramSimulator, bot: Bot) -> None:
    (ana,) = await readers(telegram, "Ana")
    telegram.faults.add(method="sendMessage", kind=Delay(0.05))
    sending = asyncio.create_task(bot.send_message(ana.id, "x"))
    assert (await ana.hears(ana.private)).text == "x"
    assert not sending.done()
    await sending
    for after, total in ((False, 1), (True, 2)):
        telegram.faults.add(method="sendMessage", kind=Hang(after=after))
        with pytest.raises(TimedOut):
            await bot.send_message(ana.id, "y", read_timeout=0.05)
        assert len(telegram.sent()) == total


async def test_a_file_may_not_come(telegram: TelegramSimulator, bot: Bot) -> None:
    (ana,) = await readers(telegram, "Ana")
    message = await ana.sends_file(ana.private, "x.md", b"x")
    assert message.file is not None
    file = await bot.get_file(message.file.id)
    telegram.faults.add(method="file", kind=Drop())
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray() == b"x"
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nothing")


async def test_limits_are_off_until_they_are_set(telegram: TelegramSimulator, bot: Bot) -> None:
    ana, bea = await readers(telegram, "Ana", "Bea")
    for _ in range(3):
        await bot.send_message(ana.id, "x")
    telegram.limits = Limits()
    await bot.send_message(ana.id, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(ana.id, "x")
    await bot.send_message(bea.id, "x")
    telegram.advance(1)
    await bot.send_message(ana.id, "x")
    assert [(one.limit, one.chat) for one in telegram.overruns] == [("per_chat", ana.id)]


async def test_a_group_takes_twenty_messages_a_minute(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    group = telegram.group("Readers")
    telegram.limits = Limits()
    for _ in range(20):
        await bot.send_message(group.id, "x")
        telegram.advance(1)
    with pytest.raises(RetryAfter):
        await bot.send_message(group.id, "x")
    telegram.advance(60)
    await bot.send_message(group.id, "x")


async def test_all_chats_together_have_a_limit(telegram: TelegramSimulator, bot: Bot) -> None:
    people = await readers(telegram, "Ana", "Bea", "Cem")
    telegram.limits = Limits(per_second=2, strict=False)
    for person in people:
        await bot.send_message(person.id, "x")
    assert [one.limit for one in telegram.overruns] == ["per_second"]
    assert len(telegram.sent()) == 3
