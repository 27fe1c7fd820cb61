"""wprc doctor: all is well, and then one thing after the other is not."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from bot.commandline.doctor.database import LEAST_FREE, look_at_database, room
from bot.core.findings import Finding, Level
from bot.settings import load_settings
from storage.database import Database
from storage.deliveries import FAILED, DeliveryDraft
from storage.schema import CURRENT
from storage.unit_of_work import UnitOfWork
from tests.commandline.conftest import Ran
from tests.commandline.installation import Installation, fresh
from tests.commandline.process import running_in
from tests.discord.permissions import Permission
from tests.telegram.faults import Hang, Status

__all__ = ["fresh"]


@pytest.fixture
async def club(fresh: Installation) -> Installation:
    """Set up, with a server, a group and a backup; nothing runs."""
    assert (await fresh.init()).code == 0
    backups = fresh.data / "backups"
    backups.mkdir()
    (backups / "last.sqlite").write_bytes(b"")
    return fresh


def file_of(club: Installation) -> Path:
    return club.data / "wprc.sqlite"


@contextmanager
def writing(club: Installation) -> Iterator[UnitOfWork]:
    with (
        closing(Database(f"sqlite:///{file_of(club)}")) as database,
        database.unit(write=True) as uow,
    ):
        yield uow.of_club(uow.clubs.all()[0].id)


def line_with(ran: Ran, text: str) -> str:
    """The finding that says so, with what is to be done on the line below."""
    lines = ran.out.splitlines()
    for number, line in enumerate(lines):
        if text in line:
            return "\n".join(lines[number : number + 2])
    raise AssertionError(f"nothing says {text!r}:\n{ran.out}")


async def examined(club: Installation, *arguments: str) -> Ran:
    ran = await club.wprc("doctor", *arguments)
    assert ran.err == ""
    return ran


async def test_a_bot_that_runs_is_well(club: Installation) -> None:
    await club.places()
    async with running_in(club.folder, **club.environ) as bot:
        await bot.says("Telegram: ready")
        await bot.says("Discord: ready")
        ran = await examined(club)
        assert ran.out.endswith("All is well.\n"), ran.out
        assert ran.code == 0
        assert "A process serves Discord" in ran.out
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
    old = club.data / "backups" / "old.dump"
    old.touch()
    os.utime(old, (0, time.time() - 9 * 86_400))
    assert "9 days old" in (await examined(club)).out


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


# The database.


@contextmanager
def held(club: Installation, *statements: str) -> Iterator[None]:
    """Another program has the database open and does so."""
    with closing(sqlite3.connect(file_of(club), isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)
        yield


async def test_a_database_that_is_locked_is_named(club: Installation) -> None:
    with held(club, "BEGIN IMMEDIATE"):
        ran = await examined(club)
        assert ran.code == 2
        assert f"ps -p {os.getpid()}" in line_with(ran, f"Process {os.getpid()} keeps it locked")
        # It can be read nevertheless.
        assert "Clubs: WPRC" in ran.out
    assert "keeps it locked" not in (await examined(club)).out
    alone = ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "DELETE FROM codes", "COMMIT")
    with held(club, *alone):
        ran = await examined(club, "--wait", "1")
        assert ran.code == 2
        assert "fuser" in line_with(ran, "so it cannot even be read")
        assert "inbox" not in ran.out


async def test_a_database_that_is_gone_is_not_made_anew(club: Installation) -> None:
    for path in club.data.glob("wprc.sqlite*"):
        path.unlink()
    ran = await examined(club)
    assert ran.code == 2
    assert "wprc restore" in line_with(ran, "There is no file")
    assert not file_of(club).exists()


async def test_a_file_that_is_no_database_is_named(club: Installation) -> None:
    for path in club.data.glob("wprc.sqlite-*"):
        path.unlink()
    file_of(club).write_bytes(b"Dear Ana, " * 2_000)
    assert "wprc restore" in line_with(await examined(club), "is damaged, or no database")


async def test_a_damaged_page_and_a_row_without_its_owner_are_named(club: Installation) -> None:
    with closing(sqlite3.connect(file_of(club))) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("INSERT INTO roles VALUES (77, 78, 'organiser')")
        raw.commit()
    assert "roles" in line_with(await examined(club), "hang under nothing")
    with closing(sqlite3.connect(file_of(club), isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'people'").fetchone()[0]
        size = raw.execute("PRAGMA page_size").fetchone()[0]
    with file_of(club).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    ran = await examined(club)
    assert ran.code == 2
    assert "damaged" in ran.out
    assert "wprc restore" in ran.out


@pytest.mark.parametrize(
    ("version", "to_do"),
    [("2026_11_22_archive", "wprc migrate"), ("2030_01_01_future", "Install the newer program")],
)
async def test_a_schema_of_another_time_is_named(
    club: Installation, version: str, to_do: str
) -> None:
    with closing(sqlite3.connect(file_of(club))) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (version,))
    ran = await examined(club)
    assert ran.code == 2
    assert to_do in line_with(ran, version)
    with closing(sqlite3.connect(file_of(club))) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (version,)
    assert version != CURRENT


def test_a_disk_that_is_full_or_nearly_full_is_named(tmp_path: Path) -> None:
    def level(free: int, size: int = 1_000) -> Level:
        (found,) = room(free, size, tmp_path)
        return found.level

    assert level(1 << 40) is Level.OK
    assert level(LEAST_FREE * 2) is Level.WARNING
    assert level(LEAST_FREE - 1) is Level.PROBLEM
    assert level(1 << 32, size=3 << 31) is Level.WARNING


async def test_other_users_may_not_read_what_is_kept(club: Installation) -> None:
    club.env.chmod(0o644)
    file_of(club).chmod(0o604)
    ran = await examined(club)
    assert "chmod 600 .env" in line_with(ran, "others on this computer may read it (644)")
    assert "chmod 600" in line_with(ran, "wprc.sqlite (604)")


async def test_what_waits_and_what_went_wrong_is_counted(club: Installation) -> None:
    now = datetime.now(UTC)
    with writing(club) as uow:
        uow.inbox.accept("telegram:1", [(1, "{}"), (2, "{}")], now - timedelta(hours=3))
        drafts = [
            DeliveryDraft(f"k{n}", "announcement", "1", "telegram", "-1", now - timedelta(days=n))
            for n in (1, 2, 3)
        ]
        uow.deliveries.plan(drafts, now)
        (one, *_) = uow.outbox.claim(["telegram"], "me", now, timedelta(minutes=1), 1)
        uow.outbox.settle(one.id, "me", FAILED, now, error="no")
    ran = await examined(club)
    assert ran.code == 2
    assert line_with(ran, "2 events wait to be answered, the oldest for 3 h")
    assert line_with(ran, "2 messages should have gone out, the oldest 2 days ago")
    assert "/deliveries" in line_with(ran, "1 messages failed, and of 0")


def test_a_server_is_looked_at_too(database_url: str) -> None:
    found: list[Finding] = []
    settings = load_settings({"DATABASE_URL": database_url}, None)
    usable: list[bool] = []
    look_at_database(settings, 5.0, found, clubs=[], is_usable=usable)
    assert usable == [True]
    assert {one.level for one in found} == {Level.OK, Level.WARNING}
    assert "no club" in str(found)


def test_a_user_who_may_only_read_is_named(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        return
    name = f"reader_{os.getpid()}"
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN")  # type: ignore[call-overload]
        server.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")  # type: ignore[call-overload]
        try:
            found: list[Finding] = []
            url = make_url(database_url).set(username=name)
            settings = load_settings({"DATABASE_URL": url.render_as_string(False)}, None)
            look_at_database(settings, 5.0, found, clubs=[], is_usable=[])
        finally:
            server.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")  # type: ignore[call-overload]
    assert any("It takes no writes" in str(one.what) for one in found), found


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    found: list[Finding] = []
    url = "postgresql://ana:secret@127.0.0.1:9/wprc"
    settings = load_settings({"DATABASE_URL": url}, None)
    look_at_database(settings, 2.0, found, clubs=[], is_usable=[])
    (one,) = found
    assert one.level is Level.PROBLEM
    assert "secret" not in str(one)
    assert "ana:***@127.0.0.1:9" in str(one)


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
