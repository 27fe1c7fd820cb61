"""Inline mode: a query anywhere, offers, and what is picked."""

from __future__ import annotations

import asyncio

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from tests.telegram.inline import InlineAnswer
from tests.telegram.people import Person
from tests.telegram.refusals import CannotDo
from tests.telegram.simulator import TelegramSimulator

DEEP = InlineKeyboardMarkup([[InlineKeyboardButton("In depth", callback_data="deep")]])


def article(key: str, markup: InlineKeyboardMarkup | None = None) -> InlineQueryResultArticle:
    content = InputTextMessageContent(f"<b>{key}</b>", parse_mode="HTML")
    return InlineQueryResultArticle(key, f"Title of {key}", content, markup, description="Lite")


async def offer(
    bot: Bot, ana: Person, query: str, *results: InlineQueryResultArticle
) -> InlineAnswer:
    asking = asyncio.create_task(ana.asks_inline(query))
    asked = (await bot.get_updates(timeout=5, offset=-1))[-1].inline_query
    assert asked is not None
    assert asked.query == query
    button = InlineQueryResultsButton("Open", start_parameter="inline")
    await bot.answer_inline_query(asked.id, results, is_personal=True, button=button)
    return await asking


async def test_an_offer_is_picked_in_a_chat_without_the_bot(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    answer = await offer(bot, ana, "zk", article("p6", DEEP), article("p7"))
    assert answer.titles == ["Title of p6", "Title of p7"]
    assert answer[0].text == "p6"
    assert answer[0].description == "Lite"
    assert answer.button == ("Open", "inline")
    assert answer.is_personal
    picked = await ana.picks(answer[0])
    assert picked.text == "p6"
    await ana.presses(picked, "In depth")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.message is None
    assert query.inline_message_id is not None
    await bot.answer_callback_query(query.id)
    await bot.edit_message_text("All of it", inline_message_id=query.inline_message_id)
    assert picked.text == "All of it"


async def test_what_is_picked_in_a_group_is_told_to_the_bot(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", members=[ana])
    telegram.inline_feedback = True
    answer = await offer(bot, ana, "zk", article("p6"))
    await ana.picks(answer[0], group)
    told, chosen = (await bot.get_updates())[-2:]
    assert told.message is not None
    assert told.message.via_bot is not None
    assert told.message.from_user is not None
    assert told.message.from_user.id == ana.id
    assert chosen.chosen_inline_result is not None
    assert chosen.chosen_inline_result.result_id == "p6"
    assert chosen.chosen_inline_result.inline_message_id is None


async def test_wrong_offers_are_refused(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    asking = asyncio.create_task(ana.asks_inline("zk", patience=0.2))
    asked = (await bot.get_updates(timeout=5))[-1].inline_query
    assert asked is not None
    many = [article(str(number)) for number in range(51)]
    with pytest.raises(BadRequest, match="Results_too_much"):
        await bot.answer_inline_query(asked.id, many)
    with pytest.raises(BadRequest, match="Result_id_duplicate"):
        await bot.answer_inline_query(asked.id, [article("1"), article("1")])
    with pytest.raises(BadRequest, match="Result_id_invalid"):
        await bot.answer_inline_query(asked.id, [article("x" * 65)])
    button = InlineQueryResultsButton("Open", start_parameter="a.b")
    with pytest.raises(BadRequest, match="Start_param_invalid"):
        await bot.answer_inline_query(asked.id, [], button=button)
    assert len(telegram.take_violations()) == 4
    with pytest.raises(TimeoutError):
        await asking


async def test_an_offer_that_comes_late_is_refused(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    asking = asyncio.create_task(ana.asks_inline("zk", patience=0.2))
    asked = (await bot.get_updates(timeout=5))[-1].inline_query
    assert asked is not None
    telegram.advance(16)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_inline_query(asked.id, [])
    with pytest.raises(TimeoutError):
        await asking


async def test_the_switch_at_botfather_can_be_off(telegram: TelegramSimulator, bot: Bot) -> None:
    telegram.inline_mode = False
    assert not (await bot.get_me()).supports_inline_queries
    with pytest.raises(CannotDo):
        await telegram.user("Ana").asks_inline("zk")
