"""Groups: what privacy mode keeps from the bot, topics, admins, and what becomes of them."""

from __future__ import annotations

import pytest
from telegram import Bot, Message

from tests.telegram.places import ANONYMOUS_ID
from tests.telegram.refusals import CannotDo
from tests.telegram.simulator import TelegramSimulator


async def texts(bot: Bot) -> list[str]:
    """What the bot was told since it was asked last."""
    found = await bot.get_updates()
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1)
    messages = [update.message or update.edited_message for update in found]
    return [message.text for message in messages if message is not None and message.text]


async def last(bot: Bot) -> Message:
    message = (await bot.get_updates())[-1].message
    assert message is not None
    return message


async def test_privacy_mode_lets_through_what_is_for_the_bot(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana, bea = telegram.user("Ana"), telegram.user("Bea")
    group = telegram.group("Readers", members=[ana, bea])
    await bot.send_message(group.id, "Hello")
    hello = await ana.hears(group)
    chat = await ana.says(group, "Hi all")
    await ana.says(group, "@paper_club_bot are you there?")
    await bea.replies(chat, "Hi Ana")
    await ana.says(group, "/paper 6")
    asked = await ana.says(group, "look: /paper@Paper_Club_Bot 6")
    await ana.says(group, "/paper@other_club_bot 6")
    await bea.replies(hello, "A reply to the bot")
    await bea.replies(asked, "A reply to what was for it")
    assert await texts(bot) == [
        "/paper 6",
        "look: /paper@Paper_Club_Bot 6",
        "A reply to the bot",
        "A reply to what was for it",
    ]


async def test_a_bare_command_goes_to_the_bot_that_spoke_last(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", members=[ana])
    group.other_bot_says("Me too")
    await ana.says(group, "/paper 6")
    await ana.says(group, "/paper@paper_club_bot 7")
    assert await texts(bot) == ["/paper@paper_club_bot 7"]
    await bot.send_message(group.id, "x")
    await ana.says(group, "/paper 8")
    assert await texts(bot) == ["/paper 8"]


async def test_an_admin_and_a_bot_without_privacy_mode_read_all(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", members=[ana], bot="admin")
    await ana.says(group, "Hi")
    assert await texts(bot) == ["Hi"]
    group.demote_bot()
    await ana.says(group, "Among us")
    telegram.privacy_mode = False
    await ana.says(group, "Hi again")
    assert await texts(bot) == ["Hi again"]


async def test_an_edit_is_kept_from_the_bot_like_a_message(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", members=[ana])
    said = await ana.says(group, "paper 6")
    await ana.edits(said, "papers 6")
    await ana.edits(said, "/paper 6")
    assert await texts(bot) == ["/paper 6"]


async def test_a_public_group_has_a_name_and_a_topic_keeps_telling_its_first(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    forum = telegram.group("Readers", members=[ana], is_forum=True, username="wprc_readers")
    papers = forum.topic("Papers")
    renamed = forum.rename_topic(papers, "Whitepapers")
    told = await last(bot)
    assert told.forum_topic_edited is not None
    assert told.forum_topic_edited.name == "Whitepapers"
    assert told.message_thread_id == papers.thread_id == renamed.thread_id
    await ana.says(papers, "/paper 6")
    message = await last(bot)
    assert message.chat.username == "wprc_readers"
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None
    assert message.reply_to_message.forum_topic_created.name == "Papers"


async def test_messages_of_a_topic_say_so(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    forum = telegram.group("Readers", members=[ana], is_forum=True)
    papers, talk = forum.topic("Papers"), forum.topic("Talk")
    await ana.says(papers, "/paper 6")
    message = await last(bot)
    assert message.is_topic_message
    assert message.message_thread_id == papers.thread_id
    assert message.chat.is_forum
    # Telegram tells where the topic began, though nobody replied to that.
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None
    await ana.says(forum.general, "/paper 7")
    message = await last(bot)
    assert not message.is_topic_message
    assert message.message_thread_id is None
    await bot.send_message(forum.id, "Six", message_thread_id=papers.thread_id)
    await bot.send_message(forum.id, "Seven")
    seen = await ana.hears(papers)
    assert (seen.text, seen.thread_id, seen.reply_to) == ("Six", papers.thread_id, None)
    assert (await ana.hears(forum.general)).text == "Seven"
    await ana.hears_nothing(talk, 0.01)
    assert len(ana.sees(forum)) == 2
    assert [seen.text for seen in telegram.sent(papers)] == ["Six"]


async def test_a_reply_in_a_plain_supergroup_has_a_thread_that_is_no_topic(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", members=[ana])
    said = await ana.says(group, "/paper 6")
    await ana.replies(said, "/paper 7")
    message = await last(bot)
    assert message.message_thread_id == said.id
    assert not message.is_topic_message


async def test_an_anonymous_admin_speaks_for_the_group(
    telegram: TelegramSimulator, bot: Bot
) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", admins=[ana])
    group.go_anonymous(ana)
    await ana.says(group, "/setup")
    message = await last(bot)
    assert message.from_user is not None
    assert message.from_user.id == ANONYMOUS_ID
    assert message.sender_chat is not None
    assert message.sender_chat.id == group.id
    group.go_anonymous(ana, is_anonymous=False)
    await ana.says(group, "/setup")
    assert (await last(bot)).sender_chat is None


async def test_an_upgrade_moves_the_group(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", admins=[ana], is_supergroup=False)
    old = group.id
    group.upgrade()
    first, second = (update.message for update in (await bot.get_updates())[-2:])
    assert first is not None
    assert second is not None
    assert (first.chat.id, first.migrate_to_chat_id) == (old, group.id)
    assert (second.chat.id, second.migrate_from_chat_id) == (group.id, old)
    assert str(group.id).startswith("-100")
    await bot.send_message(group.id, "Here")
    assert (await ana.hears(group)).text == "Here"


async def test_the_bot_comes_rises_and_goes(telegram: TelegramSimulator, bot: Bot) -> None:
    group = telegram.group("Readers", bot=None)
    assert await bot.get_updates() == ()
    group.add_bot()
    group.promote_bot()
    group.demote_bot()
    group.kick_bot()
    changes = [update.my_chat_member for update in await bot.get_updates() if not update.message]
    said = [
        (change.old_chat_member.status, change.new_chat_member.status)
        for change in changes
        if change is not None
    ]
    assert said == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "member"),
        ("member", "kicked"),
    ]
    await telegram.user("Ana").says(group, "/paper@paper_club_bot")
    assert len(await bot.get_updates()) == 5


async def test_the_bot_asks_who_is_who(telegram: TelegramSimulator, bot: Bot) -> None:
    ana, bea, cem = (telegram.user(name) for name in ("Ana", "Bea", "Cem"))
    group = telegram.group("Readers", admins=[ana, bea], members=[cem])
    statuses = [(await bot.get_chat_member(group.id, one.id)).status for one in (ana, bea, cem)]
    assert statuses == ["creator", "administrator", "member"]
    stranger = telegram.user("Dan")
    assert (await bot.get_chat_member(group.id, stranger.id)).status == "left"
    assert {one.user.id for one in await bot.get_chat_administrators(group.id)} == {ana.id, bea.id}
    assert await bot.get_chat_member_count(group.id) == 4
    assert (await bot.get_chat(group.id)).title == "Readers"
    group.rename("Writers")
    assert (await bot.get_chat(group.id)).title == "Writers"


async def test_who_left_cannot_write(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", members=[ana])
    group.leave(ana)
    left = (await last(bot)).left_chat_member
    assert left is not None
    assert left.id == ana.id
    with pytest.raises(CannotDo, match="Ana is not in Readers"):
        await ana.says(group, "x")


async def test_nobody_reads_anothers_private_chat(telegram: TelegramSimulator) -> None:
    ana, bea = telegram.user("Ana"), telegram.user("Bea")
    with pytest.raises(CannotDo):
        await bea.hears(ana.private)
    with pytest.raises(CannotDo):
        await bea.says(ana.private, "x")


async def test_a_link_brings_the_bot_into_a_group(telegram: TelegramSimulator, bot: Bot) -> None:
    ana = telegram.user("Ana")
    group = telegram.group("Readers", admins=[ana], bot=None)
    await ana.opens("https://t.me/paper_club_bot?startgroup=join_1", group)
    assert await texts(bot) == ["/start@paper_club_bot join_1"]
    assert (await bot.get_chat(group.id)).title == "Readers"
