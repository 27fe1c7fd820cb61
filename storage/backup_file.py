"""What a backup is: a file that stands whole or not at all, and what is known of it."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

_PART = ".part"
_ABANDONED_SECONDS = 86_400.0
_SQLITE = b"SQLite format 3\0"
_POSTGRES = b"PGDMP"

Format: TypeAlias = Literal["sqlite", "postgresql"]
Progress: TypeAlias = Callable[[int, int | None], None]
"""Is told of the bytes done, and of all that there are where that is known; may raise to stop."""


class BackupProblem(Exception):
    """A backup or a restore that cannot be; the text says what happened and what to do next."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What was found in a backup when all of it was read."""

    revision: str | None
    """The step of the schema; None where the bot has no tables in it."""
    rows: int
    tables: int


def format_of(path: Path) -> Format:
    """Which database a backup is of, by its first bytes; raises BackupProblem for other files."""
    with path.open("rb") as file:
        head = file.read(len(_SQLITE))
    if head == _SQLITE:
        return "sqlite"
    if head.startswith(_POSTGRES):
        return "postgresql"
    raise BackupProblem(f"{path} is no backup: it is neither of SQLite nor of PostgreSQL")


@contextmanager
def written_whole(target: Path, *, may_replace: bool) -> Iterator[Path]:
    """Gives a file to write, for its owner's eyes only, that becomes the target at the end.

    Whatever happens before leaves the target as it was. Raises BackupProblem where there is one
    that must not be replaced.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with part_of(target) as part:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if not may_replace:
            refuse_existing(target)
        part.replace(target)
        sync_folder(target.parent)


@contextmanager
def part_of(target: Path) -> Iterator[Path]:
    """A new empty file beside the target, which is gone at the end with what SQLite put by it."""
    drop_abandoned(target.parent, f"{target.name}.")
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}{_PART}")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        yield part
    finally:
        for path in (part, *beside(part)):
            path.unlink(missing_ok=True)


def drop_abandoned(folder: Path, prefix: str) -> None:
    """Removes what a run that was killed has left, which is nobody's after a day."""
    for path in folder.glob(f"*{_PART}*"):
        if path.name.startswith(prefix):
            with suppress(OSError):  # Another process may be faster.
                if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                    path.unlink()


def refuse_existing(target: Path) -> None:
    """Raises BackupProblem where something has that name already."""
    if os.path.lexists(target):
        raise BackupProblem(
            f"{target} is there already; it was left alone. Choose another name, or type --force"
        )


def beside(path: Path) -> list[Path]:
    """The names of the files that SQLite keeps beside a database."""
    return [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal")]


def sync_folder(folder: Path) -> None:
    """Makes names in a folder durable, where the system can."""
    with suppress(OSError):  # Windows opens no folders.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
