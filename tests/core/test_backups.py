"""Scheduled backups: in time, by one process, kept by the day, and a full disk stops nothing."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import sqlite3
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import App
from bot.core import backups as scheduled
from bot.core.backups import Backups
from bot.settings import load_settings
from storage.backup import back_up, check
from storage.backup_folder import LEASE, BackupFolder
from storage.clubs import Club
from storage.database import Database
from storage.worker import DatabaseWorker
from tests.conftest import NOW

HOUR = timedelta(hours=1)


@dataclass
class Keeper:
    """Backups of a database each day, and the clock that they go by."""

    database: Database
    worker: DatabaseWorker
    path: Path
    now: datetime = NOW
    dead: set[str] = field(default_factory=set)

    def backups(self, owner: str = "one", hours: int = 24, days: int = 3) -> Backups:
        return Backups(
            self.database,
            self.worker,
            BackupFolder.of(self.database, self.path),
            lambda: self.now,
            owner,
            hours=hours,
            days=days,
            is_dead=self.dead.__contains__,
        )

    def names(self) -> list[str]:
        return sorted(path.name for path in self.path.glob("*"))


@pytest.fixture
async def keeper(database: Database, club: Club, tmp_path: Path) -> AsyncIterator[Keeper]:
    worker = DatabaseWorker(database)
    yield Keeper(database, worker, tmp_path / "backups")
    await worker.close()


async def test_one_is_made_when_the_newest_is_too_old(keeper: Keeper) -> None:
    backups = keeper.backups()
    assert backups.last_made_at() is None
    await backups.make_due()
    (name,) = keeper.names()
    assert "-20261122-120000." in name
    assert check(keeper.path / name).rows > 0
    assert (keeper.path.stat().st_mode & 0o777, backups.last_made_at()) == (0o700, NOW)
    keeper.now += 23 * HOUR
    # Another process, and one after a restart, see it too.
    await asyncio.gather(backups.make_due(), keeper.backups("two").make_due())
    assert keeper.names() == [name]
    keeper.now += HOUR
    await asyncio.gather(backups.make_due(), keeper.backups("two").make_due())
    assert len(keeper.names()) == 2
    assert backups.last_made_at() == keeper.now


async def test_zero_hours_are_never(keeper: Keeper) -> None:
    await keeper.backups(hours=0).make_due()
    assert keeper.names() == []


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_process_that_makes_one_is_alone_unless_it_has_died(keeper: Keeper) -> None:
    with keeper.database.unit(write=True) as uow:
        uow.leases.claim(LEASE, "other", keeper.now, HOUR)
    await keeper.backups().make_due()
    assert keeper.names() == []
    keeper.dead.add("other")
    await keeper.backups().make_due()
    assert len(keeper.names()) == 1


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_all_of_the_newest_day_stay_and_the_last_of_those_before(keeper: Keeper) -> None:
    backups = keeper.backups(hours=6)
    keeper.path.mkdir()
    others = ("notes.txt", "club-20260101-000000.sqlite.old", "other-20260101-000000.sqlite")
    for name in (*others, "club-20269901-000000.sqlite"):
        (keeper.path / name).touch()
    old = keeper.path / "club-20260102-000000.sqlite.0a1b2c3d.part"
    old.touch()
    os.utime(old, (0, 0))
    keeper.now = datetime(2026, 12, 1, tzinfo=UTC)
    for _ in range(4 * 4 + 2):
        await backups.make_due()
        keeper.now += 6 * HOUR
    kept = [name for name in keeper.names() if name.startswith("club-202612")]
    assert kept == [
        "club-20261203-180000.sqlite",
        "club-20261204-180000.sqlite",
        "club-20261205-000000.sqlite",
        "club-20261205-060000.sqlite",
    ]
    assert set(keeper.names()) - set(kept) == {*others, "club-20269901-000000.sqlite"}


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), sqlite3.OperationalError("disk is full")],
)
async def test_a_full_disk_is_said_and_tried_again_and_takes_no_old_one(
    keeper: Keeper,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    backups = keeper.backups(days=1)
    await backups.make_due()
    (first,) = keeper.names()
    keeper.now += 24 * HOUR

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as full:
        full.setattr("storage.backup_sqlite.copy_from", fail)
        await backups.make_due()
    assert keeper.names() == [first]
    (said,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert "could not be backed up" in said.getMessage()
    assert "tried again in 15 minutes" in said.getMessage()
    assert said.exc_info is None
    await backups.make_due()
    (second,) = keeper.names()
    assert second != first


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_the_end_of_the_program_breaks_it_off(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, ended = threading.Event(), threading.Event()

    def slow(database: Database, target: Path, *, progress: Any) -> Any:
        def watched(done: int, whole: int | None) -> None:
            began.set()
            while True:
                progress(done, whole)

        try:
            return back_up(database, target, progress=watched)
        finally:
            ended.set()

    monkeypatch.setattr(scheduled, "back_up", slow)
    making = asyncio.create_task(keeper.backups().make_due())
    await asyncio.to_thread(began.wait)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    await asyncio.to_thread(ended.wait)
    assert keeper.names() == []


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_the_bot_makes_them_daily_of_a_file(
    database: Database, club: Club, tmp_path: Path
) -> None:
    assert load_settings({"DATABASE_URL": "postgresql://h/db"}, None).backup_hours == 0
    settings = load_settings({"WPRC_DATA_DIR": str(tmp_path / "data")}, None)
    assert (settings.backup_hours, settings.backup_keep) == (24, 7)
    async with App(settings, database) as app:
        await app.backups.make_due()
        await app.backups.make_due()
    (made,) = (tmp_path / "data" / "backups").iterdir()
    assert check(made).revision


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_what_a_backup_reads_is_purged_after_it_and_nobody_waits_for_that(
    database: Database, club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database._PURGE_TRIES", 5)
    with database.transaction(write=False) as connection:
        connection.execute(text("SELECT count(*) FROM people"))
        with database.unit(club.id, write=True) as uow:
            uow.people.add("Ana", "discord", "1", NOW)
        purging = threading.Thread(target=database.purge)
        purging.start()
        written = 0
        while purging.is_alive():
            with database.unit(club.id, write=True) as uow:
                uow.people.add("Bo", "discord", str(2 + written), NOW)
            written += 1
        assert not database.purge()
    assert written > 1
    assert database.purge()
