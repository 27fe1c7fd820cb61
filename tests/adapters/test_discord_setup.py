"""/setup on Discord: founding and joining clubs by code, where things go, what is missing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.app import App, now
from bot.archive.record import PaperCode, PaperRecord
from bot.chat.invocation import Actor, Invocation, Origin, PlaceRef
from bot.chat.text import plain
from bot.core.founding import FOUNDING_CODE_FOR, new_code
from bot.settings import load_settings
from storage.codes import FOUND
from storage.database import Database
from tests.discord.options import CannotType
from tests.discord.people import Person
from tests.discord.permissions import Permission
from tests.discord.seen import Seen
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.house import fill


@asynccontextmanager
async def running(
    simulator: Simulator, database: Database, folder: Path, **more: str
) -> AsyncIterator[App]:
    """The bot as `wprc run` composes it."""
    environ = {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": simulator.api_url,
        "WPRC_DATA_DIR": str(folder),
        **more,
    }
    settings = load_settings(environ, None)
    async with App(settings, database) as app:
        (connection,) = app.connect(settings)
        adapter = connection.adapter
        assert isinstance(adapter, DiscordAdapter)
        serving = asyncio.create_task(adapter.run())
        try:
            async with asyncio.timeout(15):
                await adapter.ready.wait()
            yield app
        finally:
            await adapter.stop()
            await serving


def founding_code(database: Database) -> str:
    code = new_code()
    with database.unit(write=True) as uow:
        uow.codes.add(code, FOUND, now() + FOUNDING_CODE_FOR, None)
    return code


async def found(person: Person, code: str, name: str, prefix: str) -> Seen:
    """Founds a club from nothing but a code, as somebody does who reads what is on the screen."""
    await person.slash("setup")
    shown = await person.answer()
    assert shown.is_private
    await person.press(shown, "I have a code")
    form = await person.answer()
    await person.fill(form, {"The code, as it was given to you": code})
    asked = await person.answer()
    await person.press(asked, asked.labels[0])
    form = await person.answer()
    await person.fill(
        form,
        {"The club's name": name, "Prefix of its codes, such as WPRC": prefix},
    )
    return await person.answer()


async def test_two_servers_two_clubs_and_none_sees_the_others_papers(
    simulator: Simulator, database: Database, tmp_path: Path
) -> None:
    first, second = await simulator.guild("Readers"), await simulator.guild("Provers")
    ana = first.member("Ana", permissions=Permission.MANAGE_GUILD)
    bo = second.member("Bo", permissions=Permission.MANAGE_GUILD)
    async with running(simulator, database, tmp_path) as app:
        welcome = await found(ana, founding_code(database), "Paper Readers", "WPRC")
        assert "belongs to Paper Readers now" in welcome.text
        await found(bo, founding_code(database), "Zero Knowledge", "ZKRC")
        fill(
            database,
            [
                PaperRecord(PaperCode("WPRC", 1), "For Readers"),
                PaperRecord(PaperCode("ZKRC", 1), "For Provers"),
            ],
        )
        await app.snapshots.load()
        await ana.slash("paper", what="1")
        assert "For Readers" in (await ana.answer()).text
        await bo.slash("paper", what="1")
        assert "For Provers" in (await bo.answer()).text
        await bo.slash("search", words="readers")
        assert "Nothing in the archive" in (await bo.answer()).text
        await ana.slash("paper", what="ZKRC-001")
        assert "no paper of this club" in (await ana.answer()).text
        assert await ana.complete("paper", "what", "Prov") == []
        # Whoever founded a club is its organiser, and nobody else's.
        await ana.slash("newpaper", title="Another")
        assert "WPRC-002" in (await ana.answer()).text


async def test_a_code_is_good_once_and_joins_another_server(
    simulator: Simulator, database: Database, tmp_path: Path
) -> None:
    first, second = await simulator.guild("Readers"), await simulator.guild("Annex")
    ana = first.member("Ana", permissions=Permission.MANAGE_GUILD)
    bo = second.member("Bo", permissions=Permission.MANAGE_GUILD)
    async with running(simulator, database, tmp_path):
        code = founding_code(database)
        await found(ana, code, "Paper Readers", "WPRC")
        await bo.slash("setup", code=code)
        assert "not valid" in (await bo.answer()).text
        await ana.slash("setup")
        status = await ana.answer()
        await ana.press(status, "Code for another place")
        invitation = (await ana.answer()).text
        match = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", invitation)
        assert match is not None
        await bo.slash("setup", code=match[0].lower())
        assert "belongs to Paper Readers now" in (await bo.answer()).text
        await bo.slash("setup", code=match[0])
        assert "already" in (await bo.answer()).text


async def test_only_who_manages_the_server_sets_it_up(
    simulator: Simulator, database: Database, tmp_path: Path
) -> None:
    club = await simulator.guild("Readers")
    ana, bo = club.member("Ana", permissions=Permission.MANAGE_GUILD), club.member("Bo")
    async with running(simulator, database, tmp_path, WPRC_OPEN="true") as app:
        await ana.slash("setup")
        assert "Found a club" in (await ana.answer()).labels
        with pytest.raises(CannotType):
            await bo.slash("setup")
        # Discord's own check can be changed by whoever manages the server, and a button's code can
        # be forged, so the house checks again.
        forged = Invocation(
            id="1",
            command="found",
            actor=Actor("discord", str(bo.id), "Bo"),
            place=PlaceRef("discord", str(ana.here.id), server_id=str(club.guild.id)),
            origin=Origin.BUTTON,
            values=("Mine", "MINE"),
        )
        refused = await app.desk.dispatch(forged)
        assert "for those who manage" in plain(refused.text)


async def test_where_things_go_and_what_is_missing_there(
    simulator: Simulator, database: Database, tmp_path: Path
) -> None:
    club = await simulator.guild("Readers", channels=("general", "news", "talk"))
    ana = club.member("Ana", permissions=Permission.MANAGE_GUILD)
    news, talk = club.channel("news"), club.channel("talk")
    role = club.add_role("Organisers")
    bo = club.member("Bo", role)
    async with running(simulator, database, tmp_path):
        await found(ana, founding_code(database), "Paper Readers", "WPRC")
        await bo.slash("newpaper", title="Too early")
        assert "for organisers" in (await bo.answer()).text
        await ana.slash("setup", announcements=news, opinions=talk, role=role, zone="europe/london")
        status = await ana.answer()
        assert "#news" in status.text
        assert "#talk" in status.text
        assert "Europe/London" in status.text
        assert "Message Content Intent" in status.text
        await bo.slash("newpaper", title="By a role")
        assert "WPRC-001" in (await bo.answer()).text
        assert "By a role" in (await ana.hear(ana.here)).text
        exchange = await ana.press(status, "Post the card to pin")
        assert await exchange.acknowledged() == 6
        pinned = await ana.hear(ana.here)
        assert "Paper Readers" in pinned.text
        assert not pinned.is_private
        assert pinned.message.interaction is None
        (left,) = [one for one in ana.here.visible_to(ana) if one.source is status.source]
        assert left == status, "which stays as it is"
        club.let_bot(deny=Permission.SEND_MESSAGES)
        await ana.press(status, "Post the card to pin")
        assert (await ana.hear(ana.here)).embeds == pinned.embeds
        await ana.slash("setup", zone="Mars/Olympus")
        assert "no time zone" in (await ana.answer()).text


async def test_who_writes_to_the_bot_sees_what_to_press_and_talk_is_left_alone(
    simulator: Simulator, database: Database, tmp_path: Path
) -> None:
    fill(database, [PaperRecord(PaperCode("WPRC", 1), "For Readers")])
    club = await simulator.guild("Readers")
    ana = club.member("Ana")
    async with running(simulator, database, tmp_path):
        channel = ana.here
        await ana.say("hello", channel)
        await ana.say("hello", ana.dm)
        welcome = await ana.hear(ana.dm)
        assert "For Readers" in welcome.text
        assert "All papers" in welcome.labels
        assert len(channel.visible_to(ana)) == 1
