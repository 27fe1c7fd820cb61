"""/healthz, /readyz and /metrics of a process that serves both platforms."""

from __future__ import annotations

import asyncio
import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commandline.conftest import Run
from tests.commandline.pages import page
from tests.commandline.process import PATIENCE, running
from tests.commandline.test_announcements import club_of
from tests.commandline.test_run_telegram import environ_of
from tests.commandline.watcher import Watcher, free_port
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.telegram.faults import Drop, Status
from tests.telegram.simulator import TelegramSimulator


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(free_port())


def environ(telegram: TelegramSimulator, discord: Simulator, watcher: Watcher) -> dict[str, str]:
    return {
        **environ_of(telegram),
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": discord.api_url,
        "WPRC_HTTP_PORT": str(watcher.port),
    }


async def test_it_is_ready_once_both_platforms_are_and_says_which_one_is_not(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator, watcher: Watcher
) -> None:
    assert wprc("migrate").code == 0
    await simulator.guild("Readers")
    telegram.faults.add(kind=Drop(), method="getMe", times=None)
    async with running(tmp_path / "data", **environ(telegram, simulator, watcher)) as bot:
        await bot.says(rf"http://127\.0\.0\.1:{watcher.port}/readyz")
        await bot.says("Discord: ready")
        assert await watcher.ask("/healthz") == (200, "ok\n")
        await watcher.until(lambda said: said["discord"] == "ok")
        status, said = await watcher.ready()
        assert (status, said["telegram"]) == (503, "not connected")
        assert (said["database"], said["backlog"]) == ("ok", "ok")

        telegram.faults.clear()
        await watcher.until(lambda said: bool(said["is_ready"]))

        simulator.gateway.is_down = True
        simulator.gateway.drop()
        await watcher.until(lambda said: said["discord"] == "not connected")
        assert (await watcher.ready())[1]["telegram"] == "ok"
        assert await watcher.number("wprc_platform_connected", platform="discord") == 0
        assert await watcher.number("wprc_platform_connected", platform="telegram") == 1
        simulator.gateway.is_down = False
        await watcher.until(lambda said: bool(said["is_ready"]), patience=30)

        telegram.faults.add(kind=Status(502), method="getUpdates", times=None)
        ana = telegram.user("Ana")
        await ana.says(ana.private, "/help")  # It ends the request that waits for news.
        await watcher.until(lambda said: said["telegram"] == "not connected")
        assert (await watcher.ask("/healthz"))[0] == 200
        telegram.faults.clear()
        await watcher.until(lambda said: bool(said["is_ready"]), patience=30)
        assert await bot.end(signal.SIGTERM) == 0
    assert "Traceback" not in bot.said


async def test_a_database_that_is_locked_is_named_and_holds_up_nobody(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator, watcher: Watcher
) -> None:
    assert wprc("migrate").code == 0
    settings = environ_of(telegram) | {"WPRC_HTTP_PORT": str(watcher.port)}
    async with running(tmp_path / "data", **settings) as bot:
        await bot.says("Telegram: ready")
        await watcher.until(lambda said: bool(said["is_ready"]))
        with closing(sqlite3.connect(tmp_path / "data" / "wprc.sqlite")) as other:
            other.isolation_level = None
            other.execute("BEGIN IMMEDIATE")
            await watcher.until(lambda said: said["database"] != "ok")
            async with asyncio.timeout(4):
                asked = (watcher.ready() for _ in range(20))
                for status, said in await asyncio.gather(*asked):
                    assert (status, said["telegram"]) == (503, "ok")
                    assert "has not answered" in said["database"]
                assert await watcher.ask("/healthz") == (200, "ok\n")
                numbers = await watcher.numbers()
            assert numbers["wprc_database_up"][frozenset()] == 0
            # All of those who asked wait for one unit of work.
            assert numbers["wprc_database_queue"][frozenset()] < 10
            other.execute("ROLLBACK")
        await watcher.until(lambda said: bool(said["is_ready"]))
        assert await bot.end(signal.SIGTERM) == 0


async def test_what_was_done_is_counted_and_no_label_says_who_or_what(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator, watcher: Watcher
) -> None:
    Path("one.txt").write_text(page("WPRC-001", "One"))
    assert wprc("import", "one.txt").code == 0
    ola, group = telegram.user("Ola"), telegram.group("Night Readers")
    server = await simulator.guild("Readers")
    bo = server.member("Bo")
    club_of(tmp_path, ola.id, [group.id], [(server.guild.id, bo.here.id)])
    async with running(tmp_path / "data", **environ(telegram, simulator, watcher)) as bot:
        await bot.says("Discord: ready")
        await watcher.until(lambda said: bool(said["is_ready"]))
        for what in ("1", "1", "WPRC-999"):
            await bo.slash("paper", what=what)
            await bo.answer()
        await bo.slash("announce", text="May I?")
        assert "for organisers" in (await bo.answer()).text
        await ola.says(ola.private, "/secretplan of Ola")
        assert "no command" in (await ola.hears(ola.private)).text
        await ola.says(ola.private, "/announce We meet on Thursday.")
        preview = await ola.hears(ola.private)
        simulator.faults.rate_limit("POST /channels/*/messages", 0.1)
        telegram.faults.add(kind=Status(429, retry_after=1), method="sendMessage", chat=group)
        await ola.presses(preview, "Post it")
        await ola.hears(ola.private)
        async with asyncio.timeout(PATIENCE):
            while not (len(telegram.sent(group)) == 1 and await bo.hear(patience=20)):
                await asyncio.sleep(0.05)
        sent = {"kind": "announcement", "state": "sent"}
        async with asyncio.timeout(PATIENCE):
            for name in ("telegram", "discord"):
                while not await watcher.number("wprc_deliveries_total", platform=name, **sent):
                    await asyncio.sleep(0.05)
        numbers = await watcher.numbers()
        _, text = await watcher.ask("/metrics")
        assert (await watcher.ask("/elsewhere"))[0] == 404
        # Whoever holds a connection does not hold up the end.
        reader, writer = await asyncio.open_connection("127.0.0.1", watcher.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n")
        assert b"200 OK" in await reader.readline()
        assert await bot.end(signal.SIGTERM) == 0
        writer.close()

    def said(name: str, **labels: str) -> float:
        return numbers[name][frozenset(labels.items())]

    assert said("wprc_commands_total", command="paper", outcome="answered") == 3
    assert said("wprc_commands_total", command="announce", outcome="refused") == 1
    assert said("wprc_commands_total", command="unknown", outcome="answered") == 1
    assert said("wprc_command_busy_seconds_total", command="paper") > 0
    calls = sum(numbers["wprc_commands_total"].values())
    assert said("wprc_command_seconds_count") == calls >= 6
    assert said("wprc_delivery_late_seconds_count") == 2
    assert said("wprc_platform_refusals_total", platform="telegram") == 1
    assert said("wprc_platform_refusals_total", platform="discord") == 1
    assert said("wprc_inbox_depth") == 0
    assert said("wprc_loop_lag_seconds_count") > 0
    assert said("wprc_tasks") > 2
    assert 10_000_000 < said("wprc_memory_peak_bytes") < 1_000_000_000
    assert said("process_resident_memory_bytes") <= said("wprc_memory_peak_bytes")
    assert said("process_open_fds") > 5
    assert said("wprc_database_up") == 1
    (build,) = numbers["wprc_build_info"]
    assert dict(build)["database"] == "sqlite"
    private = ("secretplan", "Ola", "Thursday", "Readers", "WPRC-999", TOKEN, telegram.token)
    for word in (*private, str(ola.id), str(group.id), str(bo.id), str(server.guild.id)):
        assert word not in text


async def test_a_port_that_is_taken_is_said_before_anything_begins(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator
) -> None:
    assert wprc("migrate").code == 0
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        settings = environ_of(telegram) | {"WPRC_HTTP_PORT": str(taken.getsockname()[1])}
        async with running(tmp_path / "data", **settings) as bot:
            async with asyncio.timeout(PATIENCE):
                _, told = await bot.process.communicate()
    assert bot.process.returncode == 1
    assert b"WPRC_HTTP_PORT" in told
    assert b"Traceback" not in told
    assert telegram.calls == []
