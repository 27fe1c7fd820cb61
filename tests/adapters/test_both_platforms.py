"""One club on both platforms: founded on Discord, joined by a Telegram group, told once on each."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from bot.app import App
from bot.settings import load_settings
from storage.database import Database
from tests.adapters.test_discord_setup import found, founding_code
from tests.discord.permissions import Permission
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.telegram.simulator import TelegramSimulator


@asynccontextmanager
async def running(
    discord: Simulator,
    telegram: TelegramSimulator,
    database: Database,
    folder: Path,
    more: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[App]:
    """The bot on both platforms, as `wprc run` composes it."""
    environ = {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": discord.api_url,
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
        "WPRC_DATA_DIR": str(folder),
        **more,
    }
    settings = load_settings(environ, None)
    async with App(settings, database) as app, app.background():
        adapters = [one.adapter for one in app.connect(settings)]
        serving = [asyncio.create_task(one.run()) for one in adapters]
        try:
            async with asyncio.timeout(15):
                while not all(one.is_ready for one in adapters):
                    await asyncio.sleep(0.01)
            yield app
        finally:
            await app.deliverer.stop()
            await asyncio.gather(*(one.stop() for one in adapters))
            await asyncio.gather(*serving)


async def test_a_server_and_a_group_become_one_club_and_hear_the_same_news(
    simulator: Simulator, telegram: TelegramSimulator, database: Database, tmp_path: Path
) -> None:
    server = await simulator.guild("Readers")
    ana = server.member("Ana", permissions=Permission.MANAGE_GUILD)
    ola = telegram.user("Ola")
    group = telegram.group("Night Readers", admins=[ola], is_forum=True)
    news = group.topic("News")
    async with running(simulator, telegram, database, tmp_path):
        await found(ana, founding_code(database), "Paper Readers", "WPRC")
        await ana.slash("setup")
        await ana.press(await ana.answer(), "Announcements here")
        await ana.press(await ana.answer(), "Code for another place")
        code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", (await ana.answer()).text)
        assert code is not None

        await ola.starts()
        await ola.hears(ola.private)
        await ola.says(news, f"/setup@{telegram.username}")
        unset = await ola.hears(ola.private)
        assert "This place belongs to no club yet" in unset.text
        await ola.presses(unset, "I have a code")
        assert "The code, as it was given to you" in (await ola.hears(ola.private)).text
        # Whoever mistypes is told so and just types it once more.
        await ola.says(ola.private, "ABCD-EFGH-JKLM")
        again = (await ola.hears(ola.private)).text
        assert "This code is not valid" in again
        assert "The code, as it was given to you" in again
        await ola.says(ola.private, code[0])
        welcome = await ola.hears(ola.private)
        assert "belongs to Paper Readers now" in welcome.text
        await ola.presses(welcome, "Show the set-up")
        status = await ola.hears(ola.private)
        assert "This place belongs to Paper Readers" in status.text
        await ola.presses(status, "Announcements here")
        assert "Announcements: Night Readers, topic News" in (await ola.hears(ola.private)).text

        await ola.says(news, f"/announce@{telegram.username} May I?")
        assert "for organisers of Paper Readers" in (await ola.hears(ola.private)).text
        await ola.presses(status, "Admins are organisers")
        assert "whoever manages this place" in (await ola.hears(ola.private)).text

        await ola.says(news, f"/announce@{telegram.username} We meet on Thursday.")
        preview = await ola.hears(ola.private)
        assert "We meet on Thursday." in preview.text
        assert "Night Readers, topic News on Telegram" in preview.text
        assert "on Discord" in preview.text
        await ola.presses(preview, "Post it")
        assert "On its way to 2 places." in (await ola.hears(ola.private)).text
        posted = await ola.hears(news)
        assert posted.text == "Paper Readers\nWe meet on Thursday."
        assert posted.thread_id == news.thread_id
        heard = await ana.hear(ana.here)
        assert heard.text == "**Paper Readers**\nWe meet on Thursday."

        async with asyncio.timeout(10):
            # That a message is there is marked a moment after it is seen.
            shown = ""
            while "Everything that was due is sent." not in shown:
                await ana.slash("deliveries")
                shown = (await ana.answer()).text
        assert len(telegram.sent(news)) == 1

        # The code was for one place only.
        bo = telegram.user("Bo")
        other = telegram.group("Others", admins=[bo])
        await bo.starts()
        await bo.hears(bo.private)
        await bo.says(other, f"/setup@{telegram.username} {code[0]}")
        assert "This code is not valid" in (await bo.hears(bo.private)).text


async def test_one_who_is_away_disturbs_nobody_and_gets_the_news_later(
    simulator: Simulator, telegram: TelegramSimulator, database: Database, tmp_path: Path
) -> None:
    server = await simulator.guild("Readers")
    ana = server.member("Ana", permissions=Permission.MANAGE_GUILD)
    group = telegram.group("Night Readers")
    async with running(simulator, telegram, database, tmp_path) as app:
        await found(ana, founding_code(database), "Paper Readers", "WPRC")
        with database.unit(write=True) as uow:
            uow = uow.of_club(uow.clubs.all()[0].id)
            place = uow.places.add("telegram", str(group.id))
            uow.places.assign(place.id, "announcements", str(group.id), None)
        await ana.slash("setup")
        await ana.press(await ana.answer(), "Announcements here")
        await ana.answer()
        telegram_adapter = app._adapters[1]
        await telegram_adapter.stop()
        await ana.slash("announce", text="We meet.")
        await ana.press(await ana.answer(), "Post it")
        assert "On its way to 2 places." in (await ana.answer()).text
        assert "We meet." in (await ana.hear(ana.here)).text
        await ana.slash("deliveries")
        assert "**To be sent**: Announcement 1" in (await ana.answer()).text
    async with running(simulator, telegram, database, tmp_path):
        reader = telegram.user("Reader")
        assert "We meet." in (await reader.hears(group)).text
