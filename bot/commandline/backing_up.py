"""wprc backup: the database of this moment in one file, read back before it is believed."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.app import now
from bot.commandline.database import cannot_be_used
from bot.settings import Settings
from storage.backup import back_up
from storage.backup_file import BackupProblem, Contents
from storage.backup_folder import BackupFolder
from storage.database import Database
from storage.schema import SchemaMismatch

FAILED = 1
_SAY_EACH_SECONDS = 5.0
_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def write_backup(settings: Settings, target: Path, *, is_forced: bool) -> int:
    """Backs the database up into a file or, under a name of the moment, into a folder."""
    began = time.monotonic()
    with closing(Database(settings.database_url)) as database:
        if target.is_dir():
            target = BackupFolder.of(database, target).name_at(now())
        try:
            done = back_up(database, target, may_replace=is_forced, progress=Said("backed up"))
        except (BackupProblem, SchemaMismatch) as error:
            return complain(str(error))
        except SQLAlchemyError as error:
            return complain(str(cannot_be_used(settings, error)))
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"Backed up to {done.path}: {size_in_words(done.size)}, {in_words(done.contents)}, "
        f"in {seconds:.1f} s.\n"
    )
    return 0


class Said:
    """Progress as a line on the error output each five seconds."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = self._said_at = time.monotonic()

    def __call__(self, done: int, whole: int | None) -> None:
        now = time.monotonic()
        if now - self._said_at < _SAY_EACH_SECONDS:
            return
        self._said_at = now
        of = f" of {size_in_words(whole)}" if whole is not None else ""
        sys.stderr.write(
            f"{size_in_words(done)}{of} {self._what} after {now - self._began:.0f} s\n"
        )


def in_words(contents: Contents) -> str:
    """What is in a backup: 12 rows in 3 tables, at 2026_11_22_archive."""
    return f"{contents.rows} rows in {contents.tables} tables, at {contents.revision}"


def size_in_words(size: float) -> str:
    """The size as people say it: 1.4 MB."""
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} {_UNITS[-1]}"


def complain(text: str) -> int:
    """Says why it failed; gives the exit code."""
    sys.stderr.write(f"wprc: {text.rstrip('.')}.\n")
    return FAILED
