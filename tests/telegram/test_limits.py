"""What the bot writes has Telegram's limits and shapes, and its complaints otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.telegram.requests import ask, complaint, reader
from tests.telegram.simulator import TelegramSimulator


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "parse_mode": "Latin"}, "unsupported parse_mode"),
        (
            {"text": "<x>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
        ),
    ],
)
async def test_a_wrong_text_is_the_bots_fault(
    telegram: TelegramSimulator, parameters: dict[str, Any], reason: str
) -> None:
    ana = await reader(telegram)
    said = await complaint(telegram, "sendMessage", chat_id=ana.id, **parameters)
    assert said == f"Bad Request: {reason}"
    assert telegram.sent() == []
    assert telegram.take_violations()


async def test_a_text_is_counted_after_it_is_parsed(telegram: TelegramSimulator) -> None:
    ana = await reader(telegram)
    text = f"<b>{'x' * 4094}</b>&lt;&gt;"
    said = await ask(telegram, "sendMessage", chat_id=ana.id, text=text, parse_mode="HTML")
    assert said["ok"]


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (inline({"text": "x", "callback_data": "y" * 65}), "BUTTON_DATA_INVALID"),
        (inline({"text": "x", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
        (inline({"text": "x", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (inline({"text": "x"}), "Text buttons are unallowed in the inline keyboard"),
        (inline({"text": " ", "url": "a.b"}), "inline keyboard button text must be non-empty"),
        (
            inline({"text": "x", "url": "nowhere"}),
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (inline(*[{"text": "x", "url": "a.b"}] * 9), "reply markup is too long"),
        ({"inline_keyboard": [[{"text": "x", "url": "a.b"}]] * 101}, "reply markup is too long"),
        (inline({"text": "x", "url": "a.b", "style": "pink"}), "unknown button style specified"),
        ({"force_reply": True, "input_field_placeholder": "x" * 65},
         "input field placeholder is too long"),
        ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
        ("no JSON", "object expected as reply markup"),
    ],
)  # fmt: skip
async def test_a_wrong_keyboard_is_the_bots_fault(
    telegram: TelegramSimulator, markup: object, reason: str
) -> None:
    ana = await reader(telegram)
    said = await complaint(telegram, "sendMessage", chat_id=ana.id, text="x", reply_markup=markup)
    assert said == f"Bad Request: {reason}"
    assert telegram.take_violations()


async def test_a_deep_link_with_a_wrong_payload_is_told(telegram: TelegramSimulator) -> None:
    ana = await reader(telegram)
    url = "https://t.me/paper_club_bot?start=a.b"
    button = inline({"text": "x", "url": url})
    assert (await ask(telegram, "sendMessage", chat_id=ana.id, text="x", reply_markup=button))["ok"]
    text = f'<a href="{url}{"c" * 64}">x</a>'
    await ask(telegram, "sendMessage", chat_id=ana.id, text=text, parse_mode="HTML")
    found = telegram.take_violations()
    assert len(found) == 2
    assert "is not 1 to 64 of" in found[0].reason


async def test_a_caption_is_shorter_than_a_text(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = await reader(telegram)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(ana.id, b"x", caption="x" * 1025)
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(ana.id, b"")
    telegram.take_violations()


async def test_an_answer_is_short_and_leads_to_the_bot(telegram: TelegramSimulator) -> None:
    said = await complaint(telegram, "answerCallbackQuery", callback_query_id="1", text="x" * 201)
    assert said == "Bad Request: MESSAGE_TOO_LONG"
    said = await complaint(
        telegram, "answerCallbackQuery", callback_query_id="1", url="https://a.b"
    )
    assert said == "Bad Request: URL_INVALID"
    telegram.take_violations()


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"command": "Paper", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "x", "description": "x" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands_have_their_rules(
    telegram: TelegramSimulator, command: dict[str, str], reason: str
) -> None:
    said = await complaint(telegram, "setMyCommands", commands=[command])
    assert said == f"Bad Request: {reason}"
    hundred = [{"command": f"c{number}", "description": "x"} for number in range(100)]
    assert (await ask(telegram, "setMyCommands", commands=hundred))["ok"]
    said = await complaint(telegram, "setMyCommands", commands=[*hundred, hundred[0]])
    assert said == "Bad Request: BOT_COMMANDS_TOO_MUCH"
    telegram.take_violations()
