"""wprc doctor: a database that is locked, gone, damaged or of another time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.commandline.doctor.database import LEAST_FREE, look_at_database, room
from bot.core.findings import Finding, Level
from bot.settings import load_settings
from storage.deliveries import FAILED, DeliveryDraft
from storage.schema import CURRENT
from tests.commandline.installation import (
    Installation,
    club,
    examined,
    file_of,
    fresh,
    line_with,
    writing,
)

__all__ = ["club", "fresh"]


@contextmanager
def held(club: Installation, *statements: str) -> Iterator[None]:
    """Another program has the database open and does so."""
    with closing(sqlite3.connect(file_of(club), isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)
        yield


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="this system has no list of locks")
async def test_a_database_that_is_locked_is_named(club: Installation) -> None:
    with held(club, "BEGIN IMMEDIATE"):
        ran = await examined(club)
        assert ran.code == 2
        assert f"ps -p {os.getpid()}" in line_with(ran, f"Process {os.getpid()} keeps it locked")
        # It can be read nevertheless.
        assert "Clubs: WPRC" in ran.out
    assert "keeps it locked" not in (await examined(club)).out
    alone = ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "DELETE FROM codes", "COMMIT")
    with held(club, *alone):
        ran = await examined(club, "--wait", "1")
        assert ran.code == 2
        assert "fuser" in line_with(ran, "so it cannot even be read")
        assert "inbox" not in ran.out


async def test_a_club_that_is_meant_and_not_there_is_named(club: Installation) -> None:
    club.monkeypatch.setenv("WPRC_CLUB", "ZKRC")
    ran = await examined(club)
    assert "wprc init --prefix ZKRC" in line_with(ran, "WPRC_CLUB names ZKRC")
    assert "Set it to WPRC" in ran.out


async def test_a_database_that_is_gone_is_not_made_anew(club: Installation) -> None:
    for path in club.data.glob("wprc.sqlite*"):
        path.unlink()
    ran = await examined(club)
    assert ran.code == 2
    assert "wprc restore" in line_with(ran, "There is no file")
    assert not file_of(club).exists()


async def test_a_file_that_is_no_database_is_named(club: Installation) -> None:
    for path in club.data.glob("wprc.sqlite-*"):
        path.unlink()
    file_of(club).write_bytes(b"Dear Ana, " * 2_000)
    assert "wprc restore" in line_with(await examined(club), "is damaged, or no database")


async def test_a_damaged_page_and_a_row_without_its_owner_are_named(club: Installation) -> None:
    with closing(sqlite3.connect(file_of(club))) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("INSERT INTO roles VALUES (77, 78, 'organiser')")
        raw.commit()
    assert "roles" in line_with(await examined(club), "hang under nothing")
    with closing(sqlite3.connect(file_of(club), isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'people'").fetchone()[0]
        size = raw.execute("PRAGMA page_size").fetchone()[0]
    with file_of(club).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    ran = await examined(club)
    assert ran.code == 2
    assert "damaged" in ran.out
    assert "wprc restore" in ran.out


@pytest.mark.parametrize(
    ("version", "to_do"),
    [("2026_11_22_archive", "wprc migrate"), ("2030_01_01_future", "Install the newer program")],
)
async def test_a_schema_of_another_time_is_named(
    club: Installation, version: str, to_do: str
) -> None:
    with closing(sqlite3.connect(file_of(club))) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (version,))
    ran = await examined(club)
    assert ran.code == 2
    assert to_do in line_with(ran, version)
    with closing(sqlite3.connect(file_of(club))) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (version,)
    assert version != CURRENT


def test_a_disk_that_is_full_or_nearly_full_is_named(tmp_path: Path) -> None:
    def level(free: int, size: int = 1_000) -> Level:
        (found,) = room(free, size, tmp_path)
        return found.level

    assert level(1 << 40) is Level.OK
    assert level(LEAST_FREE * 2) is Level.WARNING
    assert level(LEAST_FREE - 1) is Level.PROBLEM
    assert level(1 << 32, size=3 << 31) is Level.WARNING


async def test_other_users_may_not_read_what_is_kept(club: Installation) -> None:
    club.env.chmod(0o644)
    file_of(club).chmod(0o604)
    ran = await examined(club)
    assert "chmod 600 .env" in line_with(ran, "others on this computer may read it (644)")
    assert "chmod 600" in line_with(ran, "wprc.sqlite (604)")


async def test_what_waits_and_what_went_wrong_is_counted(club: Installation) -> None:
    now = datetime.now(UTC)
    with writing(club) as uow:
        uow.inbox.accept("telegram:1", [(1, "{}"), (2, "{}")], now - timedelta(hours=3))
        drafts = [
            DeliveryDraft(f"k{n}", "announcement", "1", "telegram", "-1", now - timedelta(days=n))
            for n in (1, 2, 3)
        ]
        uow.deliveries.plan(drafts, now)
        (one, *_) = uow.outbox.claim(["telegram"], "me", now, timedelta(minutes=1), 1)
        uow.outbox.settle(one.id, "me", FAILED, now, error="no")
    ran = await examined(club)
    assert ran.code == 2
    assert line_with(ran, "2 events wait to be answered, the oldest for 3 h")
    assert line_with(ran, "2 messages should have gone out, the oldest 2 days ago")
    assert "/deliveries" in line_with(ran, "1 messages failed, and of 0")


def test_a_server_is_looked_at_too(database_url: str) -> None:
    found: list[Finding] = []
    settings = load_settings({"DATABASE_URL": database_url}, None)
    usable: list[bool] = []
    look_at_database(settings, 5.0, found, clubs=[], is_usable=usable)
    assert usable == [True]
    assert {one.level for one in found} == {Level.OK, Level.WARNING}
    assert "no club" in str(found)


def test_a_user_who_may_only_read_is_named(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        return
    name = f"reader_{os.getpid()}"
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN")
        server.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
        try:
            found: list[Finding] = []
            url = make_url(database_url).set(username=name)
            settings = load_settings({"DATABASE_URL": url.render_as_string(False)}, None)
            look_at_database(settings, 5.0, found, clubs=[], is_usable=[])
        finally:
            server.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
    assert any("It takes no writes" in str(one.what) for one in found), found


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    found: list[Finding] = []
    url = "postgresql://ana:secret@127.0.0.1:9/wprc"
    settings = load_settings({"DATABASE_URL": url}, None)
    look_at_database(settings, 2.0, found, clubs=[], is_usable=[])
    (one,) = found
    assert one.level is Level.PROBLEM
    assert "secret" not in str(one)
    assert "ana:***@127.0.0.1:9" in str(one)
