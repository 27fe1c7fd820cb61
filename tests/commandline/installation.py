"""A fresh installation of the bot in a folder of its own, against both simulated platforms."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.commandline.conftest import Ran, Run
from tests.discord.clubs import Club
from tests.discord.permissions import Permission
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN as DISCORD_TOKEN
from tests.telegram.groups import Group
from tests.telegram.simulator import TelegramSimulator

NAMES = ("DISCORD_TOKEN", "TELEGRAM_TOKEN", "DISCORD_API_URL", "TELEGRAM_API_URL")


@dataclass
class Installation:
    """The current folder is the one that `.env` is written to; `data` is where the database is."""

    run: Run
    folder: Path
    data: Path
    discord: Simulator
    telegram: TelegramSimulator
    monkeypatch: pytest.MonkeyPatch

    @property
    def env(self) -> Path:
        return self.folder / ".env"

    @property
    def environ(self) -> dict[str, str]:
        """What a process of its own needs to know."""
        return {
            "WPRC_DATA_DIR": str(self.data),
            "DISCORD_API_URL": self.discord.api_url,
            "TELEGRAM_API_URL": self.telegram.url,
        }

    async def wprc(self, *arguments: str, typed: str = "") -> Ran:
        """On a thread, since the platforms answer on this loop. No secret may be printed."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        ran = await asyncio.to_thread(self.run, *arguments)
        for secret in (DISCORD_TOKEN, self.telegram.token, self.telegram.token.partition(":")[2]):
            assert secret not in ran.out + ran.err
        assert "Traceback" not in ran.err
        return ran

    async def init(self, *arguments: str) -> Ran:
        """With both tokens and a club."""
        tokens = ("--discord-token", DISCORD_TOKEN, "--telegram-token", self.telegram.token)
        club = ("--club", "Whitepaper Reading Club", "--prefix", "WPRC")
        return await self.wprc("init", *tokens, *club, *arguments)

    async def places(self) -> tuple[Club, Group]:
        """A server and a group of the club, with places for announcements and opinions."""
        server = await self.discord.guild("Readers", channels=("general", "opinions"))
        server.let_bot(Permission.CREATE_EVENTS)
        group = self.telegram.group("Lectores")
        with (
            closing(Database(f"sqlite:///{self.data / 'wprc.sqlite'}")) as database,
            database.unit(write=True) as uow,
        ):
            uow = uow.of_club(uow.clubs.all()[0].id)
            home = uow.places.add("discord", str(server.id))
            uow.places.assign(home.id, "announcements", str(server.channel("general").id), None)
            uow.places.assign(home.id, "opinions", str(server.channel("opinions").id), None)
            home = uow.places.add("telegram", str(group.id))
            uow.places.assign(home.id, "announcements", str(group.id), None)
        return server, group


@pytest.fixture
def fresh(
    wprc: Run,
    tmp_path: Path,
    simulator: Simulator,
    telegram: TelegramSimulator,
    monkeypatch: pytest.MonkeyPatch,
) -> Installation:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISCORD_API_URL", simulator.api_url)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.url)
    return Installation(wprc, Path.cwd(), tmp_path / "data", simulator, telegram, monkeypatch)


@pytest.fixture
async def club(fresh: Installation, sqlite_template: Path) -> Installation:
    """Set up, with a club and a backup; nothing runs."""
    fresh.data.mkdir()
    shutil.copyfile(sqlite_template, fresh.data / "wprc.sqlite")
    (fresh.data / "wprc.sqlite").chmod(0o600)
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
