"""Calendar files and guest lists on the platforms as they are: sent by an organiser, in private."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.adapters.discord_house import Stage
from tests.adapters.telegram_house import TelegramStage
from tests.luma.server import calendar, event

FILE = calendar(event(1, start="20310306T190000Z", end="20310306T210000Z"))
GUESTS = b"name,email,approval_status\nOla,ola@example.org,approved\nG,g@example.org,approved\n"


async def test_on_discord_a_calendar_file_becomes_a_session_and_a_member_says_who_they_are(
    stage: Stage,
) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot() as bot:
        await bot.make_organiser(ana)
        file = await ana.upload("club.ics", FILE, "text/calendar")
        await ana.slash("schedule", file=file)
        taken = await ana.answer()
        assert taken.is_private
        assert "1 new session is proposed" in taken.text
        await ana.press(taken, "Session 1 · WPRC-006: Primer (the paper is not chosen yet)")
        await ana.press(await ana.answer(), "The paper is WPRC-006")
        await ana.press(await ana.answer(), "Save")
        assert "Saved" in (await ana.answer()).text
        guests = await ana.upload("guests.csv", GUESTS, "text/csv")
        await ana.slash("luma", file=guests)
        counted = await ana.answer()
        assert counted.is_private
        assert "2 guests by Luma's list" in counted.text
        await ana.slash("reminders", what="mine")
        await ana.press(await ana.answer(), "Luma's guest lists")
        await ana.press(await ana.answer(), "Both")
        form = await ana.answer()
        assert form.modal is not None
        await ana.fill(form, {"address": "ola@example.org"})
        said = await ana.answer()
        assert "on the list of 1 coming session" in said.text
        assert "ola@example.org" not in said.text
    _has_no_address(stage.file)


async def test_on_telegram_the_address_is_kept_nowhere_once_it_is_answered(
    telegram_stage: TelegramStage,
) -> None:
    ola = telegram_stage.telegram.user("Ola")
    async with telegram_stage.bot() as bot:
        await bot.make_organiser(ola)
        await ola.sends_file(ola.private, "club.ics", FILE, caption="/schedule")
        taken = await ola.hears(ola.private)
        assert "1 new session is proposed" in taken.text
        await ola.presses(taken, "Session 1 · WPRC-006: Primer (the paper is not chosen yet)")
        await ola.presses(await ola.hears(ola.private), "The paper is WPRC-006")
        await ola.presses(await ola.hears(ola.private), "Save")
        assert "Saved" in (await ola.hears(ola.private)).text
        await ola.sends_file(ola.private, "guests.csv", GUESTS, caption="/luma 1")
        assert "2 guests by Luma's list" in (await ola.hears(ola.private)).text
        await ola.says(ola.private, "/guestlist both")
        asked = await ola.hears(ola.private)
        assert asked.force_reply
        await ola.answers(asked, "ola@example.org")
        said = await ola.hears(ola.private)
        assert "on the list of 1 coming session" in said.text
        with bot.house.app.worker._database.unit() as uow:
            for _ in range(100):
                if not uow.inbox.depth():
                    break
                await asyncio.sleep(0.02)
    _has_no_address(telegram_stage.file)


def _has_no_address(file: Path) -> None:
    """Neither in the database nor in what lies beside it."""
    for path in file.parent.iterdir():
        if path.is_file():
            assert b"ola@example.org" not in path.read_bytes()
