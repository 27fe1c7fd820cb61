"""What Telegram refuses is refused, in Telegram's words."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from tests.telegram.requests import ask, complaint, reader
from tests.telegram.simulator import TelegramSimulator
from tests.telegram.spec import SPEC_FILE

needs_spec = pytest.mark.skipif(not SPEC_FILE.is_file(), reason="needs Telegram's description")


@needs_spec
@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("sendMessage", {"chat_id": 1, "text": "x", "txet": "y"}, "txet: unknown"),
        ("sendMessage", {"text": "x"}, "chat_id: missing"),
        ("sendMessage", {"chat_id": 1, "text": {}}, "text: type"),
        ("editMessageText", {"chat_id": 1, "message_id": "x", "text": "x"}, "message_id: type"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_parameters": {"id": 1}},
            "reply_parameters.message_id: missing",
        ),
        ("setMyCommands", {"commands": [{"command": "x"}]}, "commands[0].description: missing"),
        (
            "answerInlineQuery",
            {"inline_query_id": "1", "results": [{"type": "article", "id": "1"}]},
            "results[0].title: missing",
        ),
    ],
)
async def test_a_request_of_the_wrong_shape_is_a_violation(
    telegram: TelegramSimulator, method: str, parameters: dict[str, Any], reason: str
) -> None:
    assert not (await ask(telegram, method, **parameters))["ok"]
    assert reason in [violation.reason for violation in telegram.take_violations()]


async def test_an_unknown_method_is_not_found(telegram: TelegramSimulator) -> None:
    said = await ask(telegram, "sendMesage", chat_id=1)
    assert said == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert telegram.take_violations()


async def test_a_wrong_token_is_unauthorized(telegram: TelegramSimulator, bot: Bot) -> None:
    telegram.token = "7000000001:another"
    with pytest.raises(InvalidToken):
        await bot.get_me()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{telegram.url}/bot{bot.token}/getMe") as response:
            said = await response.json()
        async with session.get(f"{telegram.url}/file/bot{bot.token}/documents/x") as response:
            assert response.status == 401
    assert said == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_nobody_is_written_to_who_did_not_write_first(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(ana.id, "x")
    await ana.says(telegram.group("Readers"), "/start")
    with pytest.raises(Forbidden, match="Forbidden: bot can't initiate conversation with a user"):
        await bot.send_message(ana.id, "x")
    await ana.starts()
    await bot.send_message(ana.id, "x")


async def test_who_blocks_the_bot_hears_no_more_of_it(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = await reader(telegram)
    ana.block()
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(ana.id, "x")
    change = (await bot.get_updates())[-1].my_chat_member
    assert change is not None
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    ana.unblock()
    await bot.send_message(ana.id, "x")
    change = (await bot.get_updates())[-1].my_chat_member
    assert change is not None
    assert change.new_chat_member.status == "member"
    ana.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(ana.id, "x")


async def test_a_group_that_the_bot_is_not_in_cannot_be_written_to(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    group = telegram.group("Readers")
    group.kick_bot()
    with pytest.raises(Forbidden, match="Forbidden: bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")
    group.add_bot()
    await bot.send_message(group.id, "x")
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="Forbidden: bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")


async def test_an_upgraded_group_says_where_it_went(telegram: TelegramSimulator, bot: Bot) -> None:
    group = telegram.group("Readers", is_supergroup=False)
    old = group.id
    group.upgrade()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old, "x")
    assert moved.value.new_chat_id == group.id
    said = await ask(telegram, "sendMessage", chat_id=old, text="x")
    assert said["description"] == "Bad Request: group chat was upgraded to a supergroup chat"


async def test_replies_need_what_they_reply_to(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = await reader(telegram)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(ana.id, "x", reply_parameters=ReplyParameters(99))
    anyway = ReplyParameters(99, allow_sending_without_reply=True)
    assert (await bot.send_message(ana.id, "x", reply_parameters=anyway)).reply_to_message is None


async def test_edits_change_something_of_the_bots_own(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    said = await ana.starts()
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="y")]])
    sent = await bot.send_message(ana.id, "<b>x</b>", parse_mode="HTML", reply_markup=keys)
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await sent.edit_text("<strong>x</strong>", parse_mode="HTML", reply_markup=keys)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", ana.id, said.id)
    await sent.delete()
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await sent.edit_text("y")
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await sent.delete()


async def test_a_topic_that_is_not_there_takes_nothing(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    forum = telegram.group("Readers", is_forum=True)
    topic = forum.topic("Papers")
    await bot.send_message(forum.id, "x", message_thread_id=topic.thread_id)
    forum.close_topic(topic)
    for chat, thread in ((forum.id, topic.thread_id), (telegram.group("Others").id, 1)):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(chat, "x", message_thread_id=thread)


async def test_a_query_is_answered_once_and_soon(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = await reader(telegram)
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="y")]])
    await bot.send_message(ana.id, "x", reply_markup=keys)
    card = await ana.hears(ana.private)
    await ana.presses(card, "x")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    await query.answer()
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await query.answer()
    press = await ana.presses(card, "x")
    assert press.callback is not None
    telegram.advance(16)
    said = await complaint(
        telegram, "answerCallbackQuery", callback_query_id=press.callback.id, text="x"
    )
    assert said == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_rights_are_needed_in_groups(telegram: TelegramSimulator, bot: Bot) -> None:
    group = telegram.group("Readers")
    said = await telegram.user("Ana").says(group, "/x")
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages"):
        await bot.pin_chat_message(group.id, said.id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, said.id)
    group.promote_bot()
    await bot.pin_chat_message(group.id, said.id)
    await bot.delete_message(group.id, said.id)
