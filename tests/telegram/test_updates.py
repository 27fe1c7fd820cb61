"""What the bot is told comes until it is acknowledged, to one poller at a time."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot
from telegram.error import Conflict

from tests.telegram.fixtures import bare_bot
from tests.telegram.simulator import TelegramSimulator
from tests.telegram.updates import FIRST_ID


async def ids(bot: Bot, offset: int | None = None, limit: int | None = None) -> list[int]:
    found = await bot.get_updates(offset=offset, limit=limit)
    return [update.update_id - FIRST_ID for update in found]


async def test_an_offset_acknowledges_all_before_it(telegram: TelegramSimulator, bot: Bot) -> None:
    telegram.say_many(5)
    assert await ids(bot) == [0, 1, 2, 3, 4]
    assert await ids(bot) == [0, 1, 2, 3, 4]
    assert await ids(bot, FIRST_ID + 2) == [2, 3, 4]
    assert await ids(bot, FIRST_ID + 1) == [2, 3, 4]
    assert await ids(bot, FIRST_ID + 3, limit=1) == [3]
    assert await ids(bot, FIRST_ID + 5) == []
    assert await ids(bot) == []


async def test_a_negative_offset_forgets_all_but_the_last(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    telegram.say_many(5)
    assert await ids(bot, -2) == [3, 4]
    assert await ids(bot) == [3, 4]


async def test_at_most_a_hundred_come_at_once(telegram: TelegramSimulator, bot: Bot) -> None:
    telegram.say_many(120, people=7)
    assert len(await ids(bot)) == 100
    assert len(await ids(bot, FIRST_ID + 100)) == 20


async def test_a_long_poll_waits_for_what_comes(telegram: TelegramSimulator, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.settle()
    assert not poll.done()
    await telegram.user("Ana").starts()
    assert len(await poll) == 1
    assert await bot.get_updates(offset=FIRST_ID + 1, timeout=0) == ()


async def test_the_later_of_two_pollers_wins(telegram: TelegramSimulator, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.settle()
    async with bare_bot(telegram) as other:
        second = asyncio.create_task(other.get_updates(timeout=5))
        with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure"):
            await first
        await telegram.user("Ana").starts()
        assert len(await second) == 1


async def test_a_poller_that_went_away_is_forgotten(telegram: TelegramSimulator, bot: Bot) -> None:
    async with bare_bot(telegram) as other:
        gone = asyncio.create_task(other.get_updates(timeout=5))
        await telegram.settle()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    await telegram.settle()
    await telegram.user("Ana").starts()
    assert len(await bot.get_updates(timeout=5)) == 1


async def test_some_kinds_come_on_demand_only(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", members=[ana], bot="admin")
    said = await ana.says(group, "x")
    await ana.reacts(said, "👍")
    group.join(telegram.user("Bea"))
    kinds = [next(iter(set(u.to_dict()) - {"update_id"})) for u in await bot.get_updates()]
    assert kinds == ["my_chat_member", "message", "my_chat_member", "message"]
    await bot.get_updates(offset=-1, allowed_updates=["message_reaction", "chat_member"])
    await ana.says(group, "not wanted now")
    await ana.reacts(said, None)
    group.join(telegram.user("Cem"))
    found = (await bot.get_updates())[1:]
    assert [bool(u.message_reaction) for u in found] == [True, False]
    assert [bool(u.chat_member) for u in found] == [False, True]
    await bot.get_updates(offset=-1, allowed_updates=[])
    await ana.says(group, "wanted again")
    assert (await bot.get_updates())[-1].message is not None


async def test_a_test_can_wait_for_the_bot(telegram: TelegramSimulator, bot: Bot) -> None:
    telegram.say_many(3)
    with pytest.raises(TimeoutError, match="3 updates were not taken"):
        await telegram.until_acknowledged(0.01)
    await bot.get_updates(offset=FIRST_ID + 3)
    await telegram.until_acknowledged()
    calls = await telegram.until_called("getUpdates")
    assert calls[0].parameters["offset"] == FIRST_ID + 3


async def test_many_people_speak_at_once(telegram: TelegramSimulator, bot: Bot) -> None:
    said = telegram.say_many(500, people=50, text="/note {n}")
    assert len({message.chat.id for message in said}) == 50
    assert [message.text for message in said[:2]] == ["/note 0", "/note 1"]
    assert len(telegram.updates.pending) == 500
    await bot.send_message(said[0].chat.id, "x")
