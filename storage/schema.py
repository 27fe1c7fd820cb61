"""The version of a database: whether it fits this program, and how it is brought up to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from storage.database import Database, set_up_sqlite

CURRENT = "2026_11_24_sessions"
"""The newest step of the migrations; a test compares it with them."""

_WAIT_MILLISECONDS = 120_000
_ADVISORY_LOCK = 0x57505243


class SchemaMismatch(Exception):
    """The database has not the tables that this program works with."""

    def __init__(self, found: str | None, advice: str) -> None:
        super().__init__(advice)
        self.found = found


class SchemaBehind(SchemaMismatch):
    """The database is new or older than the program: it must be migrated first."""


class SchemaTooNew(SchemaMismatch):
    """A newer program has migrated the database; this one must not touch it."""


@dataclass(frozen=True, slots=True)
class Migration:
    """What ``migrate`` did."""

    before: str | None
    """None for a database without tables."""
    after: str
    copy: Path | None = None
    """Where the file was copied to before it was changed."""


def version_of(database: Database) -> str | None:
    """The step that the database is at; None when it has no tables of ours."""
    with database.transaction(write=False) as connection:
        return _version(connection)


def check(database: Database) -> None:
    """Raises SchemaBehind or SchemaTooNew unless the database fits this program."""
    _compare(version_of(database))


def check_on(connection: Connection) -> None:
    """The same on a connection that somebody else has opened."""
    _compare(_version(connection))


def migrate(database: Database) -> Migration:
    """Brings a database up to this program, once however many processes try.

    SQLite: what holds data is copied beside itself first. A step that fails leaves everything as
    it was. Raises SchemaTooNew for a database of a newer program.
    """
    found = version_of(database)
    if found == CURRENT:
        return Migration(found, found)
    with _for_migration(database) as connection:
        before = _version(connection)
        if before == CURRENT:
            return Migration(before, before)
        refuse_newer(before)
        copy = _copy(database.path, before) if database.path and before else None
        _upgrade(connection)
        return Migration(before, CURRENT, copy)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _compare(found: str | None) -> None:
    if found == CURRENT:
        return
    refuse_newer(found)
    state = "has no tables yet" if found is None else f"is at {found}"
    raise SchemaBehind(found, f"the database {state} and must be migrated to {CURRENT} first")


def refuse_newer(found: str | None) -> None:
    """Raises SchemaTooNew for a step that this program does not know."""
    if found is None or found == CURRENT or found in _known_steps():
        return
    raise SchemaTooNew(
        found,
        f"the database is at {found}, which this program does not know: a newer one has migrated"
        " it, so use that one, or restore a copy from before",
    )


def _known_steps() -> set[str]:
    from alembic.script import ScriptDirectory  # Only needed for another version than ours.

    return {step.revision for step in ScriptDirectory(str(_scripts())).walk_revisions()}


def _scripts() -> Path:
    import migrations

    return Path(next(iter(migrations.__path__)))


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection):  # type: ignore[no-untyped-def]
    """What Alembic's commands need to work on this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_scripts()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _for_migration(database: Database) -> Iterator[Connection]:
    """A transaction that no other process migrates beside."""
    if database.path is None:
        with database.transaction(write=True) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield connection
        return
    engine = create_engine(database.engine.url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        set_up_sqlite(connection)
        connection.execute(f"PRAGMA busy_timeout = {_WAIT_MILLISECONDS}")
        # SQLite changes a table by making it anew, and dropping the old one would take with it
        # whatever hangs under it.
        connection.execute("PRAGMA foreign_keys = OFF")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        yield connection
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(
                f"the migration left {len(broken)} rows without what they hang under"
            )


def _copy(path: Path, version: str) -> Path:
    """Copies the file by SQLite's own means, which sees the write-ahead log too."""
    copy = path.with_name(f"{path.name}.before-{version}")
    number = 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.name}.before-{version}-{number}")
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy
