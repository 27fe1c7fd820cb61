"""Restoring: a backup in the place of a database, which is the old one or the new at any moment."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage import backup_postgres, backup_sqlite
from storage.backup import require_room
from storage.backup_file import (
    BackupProblem,
    Contents,
    Progress,
    beside,
    format_of,
    part_of,
    sync_folder,
    written_whole,
)
from storage.backup_folder import LEASE
from storage.database import APPLICATION, Database
from storage.schema import refuse_newer, version_of

_IN_USE_MILLISECONDS = 2_000
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DESTROYED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# What was due between the backup and now has been sent by then, or not: nobody knows.
_SETTLE = (
    "UPDATE deliveries SET state = 'unknown', owner = NULL, lease_until = NULL,"
    " error = 'a backup was restored', settled_at = '{now}'"
    " WHERE state = 'pending' AND due_at <= '{now}'"
)

_OTHERS = f"""
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND application_name = '{APPLICATION}' AND pid <> pg_backend_pid()
"""  # noqa: S608 (a name of ours)
# Keeping the old one takes a while, in which somebody may have started the bot.
_BEFOREHAND = f"""
DO $$ BEGIN
    IF ({_OTHERS}) > 0 THEN
        RAISE 'the bot was started meanwhile';
    END IF;
END $$;
"""
_AFTERWARDS = """
DO $$ BEGIN
    IF to_regclass('deliveries') IS NOT NULL THEN
        {settle};
    END IF;
    IF (SELECT count(*) FROM alembic_version) <> 1 THEN
        RAISE 'nothing was restored';
    END IF;
END $$;
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put into the database, and where the one before is kept."""

    contents: Contents
    kept: Path | None


def restore(
    database: Database,
    source: Path,
    kept: Path,
    now: datetime,
    is_gone: Callable[[str], bool],
    progress: Progress,
) -> Restored:
    """Puts a backup into the place of the database and keeps the one before under a name.

    `is_gone` tells of the owner of a lease whether it has surely ended. Raises BackupProblem or
    SchemaTooNew, and the database is as it was.
    """
    wanted = "sqlite" if database.is_sqlite else "postgresql"
    if (found := format_of(source)) != wanted:
        raise BackupProblem(
            f"{source} is a backup of {found} and the database is {wanted}: a backup goes back into"
            " the kind of database that it came from"
        )
    refuse_running(database, now, is_gone)
    if database.path is not None:
        database.close()  # Our own connection would count as somebody else's.
        return _restore_file(database.path.resolve(), source, kept, now, progress)
    return _restore_server(database, source, kept, now, progress)


def refuse_running(database: Database, now: datetime, is_gone: Callable[[str], bool]) -> None:
    """Raises BackupProblem while a process holds a lease or, on a server, is connected."""
    if database.path is not None and not database.path.is_file():
        return
    try:
        with database.unit() as uow:
            leases = uow.leases.living(now)
    except SQLAlchemyError:
        leases = []  # What has no such table, or is no database, is served by nobody.
    for name, owner in leases:
        if name != LEASE and not is_gone(owner):
            raise BackupProblem(
                f"the bot is running ({name}, by process {owner}). Stop it and type this again; if"
                " it was killed, wait until its lease runs out in some seconds"
            )
    if database.path is None:
        others = _others(database)
        if others:
            raise BackupProblem(
                f"{others} other connections of the bot use the database. Stop what holds them"
                " (wprc run, wprc chat) and type this again"
            )


def _others(database: Database) -> int:
    with database.transaction(write=True) as connection:
        return int(connection.execute(text(_OTHERS)).scalar_one())


def _accepted(contents: Contents, source: Path) -> Contents:
    if contents.revision is None:
        raise BackupProblem(f"{source} has no tables of the bot")
    refuse_newer(contents.revision)
    return contents


def _restore_server(
    database: Database, source: Path, kept: Path, now: datetime, progress: Progress
) -> Restored:
    contents = _accepted(backup_postgres.check(source), source)
    server = backup_postgres.server_of(database)
    is_kept = version_of(database) is not None
    # What waits for work in the pool would hold what is to be dropped.
    database.close()
    if is_kept:
        with written_whole(kept, may_replace=False) as part:
            backup_postgres.dump(server, part, progress)
            backup_postgres.check(part)
    settle = _SETTLE.format(now=now.astimezone(UTC).isoformat())
    afterwards = _AFTERWARDS.format(settle=settle)
    backup_postgres.load(server, source, _BEFOREHAND, afterwards, progress)
    return Restored(contents, kept if is_kept else None)


def _restore_file(
    path: Path, source: Path, kept: Path, now: datetime, progress: Progress
) -> Restored:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The new one, and the old one twice: to be kept, and to go back to after a crash.
    old = path.stat().st_size if path.exists() else 0
    require_room(source.stat().st_size + 2 * old, path.parent)
    with part_of(path) as part:
        try:
            backup_sqlite.copy(source, part, progress, mode="ro")
        except sqlite3.DatabaseError as error:
            raise BackupProblem(f"{source} cannot be read: {error}") from None
        contents = _accepted(backup_sqlite.check(part), source)
        _settle(part, now)
        _make_durable(part)
        had_one = os.path.lexists(path)
        if not had_one or not _overwrite(path, part, kept, progress):
            _swap(path, part, kept)
    return Restored(contents, kept if had_one else None)


def _settle(part: Path, now: datetime) -> None:
    with closing(backup_sqlite.open_file(part)) as connection:
        known = "SELECT 1 FROM sqlite_master WHERE name = 'deliveries'"
        if connection.execute(known).fetchone():
            instant = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            connection.execute(_SETTLE.format(now=instant))


def _make_durable(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _overwrite(path: Path, part: Path, kept: Path, progress: Progress) -> bool:
    """Replaces what the file holds in one transaction of SQLite's; False where it is destroyed.

    So whoever opens the file meanwhile waits, and a crash leaves what SQLite itself rolls back.
    Raises BackupProblem where somebody else has it open.
    """
    try:
        with closing(backup_sqlite.open_file(path)) as live:
            live.execute(f"PRAGMA busy_timeout = {_IN_USE_MILLISECONDS}")
            live.execute("PRAGMA locking_mode = EXCLUSIVE")
            # Only who is alone with the file may take its log away.
            live.execute("PRAGMA journal_mode = DELETE")
            live.execute("PRAGMA synchronous = FULL")
            live.execute("BEGIN EXCLUSIVE")
            live.execute("COMMIT")
            _keep_copy(live, kept)
            with closing(backup_sqlite.open_file(part, "ro")) as staged:
                # All steps are one transaction, undone where the last one does not come.
                backup_sqlite.copy_pages(staged, live, progress)
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code in _IN_USE:
            raise BackupProblem(
                f"{path} is in use by another process. Stop the bot, and whatever else has it open,"
                " and type this again"
            ) from None
        if code in _DESTROYED:
            return False
        raise BackupProblem(f"{path} could not be replaced: {error}. It is as it was") from None
    return True


def _keep_copy(live: sqlite3.Connection, kept: Path) -> None:
    with part_of(kept) as part:
        backup_sqlite.copy_from(live, part, lambda done, whole: None)
        _make_durable(part)
        part.replace(kept)
        sync_folder(kept.parent)


def _swap(path: Path, part: Path, kept: Path) -> None:
    """Puts a file into the place of what is no database; that stays under the other name."""
    # A log that stayed behind would be played into the new file.
    for old, aside in zip(beside(path), beside(kept), strict=True):
        if old.exists():
            old.replace(aside)
    if os.path.lexists(path):
        with suppress(FileNotFoundError):
            kept.unlink()  # What was kept a moment ago of this same file, before it proved broken.
        try:
            kept.hardlink_to(path)
        except OSError:  # Not every file system has links.
            shutil.copy2(path, kept)
    part.replace(path)
    sync_folder(path.parent)
