"""Backups of a database that is in use: one file each, read back before it is believed."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from storage import backup_postgres, backup_sqlite
from storage.backup_file import (
    BackupProblem,
    Contents,
    Progress,
    format_of,
    refuse_existing,
    written_whole,
)
from storage.database import Database
from storage.schema import refuse_newer, version_of

# Beyond the copy itself, so that the bot that goes on writing has some room left.
_ROOM = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was read back and found whole."""

    path: Path
    size: int
    contents: Contents


def unwatched(done: int, whole: int | None) -> None:
    """Progress that nobody looks at."""


def back_up(
    database: Database,
    target: Path,
    *,
    may_replace: bool = False,
    progress: Progress = unwatched,
) -> Backup:
    """Writes the state of this moment into a file, reads it back, and then gives it its name.

    Raises BackupProblem, and SchemaTooNew for a database of a newer program; then nothing of the
    name is there, or what was there before.
    """
    _refuse_itself(database, target)
    if not may_replace:
        refuse_existing(target)
    if database.path is not None and not database.path.is_file():
        raise BackupProblem(f"there is no database at {database.path}, so nothing to back up")
    found = version_of(database)
    refuse_newer(found)
    if found is None:
        raise BackupProblem("the database has no tables of the bot, so there is nothing to back up")
    with written_whole(target, may_replace=may_replace) as part:
        contents = _write(database, part, progress)
        size = part.stat().st_size
    return Backup(target, size, contents)


def check(path: Path) -> Contents:
    """Reads all of a backup; raises BackupProblem unless it is whole."""
    if format_of(path) == "sqlite":
        return backup_sqlite.check(path)
    return backup_postgres.check(path)


def _write(database: Database, part: Path, progress: Progress) -> Contents:
    if database.path is None:
        backup_postgres.dump(backup_postgres.server_of(database), part, progress)
        return backup_postgres.check(part)
    require_room(database.path.stat().st_size, part.parent)
    try:
        copied = backup_sqlite.copy(database.path, part, progress)
    except sqlite3.DatabaseError as error:
        raise BackupProblem(f"the database could not be copied: {error}") from None
    found = backup_sqlite.check(part)
    if found != copied:
        raise BackupProblem(
            f"the copy has {found.rows} rows and the database {copied.rows}, so it was thrown away."
            " Type this again"
        )
    return found


def require_room(wanted: int, folder: Path) -> None:
    """Raises BackupProblem where so many bytes would not fit into the folder."""
    wanted, free = wanted + _ROOM, shutil.disk_usage(folder).free
    if free < wanted:
        raise BackupProblem(
            f"{folder} has {free // 2**20} MB free and {wanted // 2**20} are needed. Make room,"
            " or choose another folder"
        )


def _refuse_itself(database: Database, target: Path) -> None:
    if database.path is None:
        return
    own = database.path.resolve()
    if target.resolve() in (own, *(own.with_name(own.name + end) for end in ("-wal", "-shm"))):
        raise BackupProblem(f"{target} is the database itself; choose another name")
