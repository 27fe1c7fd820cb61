"""SQLite: a copy of one moment of a database that is in use, and what such a copy holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.backup_file import BackupProblem, Contents, Progress

# What is copied before the system is asked again: small enough to be stopped soon.
_PAGES_AT_ONCE = 64
_BUSY_MILLISECONDS = 10_000


def open_file(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """A bare connection to a file that must be there."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    return connection


def copy(source_path: Path, target_path: Path, progress: Progress, mode: str = "rw") -> Contents:
    """Copies the state of this moment into an empty file; gives what it must hold.

    Nobody who writes has to wait, and what they write meanwhile is not in the copy.
    """
    with closing(open_file(source_path, mode)) as source:
        return copy_from(source, target_path, progress)


def copy_from(source: sqlite3.Connection, target_path: Path, progress: Progress) -> Contents:
    """The same from an open connection."""
    with closing(sqlite3.connect(target_path, isolation_level=None)) as target:
        # A copy that is broken off is thrown away, so it needs no journal.
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        # Without a transaction of its own the copy would begin anew after each write of others.
        source.execute("BEGIN")
        try:
            contents = _contents(source)
            copy_pages(source, target, progress)
        finally:
            source.execute("ROLLBACK")
        # The write-ahead log is a second file, and a backup is one.
        target.execute("PRAGMA journal_mode = DELETE")
    return contents


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress) -> None:
    """Copies a file's pages step by step; for the target all of it is one transaction."""
    (size,) = source.execute("PRAGMA page_size").fetchone()
    source.backup(
        target,
        pages=_PAGES_AT_ONCE,
        progress=lambda _, left, whole: progress((whole - left) * size, whole * size),
    )


def check(path: Path) -> Contents:
    """Reads all of a copy; raises BackupProblem unless it is sound."""
    try:
        with closing(open_file(path, "ro")) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise BackupProblem(f"{path} is damaged: {_in_one_line(faults[0])}")
            orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(1)
            if orphans:
                raise BackupProblem(
                    f"{path} is damaged: rows of {orphans[0][0]} lack what they hang under"
                )
            return _contents(connection)
    except sqlite3.DatabaseError as error:
        raise BackupProblem(f"{path} cannot be read: {_in_one_line(str(error))}") from None


def _contents(connection: sqlite3.Connection) -> Contents:
    names = _tables(connection)
    rows = 0
    for name in names:
        quoted = '"' + name.replace('"', '""') + '"'
        rows += connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0]  # noqa: S608
    revision = None
    if "alembic_version" in names:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        revision = row[0] if row else None
    return Contents(revision, rows, len(names))


def _tables(connection: sqlite3.Connection) -> list[str]:
    """The names of the tables, without SQLite's own and those that make up a search index."""
    listed = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    tables = {name: sql for name, sql in listed if not name.startswith("sqlite_")}
    virtual = [name for name, sql in tables.items() if sql.startswith("CREATE VIRTUAL")]
    return [
        name
        for name in tables
        if not any(name == one or name.startswith(f"{one}_") for one in virtual)
    ]


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
