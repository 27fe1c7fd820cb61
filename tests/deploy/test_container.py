"""The container's files fit each other, the program and its settings; their commands really run."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commandline.arguments import parser
from bot.settings import load_settings
from bot.settings.variables import VARIABLES
from tests.commandline.process import ROOT, running
from tests.commandline.watcher import free_port
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.rules.tree import tracked_files

DEPLOY = ROOT / "deploy"
KNOWN = {variable.name for variable in VARIABLES}
OTHERS = {"PATH", "PYTHONUNBUFFERED"}
INSTRUCTIONS = {"FROM", "RUN", "COPY", "WORKDIR", "ENV", "USER", "VOLUME", "STOPSIGNAL"}
INSTRUCTIONS |= {"HEALTHCHECK", "ENTRYPOINT", "CMD"}


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Containerfile and what follows it, its lines joined."""
    text = (DEPLOY / "Containerfile").read_text()
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    pairs = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(name, rest.strip()) for name, rest in pairs]


def the(name: str) -> str:
    """What follows the last of these instructions, which is the one that counts."""
    return [rest for instruction, rest in instructions() if instruction == name][-1]


def environ() -> dict[str, str]:
    return dict(one.split("=", 1) for one in shlex.split(the("ENV")))


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def test_every_instruction_is_known_and_nobody_is_root() -> None:
    found = instructions()
    assert {name for name, _ in found} <= INSTRUCTIONS
    user = the("USER")
    assert user not in ("root", "0")
    made = next(rest for name, rest in found if name == "RUN" and "useradd" in rest)
    assert made.split("useradd")[1].split("&&")[0].split()[-1] == user
    assert "--require-hashes" in next(
        rest
        for _, rest in found
        if "requirements.txt" not in rest and "pip install" in rest and "--requirement" in rest
    )


def test_what_is_copied_is_there_and_gets_past_the_ignored() -> None:
    tracked = {path.as_posix() for path in tracked_files()}
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    allowed = [line[1:] for line in ignored if line.startswith("!")]
    for name, rest in instructions():
        if name != "COPY" or rest.startswith("--from"):
            continue
        for source in rest.split()[:-1]:
            assert any(one == source or one.startswith(f"{source}/") for one in tracked), source
            assert source in allowed
    # What the build reads beyond that stands in pyproject.toml.
    copied = {word for name, rest in instructions() if name == "COPY" for word in rest.split()}
    assert {"README.md", "pyproject.toml", "bot", "storage", "migrations"} <= copied
    assert not any(re.search(r"env|sqlite", one) for one in allowed)


def test_its_command_and_variables_are_those_of_the_program(tmp_path: Path) -> None:
    program, *before = json.loads(the("ENTRYPOINT"))
    assert program == "wprc"
    assert parser().parse_args([*before, *json.loads(the("CMD"))]).command == "run"
    assert set(environ()) <= KNOWN | OTHERS
    known = {name: value for name, value in environ().items() if name in KNOWN}
    assert str(load_settings(known, None).data_dir) == the("VOLUME") == the("WORKDIR")


def test_the_services_fit_the_image() -> None:
    services = compose()["services"]
    bot, database = services["bot"], services["database"]
    build = (DEPLOY / bot["build"]["context"]).resolve()
    assert build == ROOT
    assert (build / bot["build"]["dockerfile"]).is_file()
    assert set(bot["environment"]) <= KNOWN
    load_settings({**environ(), **bot["environment"]} | {"PATH": ""}, None)
    volumes = [one.split(":")[0] for service in (bot, database) for one in service["volumes"]]
    assert set(volumes) == set(compose()["volumes"])
    assert f"data:{the('VOLUME')}" in bot["volumes"]
    assert bot["environment"]["WPRC_BACKUP_DIR"].startswith(the("VOLUME"))
    assert bot["depends_on"]["database"]["condition"] == "service_healthy"
    assert database["healthcheck"]["test"][0] == "CMD-SHELL"
    # A dump is read by programs of its own version or a later one, and both have Debian's.
    assert the("FROM").rpartition("-")[2] == database["image"].rpartition("-")[2]
    for service in (bot, database):
        assert (DEPLOY / service["env_file"]).name.endswith(".env")
        assert "ports" not in service, "nothing is open to the outside"


def test_no_secret_can_be_committed_beside_them() -> None:
    for name in ("bot.env", "database.env"):
        ran = subprocess.run(
            ["git", "check-ignore", "--quiet", f"deploy/{name}"], cwd=ROOT, check=False
        )
        if ran.returncode == 128:
            pytest.skip("there is no git here")
        assert ran.returncode == 0


async def test_the_health_check_is_well_while_the_bot_runs_and_ill_after(
    tmp_path: Path, simulator: Simulator
) -> None:
    check = json.loads(the("HEALTHCHECK").partition("CMD ")[2])
    assert check[0] == "python"
    await simulator.guild("Readers")
    port = {"WPRC_HTTP_PORT": str(free_port())}

    def health() -> int:
        ran = [sys.executable, *check[1:]]
        return subprocess.run(ran, env=port, capture_output=True, check=False).returncode

    given = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": simulator.api_url, **port}
    program = shutil.which("wprc", path=str(Path(sys.executable).parent))
    assert program is not None
    async with running(tmp_path / "data", start=(program, *json.loads(the("CMD"))), **given) as bot:
        await bot.says("Discord: ready")
        assert await asyncio.to_thread(health) == 0
        assert await bot.end(signal.SIGTERM) == 0
    assert health() == 1
