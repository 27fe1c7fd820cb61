"""wprc doctor: all is well, and then one thing after the other is not."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.text import plain
from bot.commandline.doctor.guard import Check
from bot.commandline.doctor.program import look_at_backups
from bot.core.findings import Finding, Level, ok
from bot.settings import load_settings
from tests.commandline.installation import (
    Installation,
    club,
    examined,
    file_of,
    fresh,
    line_with,
    writing,
)
from tests.commandline.process import running_in
from tests.discord.permissions import Permission
from tests.telegram.faults import Hang, Status

__all__ = ["club", "fresh"]


async def test_from_an_empty_folder_to_a_bot_that_is_well(club: Installation) -> None:
    code = re.search(r"^  ([A-Z2-9-]{14})$", (await club.wprc("init", "--yes")).out, re.MULTILINE)
    assert code is not None
    founders = await club.discord.guild("Founders")
    founders.let_bot(Permission.CREATE_EVENTS)
    ana = founders.member("Ana", permissions=Permission.MANAGE_GUILD)
    async with running_in(club.folder, **club.environ) as bot:
        await bot.says("Telegram: ready")
        await bot.says("Discord: ready")
        await ana.slash("setup", code=code[1])
        assert "You are its first organiser" in (await ana.answer()).text
        await ana.slash("setup")
        await ana.press(await ana.answer(), "Announcements here")
        await ana.slash("doctor")
        assert "Announcements: #general on Discord: all is there." in (await ana.answer()).text
        await club.places()
        ran = await examined(club)
        assert ran.out.endswith("All is well.\n"), ran.out
        assert ran.code == 0
        assert "A process serves Discord" in ran.out
        assert "Founders (WPRC): it may do all that it has to." in ran.out
        assert "Readers (WPRC): it may do all that it has to." in ran.out
        assert "Lectores (WPRC): it may do all that it has to." in ran.out
        told = json.loads((await examined(club, "--json")).out)
        assert told["level"] == "ok"
        assert {"area", "level", "what", "to_do"} == set(told["findings"][0])
        areas = {one["area"] for one in told["findings"]}
        assert areas == {
            *("settings", "database", "discord", "telegram", "clock", "running", "inbox"),
            *("deliveries", "backup", "versions"),
        }


async def test_what_is_not_served_and_never_backed_up_is_a_warning(club: Installation) -> None:
    await club.places()
    (club.data / "backups" / "last.sqlite").unlink()
    ran = await examined(club)
    assert ran.code == 1
    assert "wprc run" in line_with(ran, "No process serves Telegram")
    assert "wprc backup" in line_with(ran, "There is none in")
    assert "the bot makes one every 24 h" in ran.out


async def test_a_backup_that_is_too_old_is_a_warning(club: Installation) -> None:
    async def says(days: float, **environ: str) -> str:
        for name, value in environ.items():
            club.monkeypatch.setenv(name, value)
        last = club.data / "backups" / "last.sqlite"
        os.utime(last, (0, time.time() - days * 86_400))
        return line_with(await examined(club), "The last one is")

    assert (await says(1.5)).startswith("ok")
    late = await says(3)
    assert late.startswith("warning")
    assert "3 days old" in late
    assert "log says why" in late
    assert (await says(3, WPRC_BACKUP_EVERY="0")).startswith("ok")
    assert "WPRC_BACKUP_EVERY is 0" in await says(9)


def test_a_server_may_have_backups_of_its_own(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": "postgresql://h/db", "WPRC_DATA_DIR": str(tmp_path)}
    found: list[Finding] = []
    look_at_backups(load_settings(environ, None), datetime.now(UTC), found)
    assert [one.level for one in found] == [Level.OK]
    assert f"wprc backup {tmp_path / 'backups' / 'first.dump'}" in found[0].to_do


# Platforms.


async def test_a_server_that_is_stopped_or_never_answers_is_named(club: Installation) -> None:
    await club.places()
    club.monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:9/api/v10")
    club.telegram.faults.add(kind=Hang(), times=None)
    ran = await examined(club, "--wait", "0.5")
    assert ran.code == 2
    assert "the connection is refused" in line_with(ran, "Discord cannot be reached")
    assert "no answer within 0.5 s" in line_with(ran, "Telegram cannot be reached")


async def test_a_gateway_that_is_down_is_told_from_the_rest(club: Installation) -> None:
    club.discord.gateway.is_down = True
    ran = await examined(club)
    assert ran.code == 2
    assert "status 503" in line_with(ran, "Its gateway cannot be reached")


async def test_a_page_in_the_place_of_an_answer_is_no_answer(club: Installation) -> None:
    club.telegram.faults.add(kind=Status(200, is_page=True))
    assert "no JSON" in line_with(await examined(club), "Telegram cannot be reached")


async def test_tokens_that_were_taken_back_are_named(club: Installation) -> None:
    club.monkeypatch.setenv("DISCORD_TOKEN", "one-of-before")
    club.monkeypatch.setenv("TELEGRAM_TOKEN", "4242:one-of-before")
    ran = await examined(club)
    assert ran.code == 2
    assert "wprc init --discord-token -" in line_with(ran, "Discord refuses DISCORD_TOKEN")
    assert "wprc init --telegram-token -" in line_with(ran, "Telegram refuses TELEGRAM_TOKEN")
    assert "one-of-before" not in ran.out
    club.discord.take_violations()
    club.telegram.take_violations()


async def test_permissions_that_were_taken_are_named_place_by_place(club: Installation) -> None:
    server, group = await club.places()
    channel = server.channel("opinions")
    server.overwrite(channel, server.bot_role, deny=Permission.EMBED_LINKS)
    ran = await examined(club)
    assert ran.code == 1
    assert "missing: Embed Links." in line_with(ran, "Readers (WPRC), #opinions for opinions")
    server.hide(channel)
    assert "missing: View Channels." in line_with(await examined(club), "#opinions for opinions")
    server.overwrite(channel, None, allow=0)
    server.overwrite(channel, club.discord.bot, allow=Permission.VIEW_CHANNEL)
    server.overwrite(channel, server.bot_role, deny=0)
    assert "#opinions" not in (await examined(club)).out
    server.let_bot(deny=Permission.SEND_MESSAGES | Permission.CREATE_EVENTS)
    ran = await examined(club)
    assert ran.code == 2
    assert "Send Messages" in line_with(ran, "#general for announcements")
    assert "Create Events" in line_with(ran, "sessions stay out of its calendar")
    server.remove_channel("general")
    assert "/setup" in line_with(await examined(club), "the channel for announcements is gone")
    server.remove_bot()
    group.kick_bot()
    ran = await examined(club)
    assert "oauth2/authorize" in line_with(ran, "It is not in this server any more")
    assert "startgroup" in line_with(ran, "it is not in this group any more")


async def test_a_thread_has_the_permissions_of_its_channel(club: Installation) -> None:
    server, _ = await club.places()
    thread = server.add_thread("Replies", "opinions")
    with writing(club) as uow:
        home = next(one for one in uow.places.all() if one.platform == "discord")
        channel = str(server.channel("opinions").id)
        uow.places.assign(home.id, "opinions", channel, str(thread.id))
    assert "#Replies" not in (await examined(club)).out
    denied = Permission.SEND_MESSAGES_IN_THREADS
    server.overwrite(server.channel("opinions"), server.bot_role, deny=denied)
    assert "Send Messages in Threads" in line_with(await examined(club), "#Replies for opinions")


async def test_no_place_for_announcements_and_no_place_at_all(club: Installation) -> None:
    ran = await examined(club)
    assert ran.code == 1
    assert "/setup" in line_with(ran, "It serves no server yet")
    assert "/setup" in line_with(ran, "It serves no group yet")
    await club.places()
    with closing(sqlite3.connect(file_of(club))) as raw, raw:
        raw.execute("UPDATE places SET announcements_chat = NULL")
    ran = await examined(club)
    assert "Announcements here" in line_with(ran, "Readers (WPRC): no place for announcements")
    assert "Announcements here" in line_with(ran, "Lectores (WPRC): no place for announcements")


async def test_a_webhook_of_another_program_is_named(club: Installation) -> None:
    club.telegram.updates.set_webhook("https://bot.example.org/other")
    assert "wprc run" in line_with(await examined(club), "A webhook of another program")
    club.telegram.updates.set_webhook("")


@pytest.mark.parametrize(
    ("seconds", "level", "code"),
    [(4, "ok", 1), (-30, "warning", 1), (30, "warning", 1), (-300, "PROBLEM", 2)],
)
async def test_a_clock_that_is_wrong_is_named(
    club: Installation, seconds: int, level: str, code: int
) -> None:
    club.discord.ahead_by = club.telegram.ahead_by = timedelta(seconds=seconds)
    ran = await examined(club)
    found = [line for line in ran.out.splitlines() if " clock " in line]
    assert len(found) == 2
    assert all(line.startswith(level) for line in found)
    assert ran.code == code
    if level != "ok":
        assert ("behind" if seconds > 0 else "ahead of") in found[0]
        assert "timedatectl" in ran.out


# What is looked at ends in time, and never with a traceback.


def test_a_part_that_hangs_or_fails_keeps_what_it_found() -> None:
    stop = threading.Event()

    def hang(found: list[Finding]) -> None:
        found.append(ok("x", "First."))
        stop.wait(30)

    def fail(found: list[Finding]) -> None:
        found.append(ok("x", "First."))
        raise RuntimeError("no answer of https://example.org/bot4242:a-token-of-somebodys-bot/")

    first, late = Check("x", 0.2, hang).result()
    stop.set()
    assert first == ok("x", "First.")
    assert late.level is Level.WARNING
    assert "more than 0.2 s" in plain(late.what)
    assert late.to_do == "To wait longer, type: wprc doctor --wait 1.2"
    first, failed = Check("x", 5.0, fail).result()
    assert first == ok("x", "First.")
    assert failed.level is Level.PROBLEM
    assert "RuntimeError: no answer" in plain(failed.what)
    assert "a-token" not in plain(failed.what)


# Settings.


async def test_wrong_settings_do_not_keep_the_rest_from_being_looked_at(
    club: Installation,
) -> None:
    with club.env.open("a") as file:
        file.write("LOG_LEVEL=loud\nDISCORD_TOKN=x\nWPRC_CLUBB=x\nDISCORD_SHARD_IDS=4\n")
    ran = await examined(club)
    assert ran.code == 2
    assert line_with(ran, "LOG_LEVEL is 'loud'")
    assert line_with(ran, "DISCORD_SHARD_COUNT must be greater")
    assert line_with(ran, "DISCORD_TOKN is not a setting and does nothing; the nearest is DISCORD_")
    assert line_with(ran, "WPRC_CLUBB is not a setting")
    assert "Its token is good" in ran.out
    assert "It is whole." in ran.out


async def test_a_variable_of_another_program_is_none_of_its_business(club: Installation) -> None:
    club.monkeypatch.setenv("DISCORD_NOTIFIER_HOOK", "x")
    assert "NOTIFIER" not in (await examined(club)).out


async def test_nothing_set_at_all_says_where_to_begin(fresh: Installation) -> None:
    ran = await examined(fresh)
    assert ran.code == 2
    assert "wprc init" in line_with(ran, "There is no token")
    assert "wprc init" in line_with(ran, "There is no file")


async def test_without_its_library_a_platform_is_named(club: Installation) -> None:
    real: Any = __import__("bot.commandline.doctor.program", fromlist=["version"])
    version = real.version

    def without(name: str) -> str:
        if name == "python-telegram-bot":
            raise real.PackageNotFoundError(name)
        return str(version(name))

    club.monkeypatch.setattr(real, "version", without)
    found = line_with(await examined(club), "python-telegram-bot is not installed")
    assert "pip install 'wprc-bot[telegram]'" in found
