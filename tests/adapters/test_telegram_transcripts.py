"""People read papers on Telegram: in private, in a group, in a topic, anywhere by inline mode."""

from __future__ import annotations

import re

from tests.adapters.telegram_house import TelegramStage
from tests.telegram.people import Press


async def test_whoever_opens_the_chat_sees_the_club_and_goes_deeper(
    telegram_stage: TelegramStage,
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot():
        await ana.starts()
        card = await ana.hears(ana.private)
        assert card.text.startswith("This is WPRC. It reads one paper at a time")
        assert "AI X Crypto Primer — lite summary" in card.text
        assert "Sentence 0 of the lite summary" in card.text
        assert {"Lite summary", "In-depth", "All papers", "Help"} <= set(card.labels)

        await ana.says(ana.private, "/paper WPRC-006")
        paper = await ana.hears(ana.private)
        assert paper.parts("bold")[0] == "WPRC-006 · AI X Crypto Primer"
        assert "Deepfakes are what the veracity bonds are for." in paper.text


async def test_a_depth_and_its_pages_take_the_place_of_the_card(
    telegram_stage: TelegramStage,
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot():
        await ana.says(ana.private, "/paper 6")
        card = await ana.hears(ana.private)
        for label, said in (
            ("Lite summary", "Sentence 0 of the lite summary"),
            ("Next ▶ (2 of 2)", "Sentence 149 of the lite summary"),
            ("◀ Previous (1 of 2)", "Sentence 0 of the lite summary"),
            ("Back to the card", "Deepfakes are what"),
            ("In-depth", "25–27"),
        ):
            press = await ana.presses(card, label)
            seen = await ana.hears(ana.private)
            assert (seen.id, seen.is_edit) == (card.id, True)
            assert said in seen.text
            assert (await ana.answered(press)).text == ""
        assert len(ana.sees(ana.private)) == 1


async def test_pressing_what_is_shown_already_is_no_error(telegram_stage: TelegramStage) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot():
        await ana.says(ana.private, "/paper 6")
        card = await ana.hears(ana.private)
        await ana.presses(card, "Lite summary")
        await ana.hears(ana.private)
        await ana.presses(card, "Back to the card")
        await ana.hears(ana.private)
        press = await ana.presses(card, "Lite summary")
        again = await ana.presses(card, "Lite summary")
        for one in (press, again):
            assert (await ana.answered(one)).text == ""


async def test_a_wrong_code_gets_the_nearest_and_an_unknown_command_too(
    telegram_stage: TelegramStage,
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot():
        await ana.says(ana.private, "/paper WPRC-999")
        assert "WPRC-999" in (await ana.hears(ana.private)).text
        await ana.says(ana.private, "/papre 6")
        seen = await ana.hears(ana.private)
        assert "There is no command /papre. Did you mean one of these?" in seen.text
        assert "/paper" in seen.labels
        await ana.says(ana.private, "/search veracity")
        assert "Deepfakes are what the veracity bonds" in (await ana.hears(ana.private)).text


async def test_in_a_group_an_answer_is_a_reply_and_other_bots_are_left_alone(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana])
    async with telegram_stage.bot():
        asked = await ana.says(group, f"/paper@{tg.username} 6")
        card = await ana.hears(group)
        assert card.reply_to is asked
        await ana.presses(card, "Lite summary")
        seen = await ana.hears(group)
        assert seen.is_edit
        assert "Sentence 0" in seen.text
        await ana.says(group, "/paper@another_bot 6")
        await ana.says(group, "/roll")
        await ana.says(group, "Has anybody read it?")
        await ana.hears_nothing(group)


async def test_an_answer_stays_in_its_topic_and_general_has_none(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana], is_forum=True)
    papers = group.topic("Papers")
    async with telegram_stage.bot():
        await ana.says(papers, f"/paper@{tg.username} 6")
        card = await ana.hears(papers)
        assert card.thread_id == papers.thread_id
        await ana.presses(card, "Lite summary")
        assert (await ana.hears(papers)).thread_id == papers.thread_id
        await ana.says(group, f"/paper@{tg.username} 1")
        assert (await ana.hears(group)).thread_id is None


async def test_inline_mode_finds_papers_in_any_chat_and_their_buttons_work(
    telegram_stage: TelegramStage,
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot():
        offered = await ana.asks_inline("crypto")
        (result,) = offered.results
        assert result.title == "WPRC-006 · AI X Crypto Primer"
        message = await ana.picks(result)
        press = await ana.presses(message, "Lite summary")
        await ana.answered(press)
        assert "Sentence 0 of the lite summary" in message.content.text
        newest = (await ana.asks_inline("")).results
        assert len(newest) == 2


async def test_a_deep_link_opens_what_it_names(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    async with telegram_stage.bot():
        await ana.opens(f"https://t.me/{tg.username}?start=paper_WPRC-006_lite")
        assert "lite summary" in (await ana.hears(ana.private)).text
        await ana.starts("not_a_code_-_")
        assert "This is WPRC." in (await ana.hears(ana.private)).text


async def test_a_button_works_after_a_restart(telegram_stage: TelegramStage) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot():
        await ana.says(ana.private, "/paper 6")
        card = await ana.hears(ana.private)
    await ana.presses(card, "Lite summary")
    await ana.says(ana.private, "/paper 1")
    async with telegram_stage.bot():
        said = [(await ana.hears(ana.private)).text for _ in range(2)]
    assert "Sentence 0" in said[0]
    assert "Bitcoin" in said[1]
    assert not telegram_stage.telegram.updates.pending


async def test_a_forged_or_old_button_is_told_so_over_the_chat(
    telegram_stage: TelegramStage,
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    async with telegram_stage.bot():
        await ana.says(ana.private, "/paper 6")
        card = await ana.hears(ana.private)
        for code in ("no such thing", "k_zzz", ".", "nope_1", "bot-removed", "paper_WPRC-777"):
            press = Press(ana, ana._call_back(card.message, code))
            told = (await ana.answered(press)).text
            if not told:
                told = (await ana.hears(ana.private)).text
            assert re.search("cannot be used|not valid|no command|no paper", told), code
        assert "Deepfakes" in ana.sees(ana.private)[0].text


async def test_each_menu_has_what_its_readers_need(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana, ola = tg.user("Ana"), tg.user("Ola")
    group = tg.group("Readers", admins=[ola], members=[ana])
    async with telegram_stage.bot():
        first = len(tg.calls_of("setMyCommands"))
        expected = ["paper", "papers", "search", "opinion", "session", "help", "cancel"]
        assert list(ana.menu()) == expected
        assert len(ana.menu(group)) == len(expected)
        assert {"setup", "announce"} <= set(ola.menu(group))
    async with telegram_stage.bot():
        assert len(tg.calls_of("setMyCommands")) == first
