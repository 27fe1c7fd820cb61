"""Opinions on Telegram, by each way in: typed, as a reply, in a topic, in private; then edited."""

from __future__ import annotations

import asyncio

from tests.adapters.telegram_house import TelegramBot, TelegramStage
from tests.telegram.people import Person
from tests.telegram.seen import Seen
from tests.telegram.simulator import Group

ASKED = "Who may read this?"


async def opens(person: Person) -> None:
    """The person's private chat with the bot, open and read."""
    await person.starts()
    await person.hears(person.private)


async def is_asked(person: Person, words: str) -> Seen:
    """The card that asks the author, in private, with what was understood."""
    card = await person.hears(person.private)
    assert words in card.text
    assert "Publish with my name" in card.labels
    return card


async def take_opinions(bot: TelegramBot, group: Group) -> None:
    """The whole group is the club's place for opinions."""
    with bot.house.app.worker._database.unit(write=True) as uow:
        places = uow.of_club(1).places
        home = places.by_chat("telegram", str(group.id), None)
        home = home or places.add("telegram", str(group.id))
        places.assign(home.id, "opinions", str(group.id), None)
    await bot.house.app.snapshots.load()


async def until_posted(bot: TelegramBot, card: Seen) -> None:
    """Waits until it is written down what a message of the bot's is about."""
    database = bot.house.app.worker._database
    async with asyncio.timeout(5):
        while True:
            with database.unit(1) as uow:
                if uow.posts.by_message("telegram", str(card.chat.id), str(card.id)):
                    return
            await asyncio.sleep(0.02)


async def test_a_command_in_a_group_is_answered_in_private(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana])
    async with telegram_stage.bot():
        await opens(ana)
        await ana.says(group, f"/opinion@{tg.username} WPRC-006 p. 25 Bonds need a judge.")
        card = await is_asked(ana, "Bonds need a judge.")
        assert "25" in card.text
        await ana.presses(card, "Publish with my name")
        assert "published with your name" in (await ana.hears(ana.private)).text
        await ana.hears_nothing(group)


async def test_a_reply_with_the_command_takes_the_message_that_it_replies_to(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana])
    async with telegram_stage.bot():
        await opens(ana)
        said = await ana.says(group, "WPRC-006 p. 25: Bonds need a judge.")
        await ana.replies(said, f"/opinion@{tg.username}")
        await is_asked(ana, "Bonds need a judge.")
        await ana.hears_nothing(group)


async def test_a_reply_to_a_papers_card_is_an_opinion_on_it(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana])
    async with telegram_stage.bot() as bot:
        await opens(ana)
        await ana.says(group, f"/paper@{tg.username} 6")
        card = await ana.hears(group)
        # What a message is about is written down a moment later, several in one commit.
        await until_posted(bot, card)
        said = await ana.replies(card, "Bonds need a judge.")
        await ana.sees_reaction(said, "✍")
        assert "WPRC-006" in (await is_asked(ana, "Bonds need a judge.")).text
        await ana.hears_nothing(group)


async def test_in_a_papers_topic_each_message_is_one_and_an_edit_is_asked_about(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana], is_forum=True, bot="admin")
    topic = group.topic("WPRC-006 AI X Crypto")
    async with telegram_stage.bot() as bot:
        await take_opinions(bot, group)
        await opens(ana)
        said = await ana.says(topic, "Bonds need a judge.")
        await ana.sees_reaction(said, "✍")
        card = await is_asked(ana, "Bonds need a judge.")
        await ana.presses(card, "Publish with my name")
        assert "published with your name" in (await ana.hears(ana.private)).text
        await ana.edits(said, "Bonds need a jury.")
        asked = await ana.hears(ana.private)
        assert "You have edited your message." in asked.text
        await ana.presses(asked, "Yes, change it")
        assert "Bonds need a jury." in (await ana.hears(ana.private)).text
        await ana.edits(said, "Bonds need a jury.")
        await ana.hears_nothing(ana.private)
        await ana.hears_nothing(group)


async def test_who_has_not_opened_the_chat_sees_the_sign_alone(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana], bot="admin")
    async with telegram_stage.bot() as bot:
        await take_opinions(bot, group)
        said = await ana.says(group, "#WPRC-006 Bonds need a judge.")
        await ana.sees_reaction(said, "✍")
        await tg.until_called("sendMessage")
        await ana.hears_nothing(group)
        assert tg.sent(group) == []


async def test_in_private_a_code_before_it_is_enough_and_an_edit_changes_the_words(
    telegram_stage: TelegramStage,
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot():
        await opens(ana)
        await ana.says(ana.private, "WPRC-006: Bonds need a judge.")
        card = await is_asked(ana, "Bonds need a judge.")
        await ana.presses(card, "Edit")
        form = await ana.hears(ana.private)
        assert form.parts("code") == ["Bonds need a judge."]
        await ana.answers(form, "Bonds need a jury.")
        for _ in range(4):
            seen = await ana.hears(ana.private)
            if not seen.force_reply:
                break
            await ana.answers(seen, "-")
        assert "Bonds need a jury." in seen.text
