"""wprc run as a process: ready, useful at once, and gone in order; wprc code and wprc invite."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commandline.processes import is_dead, this_process
from tests.commandline.conftest import Run
from tests.commandline.pages import page
from tests.commandline.process import PATIENCE, running
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_fresh_bot_answers_at_once_and_ends_in_order(
    wprc: Run, tmp_path: Path, simulator: Simulator, number: signal.Signals
) -> None:
    Path("one.txt").write_text(page("WPRC-001", "One"))
    assert wprc("import", "one.txt").code == 0
    club = await simulator.guild("Readers")
    environ = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": simulator.api_url}
    async with running(tmp_path / "data", **environ) as bot:
        await bot.says("Discord: ready")
        ana = club.member("Ana")
        await ana.slash("paper", what="1")
        assert "One" in (await ana.answer()).text
        assert await bot.end(number) == 0
    assert TOKEN not in bot.said
    assert "Traceback" not in bot.said


async def test_a_wrong_token_is_said_without_a_traceback(
    tmp_path: Path, simulator: Simulator
) -> None:
    environ = {"DISCORD_TOKEN": f"{TOKEN}-of-another", "DISCORD_API_URL": simulator.api_url}
    async with running(tmp_path, **environ) as bot:
        async with asyncio.timeout(PATIENCE):
            _, said = await bot.process.communicate()
        assert bot.process.returncode == 1
    assert b"DISCORD_TOKEN" in said
    assert b"Traceback" not in said
    assert f"{TOKEN}-of-another".encode() not in said


async def test_one_process_serves_a_shard_and_the_next_one_takes_over(
    wprc: Run, tmp_path: Path, simulator: Simulator
) -> None:
    await simulator.guild("Readers")
    assert wprc("migrate").code == 0
    environ = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": simulator.api_url}
    async with running(tmp_path / "data", **environ) as first:
        await first.says("Discord: ready")
        async with running(tmp_path / "data", **environ) as second:
            await second.says("served by another process")
            assert await first.end(signal.SIGTERM) == 0
            await second.says("Discord: ready")
            assert await second.end(signal.SIGTERM) == 0


async def test_after_a_crash_the_next_one_serves_at_once(
    wprc: Run, tmp_path: Path, simulator: Simulator
) -> None:
    await simulator.guild("Readers")
    assert wprc("migrate").code == 0
    environ = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": simulator.api_url}
    async with running(tmp_path / "data", **environ) as first:
        await first.says("Discord: ready")
        assert await first.end(signal.SIGKILL) == -signal.SIGKILL
    async with running(tmp_path / "data", **environ) as second:
        await second.says("Discord: ready")
        assert "served by another process" not in second.said
        assert await second.end(signal.SIGTERM) == 0


async def test_processes_that_count_shards_differently_do_not_serve_together(
    wprc: Run, tmp_path: Path, simulator: Simulator
) -> None:
    await simulator.guild("Readers")
    assert wprc("migrate").code == 0
    environ = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": simulator.api_url}
    async with running(tmp_path / "data", **environ) as first:
        await first.says("Discord: ready")
        shards = {"DISCORD_SHARD_COUNT": "2", "DISCORD_SHARD_IDS": "1"}
        async with running(tmp_path / "data", **environ, **shards) as second:
            await second.says("number of shards is served by another process")
            assert await second.end(signal.SIGTERM) == 0
        assert await first.end(signal.SIGTERM) == 0


def test_without_a_token_it_says_which_to_set_and_where_to_get_it(wprc: Run) -> None:
    ran = wprc("run")
    assert ran.code == 2
    assert "DISCORD_TOKEN" in ran.err
    assert "https://discord.com/developers/applications" in ran.err


def test_the_invite_link_is_alone_on_stdout(wprc: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = wprc("invite", "--id", "123456789012345678")
    assert ran.code == 0
    assert re.fullmatch(
        r"https://discord\.com/oauth2/authorize\?client_id=123456789012345678"
        r"&scope=bot\+applications\.commands&permissions=\d+\n",
        ran.out,
    )
    assert "Embed Links" in ran.err
    # The first part of a token is the application's id in base 64.
    monkeypatch.setenv("DISCORD_TOKEN", "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijkl")
    assert wprc("invite").out == ran.out


def test_an_invite_needs_an_id(wprc: Run) -> None:
    ran = wprc("invite")
    assert (ran.code, ran.out) == (2, "")
    assert "--id" in ran.err


def test_a_founding_code_is_printed_and_kept_nowhere(wprc: Run, tmp_path: Path) -> None:
    ran = wprc("code")
    code = ran.out.strip()
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", code)
    assert code.encode() not in (tmp_path / "data" / "wprc.sqlite").read_bytes()
    assert wprc("code").out != ran.out


def test_only_a_process_of_this_machine_is_known_to_be_dead() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    machine = this_process().partition(":")[0]
    assert is_dead(f"{machine}:{gone.pid}:00000000")
    assert not is_dead(f"another machine:{gone.pid}:00000000")
    assert not is_dead(f"{machine}:{os.getppid()}:00000000")
    assert not is_dead("2")
