"""Backups and restores that are broken off, or follow a crash: the old or the new, never half."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from storage.backup import back_up
from storage.backup_file import BackupProblem
from storage.clubs import Club
from storage.database import Database
from tests.conftest import NOW
from tests.storage.backups import fill, put_back
from tests.storage.every_row import every_row

ROOT = Path(__file__).parents[2]


@contextmanager
def logged(path: Path, club: Club) -> Iterator[Path]:
    """A file whose write-ahead log holds a commit that is not in it, as after a crash."""
    copy = path.with_name("crashed.sqlite")
    with closing(Database(f"sqlite:///{path}")) as database:
        with database.unit(club.id, write=True) as uow:
            uow.people.add("In the log", "discord", "1", NOW)
        for end in ("", "-wal"):
            shutil.copyfile(f"{path}{end}", f"{copy}{end}")
    yield copy


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize("damage", ["missing", "garbage", "empty", "short"])
def test_a_log_that_stayed_behind_is_not_played_into_what_is_restored(
    database: Database, club: Club, tmp_path: Path, damage: str
) -> None:
    assert database.path is not None
    fill(database, club)
    rows = every_row(database)
    made = back_up(database, tmp_path / "one")
    with logged(database.path, club) as path:
        if damage == "missing":
            path.unlink()
        else:
            held = path.read_bytes()
            short = {"garbage": b"\1" * 9000, "empty": b"", "short": held[: len(held) // 2]}
            path.write_bytes(short[damage])
        with closing(Database(f"sqlite:///{path}")) as crashed:
            put_back(crashed, made.path, tmp_path / "kept")
            assert every_row(crashed) == rows
            with crashed.unit(club.id, write=True) as uow:
                uow.people.add("Ana", "discord", "1", NOW)


@pytest.mark.parametrize("action", ["backup", "restore", "restore over garbage"])
def test_a_kill_at_a_line_leaves_the_old_or_the_new(
    sqlite_template: Path, tmp_path: Path, action: str
) -> None:
    script = ROOT / "tests" / "storage" / "killed.py"
    ran = subprocess.run(
        [sys.executable, str(script), action, str(sqlite_template), str(tmp_path), "9"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ran.returncode == 0, ran.stderr
    old, new = (int(word) for word in ran.stdout.split())
    assert old > 5
    assert new > 0


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_bot_that_is_started_while_the_old_one_is_kept_is_not_restored_over(
    database: Database, database_url: str, club: Club, tmp_path: Path
) -> None:
    made = back_up(database, tmp_path / "one")
    rows = every_row(database)
    with closing(Database(database_url)) as bot:

        def start(done: int, whole: int | None) -> None:
            with bot.unit() as uow:
                assert uow.clubs.all()

        with pytest.MonkeyPatch.context() as kept:
            kept.setattr("storage.backup_postgres.dump", lambda *_: start(0, None))
            kept.setattr("storage.backup_postgres.check", lambda path: made.contents)
            with pytest.raises(BackupProblem, match="the bot was started meanwhile"):
                put_back(database, made.path, tmp_path / "kept")
    assert every_row(database) == rows


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_kill_amid_a_restore_into_a_server_leaves_the_old(
    database: Database, database_url: str, club: Club, tmp_path: Path
) -> None:
    fill(database, club)
    made = back_up(database, tmp_path / "one")
    with database.unit(club.id, write=True) as uow:
        uow.people.add("Later", "discord", "1", NOW)
    rows = every_row(database)
    database.close()
    code = (
        "import os, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from storage import backup_postgres as postgres\n"
        "from storage.database import Database\n"
        "server = postgres.server_of(Database(sys.argv[1]))\n"
        "kill = lambda done, whole: os.kill(os.getpid(), signal.SIGKILL)\n"
        "postgres.load(server, Path(sys.argv[2]), '', '', kill)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, database_url, str(made.path)],
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ran.returncode == -signal.SIGKILL
    assert every_row(database) == rows
    put_back(database, made.path, tmp_path / "kept")
    assert every_row(database) != rows
