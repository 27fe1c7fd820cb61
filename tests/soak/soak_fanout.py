"""A reminder to a thousand people through kills, faults, and a database that is away."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from storage import schema
from storage.database import Database
from storage.deliveries import FAILED
from tests.commandline.fanout import Count, Crowd, counted, gather, kill_in_turn, kill_often
from tests.commandline.process import ROOT, running
from tests.discord.simulator import Simulator
from tests.telegram.faults import Drop, Kind, Status
from tests.telegram.simulator import TelegramSimulator

PEOPLE = int(os.environ.get("WPRC_SOAK_PEOPLE", "1000"))
KILLS = int(os.environ.get("WPRC_SOAK_KILLS", "200"))
AWAY = float(os.environ.get("WPRC_SOAK_AWAY", "60"))
"""For how many seconds a database is locked or gone."""


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "club.sqlite"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


def told(name: str, crowd: Crowd, began: float, kills: int = 0) -> Count:
    """The count, which is printed as well, and which no run may get wrong."""
    count = counted(crowd)
    seconds = time.monotonic() - began
    sys.stderr.write(
        f"\n{name}: {len(crowd.everybody)} people, {kills} kills, {seconds:.0f} s: {count}\n"
    )
    assert not count.missing
    assert not count.doubled
    assert {one.platform for one in count.unknown} <= {"telegram"}
    return count


async def test_kills(
    url: str, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    crowd = await gather(url, simulator, telegram, PEOPLE)
    began = time.monotonic()
    kills = await kill_often(crowd, tmp_path, KILLS, random.Random(11))  # noqa: S311
    async with running(tmp_path, **crowd.environ) as bot:
        await crowd.until_done(120)
        await bot.end(signal.SIGTERM)
    count = told("kill -9", crowd, began, kills)
    assert count.states["discord", "sent"] == len(crowd.on_discord)
    assert count.was_in_flight(crowd.kills)
    assert len(count.unknown) <= 8 * kills


async def test_faults(
    url: str, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    """429, 5xx, dropped connections after acceptance, and people who have blocked the bot."""
    crowd = await gather(url, simulator, telegram, PEOPLE // 2)
    blocked = [*crowd.on_telegram.values()][-10:]
    for reader in blocked:
        # The bot learns it only when it writes to them.
        telegram.private_of(reader).is_blocked = True
    closed = [*crowd.on_discord.values()][-10:]
    for person in closed:
        person.has_dms_closed = True
    rounds = len(crowd.on_telegram) // 12 - 1
    for number in range(rounds):
        at = 12 * number
        lost = Drop(before=False, after=True)
        kinds: tuple[Kind, ...] = (lost, Status(502), Status(429, retry_after=1), Drop())
        for position, kind in enumerate(kinds):
            telegram.faults.add(kind=kind, method="sendMessage", skip=at + 3 * position)
    sends = "POST /channels/*/messages"
    for _ in range(rounds):
        simulator.faults.reset(sends, is_taken=True)
        simulator.faults.fail(sends, 503)
        simulator.faults.fail(sends, 502, is_taken=True)
        simulator.faults.rate_limit(sends, 0.3)
        simulator.faults.rate_limit("POST /users/@me/channels", 0.2, is_global=True)
    began = time.monotonic()
    async with running(tmp_path, **crowd.environ) as bot:
        await crowd.until_done(300)
        await bot.end(signal.SIGTERM)
    count = told("faults", crowd, began)
    copies = crowd.copies()
    unreached = {str(one.id) for one in blocked}
    unreached |= {str(one.id) for one in closed}
    assert not any(copies[who] for who in crowd.everybody if who[1] in unreached)
    assert count.states["discord", FAILED] == len(closed)
    # Some of them may have met with a fault instead.
    assert 0 < count.states["telegram", FAILED] <= len(blocked)
    # Of a 5xx and of a connection that ended nobody knows; of all else the bot does. A fault may
    # have met somebody whom nothing reaches.
    assert 0 < count.arrived_though_unknown <= rounds
    assert len(count.unknown) <= 3 * rounds


async def test_locked_sqlite(
    url: str, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    """Another process writes for a minute, in the middle of sending."""
    crowd = await gather(url, simulator, telegram, PEOPLE // 4)
    began = time.monotonic()
    async with running(tmp_path, **crowd.environ) as bot:
        await some_arrived(crowd, 20)
        holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("PRAGMA busy_timeout = 10000")
        holder.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(AWAY)
        holder.execute("ROLLBACK")
        holder.close()
        await crowd.until_done(120)
        await bot.end(signal.SIGTERM)
    count = told(f"SQLite locked for {AWAY:.0f} s", crowd, began)
    assert not count.unknown


async def some_arrived(crowd: Crowd, number: int) -> None:
    async with asyncio.timeout(60):
        while crowd.copies().total() < number:
            await asyncio.sleep(0.01)


def postgres_script(what: str, found: dict[str, str]) -> str:
    """Runs scripts/postgres.sh for a server of the test's own."""
    environ = {name: value for name, value in os.environ.items() if "WPRC_TEST" not in name}
    command = [str(ROOT / "scripts" / "postgres.sh"), what]
    return subprocess.run(
        command, env=environ | found, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


@pytest.fixture
def own_server() -> Iterator[dict[str, str]]:
    """A PostgreSQL server that the test may stop: its address and its folder."""
    said = postgres_script("start", {})
    found = dict(word.split("=", 1) for word in said.split() if "=" in word)
    yield found
    postgres_script("stop", found)


@contextmanager
def migrated(server: str) -> Iterator[str]:
    """The address of a fresh database with our tables; it goes with its server."""
    url = make_url(server).set(database=f"soak_{secrets.token_hex(4)}")
    with psycopg.connect(server, autocommit=True) as connection:
        name = sql.Identifier(url.database or "")
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    address = url.render_as_string(hide_password=False)
    with closing(Database(address)) as database:
        schema.migrate(database)
    yield address


async def test_postgresql_that_is_gone(
    own_server: dict[str, str],
    tmp_path: Path,
    telegram: TelegramSimulator,
    simulator: Simulator,
) -> None:
    """The server is stopped in the middle of sending, and started after a minute."""
    with migrated(own_server["WPRC_TEST_POSTGRES"]) as url:
        crowd = await gather(url, simulator, telegram, PEOPLE // 4)
        began = time.monotonic()
        async with running(tmp_path, **crowd.environ | {"LOG_LEVEL": "CRITICAL"}) as bot:
            await some_arrived(crowd, 20)
            await asyncio.to_thread(postgres_script, "down", own_server)
            await asyncio.sleep(AWAY)
            await asyncio.to_thread(postgres_script, "up", own_server)
            await crowd.until_done(300)
            await bot.end(signal.SIGTERM)
        count = told(f"PostgreSQL gone for {AWAY:.0f} s", crowd, began)
    assert not count.unknown


async def test_two_processes(
    own_server: dict[str, str],
    tmp_path: Path,
    telegram: TelegramSimulator,
    simulator: Simulator,
) -> None:
    with migrated(own_server["WPRC_TEST_POSTGRES"]) as url:
        crowd = await gather(url, simulator, telegram, PEOPLE)
        began = time.monotonic()
        kills = max(2, KILLS // 10)
        await kill_in_turn(crowd, tmp_path, kills, random.Random(13))  # noqa: S311
        count = told("two processes on one PostgreSQL", crowd, began, kills)
    assert count.states["discord", "sent"] == len(crowd.on_discord)
    assert count.was_in_flight(crowd.kills)
