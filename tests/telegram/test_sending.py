"""What a real client sends arrives in front of people, as Telegram would show it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import (
    Bot,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest

from tests.telegram.refusals import CannotDo
from tests.telegram.seen import see
from tests.telegram.simulator import TelegramSimulator

DEPTHS = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("In depth", callback_data="deep"),
            InlineKeyboardButton("Private", url="https://t.me/paper_club_bot?start=paper_6"),
        ]
    ]
)


async def test_a_client_reads_who_it_is(telegram: TelegramSimulator, bot: Bot) -> None:
    me = await bot.get_me()
    assert me.username == telegram.username
    assert me.can_join_groups
    assert me.supports_inline_queries
    assert not me.can_read_all_group_messages
    telegram.privacy_mode = False
    assert (await bot.get_me()).can_read_all_group_messages


async def test_a_message_is_seen_with_its_entities_and_buttons(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    await bot.send_message(
        ana.id,
        '<b>WPRC-006</b> <a href="https://a.b/">&lt;page&gt;</a>',
        "HTML",
        reply_markup=DEPTHS,
    )
    seen = await ana.hears(ana.private)
    assert seen.text == "WPRC-006 <page>"
    assert seen.parts("bold") == ["WPRC-006"]
    assert seen.links == {"<page>": "https://a.b/"}
    assert seen.labels == ["In depth", "Private"]
    assert seen.html.startswith("<b>")
    assert seen.rows[0][0].data == "deep"
    assert not seen.is_edit


async def test_a_press_is_answered_and_changes_its_message(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    await bot.send_message(ana.id, "Card", reply_markup=DEPTHS)
    card = await ana.hears(ana.private)
    press = await ana.presses(card, "In depth")
    update = (await bot.get_updates())[-1]
    query = update.callback_query
    assert query is not None
    assert query.data == "deep"
    assert query.from_user.id == ana.id
    assert query.message is not None
    assert query.message.message_id == card.id
    await bot.answer_callback_query(query.id, "Done", show_alert=True)
    answer = await ana.answered(press)
    assert (answer.text, answer.is_alert, answer.url) == ("Done", True, None)
    await query.edit_message_text("All of it")
    seen = await ana.hears(ana.private)
    assert seen.is_edit
    assert (seen.text, seen.labels, seen.id) == ("All of it", [], card.id)
    with pytest.raises(CannotDo, match="no button"):
        await ana.presses(card, "In depth")


async def test_a_link_on_a_button_opens_the_private_chat(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", members=[ana])
    await bot.send_message(group.id, "Card", reply_markup=DEPTHS)
    press = await ana.presses(await ana.hears(group), "Private")
    assert press.url is not None
    await ana.opens(press.url)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.text == "/start paper_6"
    assert message.chat.type == "private"


async def test_a_file_travels_both_ways(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    await ana.sends_file(ana.private, "page.md", b"# Title", caption="/import")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    assert message.caption == "/import"
    file = await bot.get_file(message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"# Title"
    await bot.send_document(
        ana.id, InputFile(b"data", "out.csv"), caption="<i>All</i>", parse_mode="HTML"
    )
    seen = await ana.hears(ana.private)
    assert (seen.text, seen.files[0].name, seen.files[0].data) == ("All", "out.csv", b"data")
    await bot.send_photo(ana.id, b"\x89PNG")
    assert (await ana.hears(ana.private)).files[0].is_photo


async def test_a_wish_for_a_reply_is_for_whom_it_addresses(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana, bea = telegram.user("Ana"), telegram.user("Bea")
    group = telegram.group("Readers", members=[ana, bea])
    asked = await ana.says(group, "/opinion")
    await bot.send_message(
        group.id,
        "Your words?",
        reply_parameters=ReplyParameters(asked.id),
        reply_markup=ForceReply(selective=True, input_field_placeholder="Words"),
    )
    prompt = await ana.hears(group)
    assert prompt.force_reply
    assert prompt.placeholder == "Words"
    assert prompt.reply_to is asked
    for_bea = await bea.hears(group)
    assert not for_bea.force_reply
    with pytest.raises(CannotDo):
        await bea.answers(for_bea, "Mine")
    await ana.answers(prompt, "Bold claims")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.text == "Bold claims"
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == prompt.id


async def test_a_key_of_a_keyboard_sends_its_words(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    await bot.send_message(ana.id, "Which?", reply_markup=ReplyKeyboardMarkup([["A", "B"]]))
    seen = await ana.hears(ana.private)
    assert seen.choices == (("A", "B"),)
    assert (await ana.chooses(seen, "B")).text == "B"


async def test_other_buttons_are_known(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    rows = [
        [InlineKeyboardButton("Copy", copy_text=CopyTextButton("WPRC-006"))],
        [InlineKeyboardButton("Find", switch_inline_query_current_chat="zk")],
    ]
    await bot.send_message(ana.id, "x", reply_markup=InlineKeyboardMarkup(rows))
    seen = await ana.hears(ana.private)
    assert (seen.button("Copy").copies, seen.button("Find").inline_query) == ("WPRC-006", "zk")


async def test_messages_are_changed_and_deleted(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    sent = await bot.send_message(ana.id, "Card", reply_markup=DEPTHS)
    await bot.edit_message_reply_markup(ana.id, sent.message_id)
    assert ana.sees(ana.private)[0].labels == []
    await bot.delete_message(ana.id, sent.message_id)
    assert ana.sees(ana.private) == []
    assert [seen.is_deleted for seen in telegram.sent(ana.private)] == [True]


async def test_reactions_and_pins_are_seen(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    said = await ana.starts()
    await bot.set_message_reaction(ana.id, said.id, "👍")
    await ana.reacts(said, "🔥")
    assert see(said).reactions == ("👍", "🔥")
    await bot.pin_chat_message(ana.id, said.id)
    assert ana.private.pinned == [said.id]
    await bot.send_chat_action(ana.id, "typing")


async def test_a_bot_reacts_with_what_telegram_knows_and_to_what_is_there(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    said = await ana.starts()
    for unknown in ("\u270d\ufe0f", "🦖", "ok"):
        with pytest.raises(BadRequest, match="Reaction_invalid"):
            await bot.set_message_reaction(ana.id, said.id, ReactionTypeEmoji(unknown))
    telegram.take_violations()
    await bot.set_message_reaction(ana.id, said.id, "\u270d")
    await ana.sees_reaction(said, "\u270d")
    assert ana.reactions_to(said) == ["\u270d"]
    await ana.deletes(said)
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(ana.id, said.id, "👍")


async def test_commands_are_offered_by_scope_and_language(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana, ben = telegram.user("Ana"), telegram.user("Ben", language_code="de")
    group = telegram.group("Readers", admins=[ana], members=[ben])
    await bot.set_my_commands([("paper", "Show a paper")])
    assert ana.menu(group) == {"paper": "Show a paper"}
    await bot.set_my_commands([("profile", "You")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(
        [("profile", "Du")], scope=BotCommandScopeAllPrivateChats(), language_code="de"
    )
    await bot.set_my_commands([("session", "Next")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("setup", "Set up")], scope=BotCommandScopeAllChatAdministrators())
    assert ana.menu() == {"profile": "You"}
    assert ben.menu() == {"profile": "Du"}
    assert ana.menu(group) == {"setup": "Set up"}
    assert ben.menu(group) == {"session": "Next"}
    commands = await bot.get_my_commands(scope=BotCommandScopeAllGroupChats())
    assert [one.command for one in commands] == ["session"]
    await bot.delete_my_commands(scope=BotCommandScopeAllGroupChats())
    assert ben.menu(group) == {"paper": "Show a paper"}


async def test_an_edit_of_a_person_is_told(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    said = await ana.says(ana.private, "/paper 6")
    await ana.edits(said, "/paper 7")
    update = (await bot.get_updates())[-1]
    assert update.edited_message is not None
    assert update.edited_message.text == "/paper 7"
    assert update.edited_message.edit_date is not None
    assert update.edited_message.edit_date > datetime(2020, 1, 1, tzinfo=UTC)


async def test_what_is_gone_cannot_be_edited(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", ana.id, 99)


async def test_every_request_is_written_down_without_the_token(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    await ana.starts()
    await bot.send_message(ana.id, "x")
    call = telegram.calls[-1]
    assert (call.method, call.parameters) == ("sendMessage", {"chat_id": ana.id, "text": "x"})
    assert call.accepted
    assert call.status == 200
    assert telegram.token not in repr(telegram.calls)
