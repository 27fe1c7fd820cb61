"""Forms on Telegram: field by field, across a restart, and stopped at any time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.chat.desk import Desk
from bot.chat.invocation import Actor, PlaceRef
from tests.adapters.telegram_house import TelegramBot, TelegramStage
from tests.telegram.people import Person

ASKED = "The paper's title; a page file has its own"


async def begin(bot: TelegramBot, person: Person) -> None:
    """An organiser in the private chat who has asked for a form of two fields."""
    await bot.make_organiser(person)
    await person.says(person.private, "/newpaper")
    seen = await person.hears(person.private)
    assert ASKED in seen.text
    assert seen.force_reply


async def test_a_form_asks_field_by_field_and_what_may_be_left_out_is_left_out(
    telegram_stage: TelegramStage,
) -> None:
    ola = telegram_stage.telegram.user("Ola")
    async with telegram_stage.bot() as bot:
        await begin(bot, ola)
        await ola.says(ola.private, "Attention Is All You Need")
        second = await ola.hears(ola.private)
        assert "(2 of 2)" in second.text
        assert "Send - to leave it out." in second.text
        await ola.answers(second, "-")
        assert "WPRC-007 · Attention Is All You Need" in (await ola.hears(ola.private)).text


async def test_a_half_filled_form_survives_a_restart(telegram_stage: TelegramStage) -> None:
    ola = telegram_stage.telegram.user("Ola")
    async with telegram_stage.bot() as bot:
        await begin(bot, ola)
        await ola.says(ola.private, "Attention Is All You Need")
        await ola.hears(ola.private)
    async with telegram_stage.bot():
        await ola.says(ola.private, "-")
        assert "WPRC-007 · Attention Is All You Need" in (await ola.hears(ola.private)).text
        await ola.says(ola.private, "-")
        assert "This is WPRC" in (await ola.hears(ola.private)).text


async def test_a_page_file_is_taken_as_a_forms_answer_and_as_a_commands_file(
    telegram_stage: TelegramStage,
) -> None:
    ola = telegram_stage.telegram.user("Ola")
    page = b"WPRC-009\nRaft\n\nSummary\nOne leader at a time.\n"
    async with telegram_stage.bot() as bot:
        await begin(bot, ola)
        await ola.says(ola.private, "-")
        assert "as a file" in (await ola.hears(ola.private)).text
        await ola.says(ola.private, "no file")
        assert "A file is needed here" in (await ola.hears(ola.private)).text
        await ola.sends_file(ola.private, "raft.txt", page)
        assert "Raft" in (await ola.hears(ola.private)).text
        await ola.sends_file(
            ola.private, "paxos.txt", page.replace(b"009", b"010"), caption="/newpaper"
        )
        assert "WPRC-010" in (await ola.hears(ola.private)).text
        await ola.sends_file(ola.private, "big.txt", b"x" * 2_000_001, caption="/newpaper")
        assert "at most 2,000,000 bytes" in (await ola.hears(ola.private)).text


async def test_cancel_closes_a_form_and_says_when_there_is_none(
    telegram_stage: TelegramStage,
) -> None:
    ola = telegram_stage.telegram.user("Ola")
    async with telegram_stage.bot() as bot:
        await begin(bot, ola)
        await ola.says(ola.private, "/cancel")
        assert (await ola.hears(ola.private)).text == "Cancelled."
        await ola.says(ola.private, "/cancel")
        assert (await ola.hears(ola.private)).text == "There is nothing to cancel."
        await ola.says(ola.private, "A title")
        assert "This is WPRC" in (await ola.hears(ola.private)).text


async def test_a_command_in_between_leaves_the_form_open(telegram_stage: TelegramStage) -> None:
    ola = telegram_stage.telegram.user("Ola")
    async with telegram_stage.bot() as bot:
        await begin(bot, ola)
        await ola.says(ola.private, "/paper 6")
        assert "AI X Crypto" in (await ola.hears(ola.private)).text
        await ola.says(ola.private, "A title")
        assert "(2 of 2)" in (await ola.hears(ola.private)).text


async def test_in_a_group_one_field_is_asked_there_and_only_a_reply_answers_it(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana, bo = tg.user("Ana"), tg.user("Bo")
    group = tg.group("Readers", members=[ana, bo])
    async with telegram_stage.bot():
        await ana.says(group, f"/search@{tg.username}")
        asked = await ana.hears(group)
        assert asked.force_reply
        assert not (await bo.hears(group)).force_reply
        await bo.replies(asked, "veracity")
        await ana.says(group, "veracity")
        await ana.hears_nothing(group)
        await ana.answers(asked, "veracity")
        assert "Deepfakes are what the veracity bonds" in (await ana.hears(group)).text


async def test_in_a_group_several_fields_go_on_in_the_private_chat(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ola = tg.user("Ola")
    group = tg.group("Readers", members=[ola])
    async with telegram_stage.bot() as bot:
        await bot.make_organiser(ola)
        await ola.says(group, f"/newpaper@{tg.username}")
        opened = await ola.hears(group)
        url = opened.button("Open our chat").url
        assert url is not None
        await ola.opens(url)
        assert ASKED in (await ola.hears(ola.private)).text
        await ola.says(ola.private, "Attention Is All You Need")
        await ola.hears(ola.private)
        await ola.says(ola.private, "-")
        assert "WPRC-007" in (await ola.hears(ola.private)).text


async def test_choices_are_keys_and_what_is_none_of_them_is_asked_again(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ola = tg.user("Ola")
    group = tg.group("Readers", admins=[ola])
    async with telegram_stage.bot() as bot:
        with bot.house.app.worker._database.unit(write=True) as uow:
            uow.of_club(1).places.add("telegram", str(group.id))
        await bot.house.app.snapshots.load()
        await ola.says(group, f"/here@{tg.username}")
        asked = await ola.hears(group)
        assert asked.choices == (("announcements",), ("opinions",))
        await ola.replies(asked, "nowhere")
        again = await ola.hears(group)
        assert "Press one of the buttons below." in again.text
        await ola.replies(again, "opinions")
        url = (await ola.hears(group)).button("Open our chat").url
        assert url is not None
        await ola.opens(url)
        assert "Opinions: Readers" in (await ola.hears(ola.private)).text


async def test_who_is_asked_in_private_sees_so_in_the_group(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ola = tg.user("Ola")
    group = tg.group("Readers", members=[ola])
    async with telegram_stage.bot() as bot:
        await bot.make_organiser(ola)
        await ola.starts()
        await ola.hears(ola.private)
        asked = await ola.says(group, f"/newpaper@{tg.username}")
        assert ASKED in (await ola.hears(ola.private)).text
        await tg.until_called("setMessageReaction")
        assert [one["emoji"] for one in asked.reaction] == ["👌"]


async def test_the_answer_of_a_form_is_kept_when_the_bot_is_ended_before_the_form_is_closed(
    telegram_stage: TelegramStage,
) -> None:
    ola = telegram_stage.telegram.user("Ola")

    def stuck(desk: Desk) -> Desk:
        async def save_form(place: PlaceRef, actor: Actor, text: str | None) -> None:
            if text is None:
                await asyncio.Event().wait()
            await desk.save_form(place, actor, text)

        return replace(desk, save_form=save_form)

    async with telegram_stage.bot(stuck) as bot:
        await begin(bot, ola)
        await ola.says(ola.private, "Attention Is All You Need")
        await ola.hears(ola.private)
        await ola.says(ola.private, "-")
        shown = await ola.hears(ola.private)
        assert "WPRC-007 · Attention Is All You Need" in shown.text
    async with telegram_stage.bot():
        again = await ola.hears(ola.private)
        assert (again.text, again.rows) == (shown.text, shown.rows)
        await ola.says(ola.private, "/paper 8")
        assert "There is no paper" in (await ola.hears(ola.private)).text
        await ola.says(ola.private, "-")
        assert "This is WPRC" in (await ola.hears(ola.private)).text
