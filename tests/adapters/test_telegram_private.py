"""What is for one person alone: in their own chat, or behind a button that opens it."""

from __future__ import annotations

from tests.adapters.telegram_house import TelegramStage


async def test_who_has_opened_the_chat_is_answered_there(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana])
    async with telegram_stage.bot():
        await ana.starts()
        await ana.hears(ana.private)
        asked = await ana.says(group, f"/help@{tg.username}")
        assert "what you can do" in (await ana.hears(ana.private)).text
        await tg.until_called("setMessageReaction")
        assert [one["emoji"] for one in asked.reaction] == ["👌"]
        await ana.hears_nothing(group)


async def test_who_has_not_gets_a_button_that_opens_it_with_the_answer(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana, bo = tg.user("Ana"), tg.user("Bo")
    group = tg.group("Readers", members=[ana, bo])
    async with telegram_stage.bot():
        await ana.says(group, f"/help@{tg.username}")
        seen = await ana.hears(group)
        assert seen.text == "I can only show this to you alone. Open our chat:"
        url = seen.button("Open our chat").url
        assert url
        assert seen.reply_to
    async with telegram_stage.bot():
        await bo.opens(url)
        assert "This is WPRC" in (await bo.hears(bo.private)).text
        await ana.opens(url)
        assert "what you can do" in (await ana.hears(ana.private)).text


async def test_a_press_in_a_group_that_is_private_opens_the_chat_at_once(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana])
    async with telegram_stage.bot():
        await ana.says(group, f"/start@{tg.username}")
        card = await ana.hears(group)
        answer = await ana.answered(await ana.presses(card, "Help"))
        assert answer.url is not None
        await ana.opens(answer.url)
        assert "what you can do" in (await ana.hears(ana.private)).text
        assert (await ana.answered(await ana.presses(card, "Help"))).text.startswith("I have answ")


async def test_an_error_on_a_press_is_an_alert_and_on_a_command_a_private_word(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana])
    async with telegram_stage.bot():
        await ana.starts()
        await ana.hears(ana.private)
        await ana.says(group, f"/setup@{tg.username}")
        assert "for those who manage this place" in (await ana.hears(ana.private)).text
        await ana.hears_nothing(group)


async def test_a_groups_affairs_are_gone_on_with_in_the_private_chat(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ola = tg.user("Ola")
    group = tg.group("Readers", admins=[ola], is_forum=True)
    news = group.topic("News")
    async with telegram_stage.bot() as bot:
        await bot.make_organiser(ola)
        with bot.house.app.worker._database.unit(write=True) as uow:
            uow.of_club(1).places.add("telegram", str(group.id))
        await bot.house.app.snapshots.load()
        await ola.starts()
        await ola.hears(ola.private)
        await ola.says(news, f"/setup@{tg.username}")
        status = await ola.hears(ola.private)
        assert "This place belongs to WPRC" in status.text
        assert "Privacy mode is on" in status.text
    async with telegram_stage.bot() as bot:
        await ola.presses(status, "Announcements here")
        assert "Announcements: Readers, topic News" in (await ola.hears(ola.private)).text
        await ola.presses(status, "Post the card to pin")
        assert "This is WPRC" in (await ola.hears(news)).text
        group.demote(ola)
        answer = await ola.answered(await ola.presses(status, "Opinions here"))
        assert "for those who manage this place" in answer.text


async def test_whoever_writes_as_the_group_is_told_why_there_is_no_answer(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ola = tg.user("Ola")
    group = tg.group("Readers", admins=[ola])
    group.go_anonymous(ola)
    async with telegram_stage.bot():
        await ola.says(group, f"/setup@{tg.username}")
        assert "You write as the group itself" in (await ola.hears(group)).text
        await ola.says(group, f"/paper@{tg.username} 6")
        assert "AI X Crypto Primer" in (await ola.hears(group)).text
