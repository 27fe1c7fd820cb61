"""A reminder to a thousand people through kills, faults, and a database that is away."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.deliveries import FAILED
from tests.commandline.fanout import Count, Crowd, counted, gather, kill_often
from tests.commandline.process import ROOT, running
from tests.discord.simulator import Simulator
from tests.telegram.faults import Drop, Status
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
        await crowd.until_done(300)
        await bot.end(signal.SIGTERM)
    count = told("kill -9", crowd, began, kills)
    assert count.states["discord", "sent"] == len(crowd.on_discord)
    assert count.was_in_flight(crowd.kills)


async def test_faults(
    url: str, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    """429, 5xx, dropped connections after acceptance, and people who have blocked the bot."""
    crowd = await gather(url, simulator, telegram, PEOPLE // 2)
    blocked = [*crowd.on_telegram.values()][:10]
    for reader in blocked:
        reader.block()
    closed = [*crowd.on_discord.values()][:10]
    for person in closed:
        person.has_dms_closed = True
    drops = 12
    faults = telegram.faults
    for number in range(drops):
        at = 12 * number
        faults.add(kind=Drop(before=False, after=True), method="sendMessage", skip=at)
        faults.add(kind=Status(502), method="sendMessage", skip=at + 3)
        faults.add(kind=Status(429, retry_after=1), method="sendMessage", skip=at + 6)
        faults.add(kind=Drop(), method="sendMessage", skip=at + 9)
    sends = "POST /channels/*/messages"
    for _ in range(10):
        simulator.faults.reset(sends, is_taken=True)
        simulator.faults.fail(sends, 503)
        simulator.faults.fail(sends, 502, is_taken=True)
        simulator.faults.rate_limit(sends, 0.3)
        simulator.faults.rate_limit("POST /users/@me/channels", 0.5, is_global=True)
    began = time.monotonic()
    async with running(tmp_path, **crowd.environ) as bot:
        await crowd.until_done(300)
        await bot.end(signal.SIGTERM)
    count = told("faults", crowd, began)
    assert count.states["telegram", FAILED] == len(blocked)
    assert count.states["discord", FAILED] == len(closed)
    # Of a 5xx and of a connection that ended nobody knows; of all else somebody does.
    assert count.arrived_though_unknown == drops
    assert len(count.unknown) <= 3 * drops


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
        await crowd.until_done(300)
        await bot.end(signal.SIGTERM)
    count = told(f"SQLite locked for {AWAY:.0f} s", crowd, began)
    assert not count.unknown


async def some_arrived(crowd: Crowd, number: int) -> None:
    async with asyncio.timeout(60):
        while crowd.copies().total() < number:
            await asyncio.sleep(0.01)


@pytest.fixture
def own_server() -> Iterator[dict[str, str]]:
    """A PostgreSQL server that the test may stop: its address and its folder."""
    script = str(ROOT / "scripts" / "postgres.sh")
    environ = {name: value for name, value in os.environ.items() if "WPRC_TEST" not in name}
    said = subprocess.run(
        [script, "start"], env=environ, capture_output=True, text=True, check=True
    ).stdout
    found = dict(word.split("=", 1) for word in said.split() if "=" in word)
    yield found
    subprocess.run([script, "stop"], env=environ | found, check=True)
