"""The unit file: systemd takes it, and what it starts says when it serves and ends in order."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from bot.settings.variables import VARIABLES
from tests.commandline.process import ROOT, running
from tests.deploy.manager import manager
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN

UNIT = ROOT / "deploy" / "wprc.service"
OTHERS = {"PYTHONUNBUFFERED"}
WPRC = Path(sys.executable).with_name("wprc")


def service() -> dict[str, str]:
    """What [Service] says; of what is said twice the last."""
    parser = RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(UNIT.read_text())
    return dict(parser["Service"])


def test_systemd_itself_takes_it(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze here")
    unit = tmp_path / "wprc.service"
    unit.write_text(UNIT.read_text().replace("/opt/wprc/bin/wprc", str(WPRC)))
    ran = subprocess.run([program, "verify", unit], capture_output=True, text=True, check=False)
    # Other units of this machine may be complained of as well.
    assert "wprc.service" not in ran.stderr, ran.stderr


def test_it_is_told_when_the_bot_serves_and_restarts_what_hangs() -> None:
    said = service()
    assert said["Type"] == "notify"
    assert said["Restart"] == "on-failure"
    assert int(said["WatchdogSec"]) >= 10
    for name in ("NoNewPrivileges", "PrivateTmp", "MemoryDenyWriteExecute", "ProtectHome"):
        assert said[name] == "yes", name
    assert said["ProtectSystem"] == "strict"
    assert said["WorkingDirectory"] == f"/var/lib/{said['StateDirectory']}"
    variables = dict(one.split("=", 1) for one in shlex.split(said["Environment"]))
    assert variables["WPRC_DATA_DIR"] == said["WorkingDirectory"]
    assert set(variables) <= {variable.name for variable in VARIABLES} | OTHERS


async def test_what_it_starts_says_that_it_serves_moves_and_ends(
    tmp_path: Path, simulator: Simulator
) -> None:
    command = shlex.split(service()["ExecStart"])
    assert Path(command[0]).name == WPRC.name
    await simulator.guild("Readers")
    with manager(tmp_path) as systemd:
        environ = {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": simulator.api_url,
            "NOTIFY_SOCKET": systemd.address,
            "WATCHDOG_USEC": "1000000",
        }
        start = (str(WPRC), *command[1:])
        async with running(tmp_path / "data", start=start, **environ) as bot:
            await systemd.hears("READY=1")
            assert "STATUS=Discord: serving" in systemd.said
            await systemd.hears("WATCHDOG=1")
            bot.process.send_signal(signal.SIGTERM)
            await systemd.hears("STOPPING=1")
            assert await bot.process.wait() == 0
    assert "Traceback" not in bot.said
