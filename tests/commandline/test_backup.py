"""wprc backup and wprc restore: of a bot that runs, over one that runs, after all is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pexpect
import pytest
from sqlalchemy import make_url, text

from storage import schema
from storage.database import Database
from tests.commandline.conftest import Run
from tests.commandline.pages import page
from tests.commandline.process import ROOT, running
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.storage.backups import destroy
from tests.storage.every_row import every_row

DATA = Path("../data")


def rows(url: str) -> dict[str, list[str]]:
    """Everything but what a running bot notes of itself, or a moment later."""
    with closing(Database(url)) as database:
        found = every_row(database)
    own = ("leases", "platform_state", "posts")
    return {name: table for name, table in found.items() if name not in own}


async def test_the_drill(
    database_url: str,
    wprc: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    simulator: Simulator,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    Path("one.txt").write_text(page("WPRC-001", "One"))
    assert wprc("import", "one.txt").code == 0
    club = await simulator.guild("Readers")
    environ = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": simulator.api_url}
    environ["DATABASE_URL"] = database_url
    ana = club.member("Ana")
    async with running(tmp_path / "data", **environ) as bot:
        await bot.says("Discord: ready")
        await ana.slash("paper", what="1")
        assert "One" in (await ana.answer()).text
        made = await asyncio.to_thread(wprc, "backup", "club.backup")
        assert made.code == 0, made.err
        assert "Backed up to club.backup: " in made.out
        assert stat.S_IMODE(Path("club.backup").stat().st_mode) == 0o600
        refused = await asyncio.to_thread(wprc, "restore", "club.backup", "--yes")
        assert refused.code == 1
        assert "the bot is running (" in refused.err
        await ana.slash("paper", what="1")
        assert "One" in (await ana.answer()).text
        assert await bot.end(signal.SIGTERM) == 0
    before = rows(database_url)
    with closing(Database(database_url)) as database:
        destroy(database)

    restored = wprc("restore", "club.backup", "--yes")
    assert (restored.code, restored.err) == (0, "")
    assert "Restored club.backup: " in restored.out
    assert rows(database_url) == before
    async with running(tmp_path / "data", **environ) as bot:
        await bot.says("Discord: ready")
        await ana.slash("paper", what="1")
        assert "One" in (await ana.answer()).text
        assert await bot.end(signal.SIGTERM) == 0


def test_a_backup_of_before_the_upgrade_is_migrated_when_it_is_restored(
    empty_url: str, wprc: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command

    monkeypatch.setenv("DATABASE_URL", empty_url)
    with closing(Database(empty_url)) as database, database.transaction(write=True) as connection:
        command.upgrade(schema.alembic_config(connection), "2026_11_24_deliveries")
        connection.execute(
            text(
                "INSERT INTO clubs (prefix, name, time_zone, version, created_at)"
                " VALUES ('WPRC', 'Readers', 'UTC', 0, '2026-11-24 12:00:00')"
            )
        )
    # It is not migrated for that: who backs up before an upgrade wants what is there.
    assert "at 2026_11_24_deliveries" in wprc("backup", "old").out
    assert wprc("export", "--all").code == 0
    with closing(Database(empty_url)) as database:
        assert schema.version_of(database) == schema.CURRENT
    restored = wprc("restore", "old", "--yes")
    assert restored.code == 0
    assert "is kept as" in restored.out
    assert f"migrated from 2026_11_24_deliveries to {schema.CURRENT}" in restored.err
    with closing(Database(empty_url)) as database, database.unit() as uow:
        assert [club.name for club in uow.clubs.all()] == ["Readers"]


@pytest.mark.parametrize("arguments", [("backup", "x"), ("restore", "x", "--yes"), ("migrate",)])
def test_a_newer_database_is_refused_with_what_to_do(
    database_url: str, wprc: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert wprc("migrate").code == 0
    assert wprc("backup", "y").code == 0
    with (
        closing(Database(database_url)) as database,
        database.transaction(write=True) as connection,
    ):
        connection.execute(text("UPDATE alembic_version SET version_num = '2099_01_01_future'"))
    if arguments[0] == "restore":
        # Going back is what it is for.
        assert wprc("restore", "y", "--yes").code == 0
        assert wprc("migrate").code == 0
        return
    ran = wprc(*arguments)
    assert ran.code == 1
    assert "the database is at 2099_01_01_future, which this program does not know" in ran.err
    assert "use that one, or restore a copy from before" in ran.err
    assert not Path("x").exists()


def test_nothing_is_made_where_nothing_is(wprc: Run) -> None:
    ran = wprc("backup", "x")
    assert ran.code == 1
    assert "there is no database at" in ran.err
    assert not DATA.exists()
    ran = wprc("restore", "x", "--yes")
    assert (ran.code, ran.err) == (
        1,
        "wprc: there is no file x. Name a backup that is there.\n",
    )


def test_a_name_is_asked_for_or_made(wprc: Run) -> None:
    assert wprc("migrate").code == 0
    Path("there").touch()
    ran = wprc("backup", "there")
    assert ran.code == 1
    assert "--force" in ran.err
    assert wprc("backup", "there", "--force").code == 0
    Path("folder").mkdir()
    assert wprc("backup", "folder").code == 0
    (made,) = Path("folder").iterdir()
    assert made.name.startswith("wprc-20")
    ran = wprc("restore", str(made))
    assert ran.code == 2
    assert f"wprc restore {made} --yes" in ran.err


def test_a_terminal_is_asked_first(wprc: Run, tmp_path: Path) -> None:
    assert wprc("migrate").code == 0
    assert wprc("backup", "one").code == 0
    environ = {"WPRC_DATA_DIR": str(tmp_path / "data"), "PATH": os.environ["PATH"]}
    environ["PYTHONPATH"] = str(ROOT)
    for typed, code, said in (("n", 1, "Nothing was changed"), ("y", 0, "Restored one")):
        child = pexpect.spawn(
            sys.executable, ["-m", "bot", "restore", "one"], env=environ, timeout=30
        )
        child.expect_exact("Go on? [y/N] ")
        child.sendline(typed)
        child.expect_exact(said)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == code


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_the_password_is_on_no_command_line(
    database_url: str, wprc: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Programs that write down what they are called with stand in the place of PostgreSQL's."""
    url = make_url(database_url).set(password="s3cret word")
    monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
    assert wprc("migrate").code == 0
    where = {name: _real(name) for name in ("pg_dump", "pg_restore", "psql")}
    folder, seen = tmp_path / "bin", tmp_path / "seen"
    folder.mkdir()
    for name, real in where.items():
        script = folder / name
        script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$PGPASSWORD" "$@" >>{seen}.{name}\n')
        script.write_text(script.read_text() + f'exec {real} "$@"\n')
        script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert wprc("backup", "one").code == 0
    restored = wprc("restore", "one", "--yes")
    assert restored.code == 0, restored.err
    for name in ("pg_dump", "psql"):
        password, *arguments = Path(f"{seen}.{name}").read_text().splitlines()
        assert password == "s3cret word"
        assert "s3cret" not in " ".join(line for line in arguments if line != password)


def _real(name: str) -> str:
    from storage.backup_postgres import program

    return program(name)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_without_the_programs_it_says_what_to_install(
    database_url: str, wprc: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert wprc("migrate").code == 0
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("storage.backup_postgres._DEBIAN", tmp_path)
    ran = wprc("backup", "one")
    assert ran.code == 1
    assert "pg_dump was not found. Install PostgreSQL's client programs" in ran.err
    assert not Path("one").exists()


def test_a_kill_in_the_middle_leaves_no_backup(wprc: Run, tmp_path: Path) -> None:
    assert wprc("migrate").code == 0
    code = (
        "import os, signal, storage.backup_sqlite as s\n"
        "s.copy_pages = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from bot.__main__ import main\n"
        "main(['backup', 'one'])\n"
    )
    environ = {**os.environ, "WPRC_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", code], check=False, env=environ)
    assert ran.returncode == -signal.SIGKILL
    assert not Path("one").exists()
    assert wprc("backup", "one").code == 0


@pytest.mark.parametrize("command", [("backup", "two"), ("restore", "one", "--yes")])
def test_a_disk_that_is_full_in_the_middle_leaves_all_as_it_was(
    wprc: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """The system allows a process that it starts no file of such a size."""
    assert wprc("migrate").code == 0
    assert wprc("backup", "one").code == 0
    before = rows(f"sqlite:///{tmp_path}/data/wprc.sqlite")
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from bot.__main__ import main\n"
        f"sys.exit(main({list(command)}))\n"
    )
    environ = {**os.environ, "WPRC_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", code], check=False, env=environ, capture_output=True, text=True
    )
    assert ran.returncode == 1, ran.stderr
    assert ran.stderr.startswith("wprc: ")
    assert "Traceback" not in ran.stderr
    assert [path.name for path in Path().iterdir()] == ["one"]
    assert rows(f"sqlite:///{tmp_path}/data/wprc.sqlite") == before
