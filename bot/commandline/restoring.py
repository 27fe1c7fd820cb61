"""wprc restore: a backup in the place of the database, once whoever typed it is sure."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.app import now
from bot.commandline.backing_up import FAILED, Said, complain, in_words
from bot.commandline.database import DatabaseProblem, cannot_be_used, open_database
from bot.commandline.processes import is_dead
from bot.settings import Settings
from bot.settings.readers import mask_url
from storage.backup_file import BackupProblem
from storage.backup_folder import BackupFolder
from storage.database import Database
from storage.restore import Restored, restore
from storage.schema import CURRENT, SchemaMismatch

USAGE = 2


def put_back(settings: Settings, source: Path, *, is_sure: bool) -> int:
    """Restores a backup, keeps the database of before, and migrates as other commands do."""
    if not source.is_file():
        return complain(f"there is no file {source}. Name a backup that is there")
    if not is_sure and (refused := _ask(settings, source)) is not None:
        return refused
    began = time.monotonic()
    with closing(Database(settings.database_url)) as database:
        kept = _kept_as(settings, database)
        try:
            done = restore(database, source, kept, now(), is_dead, Said("restored"))
        except (BackupProblem, SchemaMismatch) as error:
            return complain(str(error))
        except SQLAlchemyError as error:
            return complain(str(cannot_be_used(settings, error)))
    _say(settings, source, done, time.monotonic() - began)
    if not settings.auto_migrate:
        if done.contents.revision != CURRENT:
            sys.stdout.write("It must be migrated before the bot can run. Type: wprc migrate\n")
        return 0
    try:
        open_database(settings, may_migrate=False).close()
    except DatabaseProblem as error:
        return complain(f"what was restored is in its place, but {error}")
    return 0


def _ask(settings: Settings, source: Path) -> int | None:
    """None for a yes, else the exit code."""
    if not sys.stdin.isatty():
        sys.stderr.write(
            "wprc: restore replaces the whole database, and there is nobody to ask. If that is "
            f"what you want, type: wprc restore {source} --yes\n"
        )
        return USAGE
    sys.stdout.write(
        f"This puts {source} into the place of everything in {mask_url(settings.database_url)}.\n"
        "What is there now is kept beside it. Go on? [y/N] "
    )
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return None
    sys.stdout.write("Nothing was changed.\n")
    return FAILED


def _kept_as(settings: Settings, database: Database) -> Path:
    mark = f"before-restore-{now():%Y%m%d-%H%M%S}"
    if database.path is not None:
        path = database.path.resolve()
        return path.with_name(f"{path.name}.{mark}")
    folder = BackupFolder.of(database, settings.backup_folder)
    return folder.path / f"{folder.name}.{mark}{folder.suffix}"


def _say(settings: Settings, source: Path, done: Restored, seconds: float) -> None:
    sys.stdout.write(f"Restored {source}: {in_words(done.contents)}, in {seconds:.1f} s.\n")
    if done.kept is not None:
        sys.stdout.write(f"What was there before is kept as {done.kept}.\n")
