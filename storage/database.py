"""A database: where it is, how its connections are set up, and units of work on it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from storage.unit_of_work import UnitOfWork

_BUSY_FOR = 10.0
_IS_WRITE = "wprc_is_write"


class Database:
    """An SQLite file (``sqlite:///file``) or a PostgreSQL database (``postgresql://...``).

    Raises ValueError for any other address. Nothing is opened before the first unit of work.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.path: Path | None = None
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise ValueError("an SQLite database needs a file: sqlite:///wprc.sqlite")
            self.path = Path(parsed.database)
            self.engine = _sqlite_engine(parsed, self.path)
        elif parsed.get_backend_name() == "postgresql":
            self.engine = _postgresql_engine(parsed)
        else:
            raise ValueError("a database is sqlite:///file or postgresql://user@host/name")
        self._readers = self.engine.execution_options(**_READS[self.engine.dialect.name])
        self._writers = self.engine.execution_options(**{_IS_WRITE: True})

    @property
    def is_sqlite(self) -> bool:
        return self.path is not None

    @contextmanager
    def unit(self, club_id: int | None = None, *, write: bool = False) -> Iterator[UnitOfWork]:
        """One transaction: a write commits at the end, anything that raises rolls back.

        A unit that does not write sees one state of the database throughout, and cannot write.
        """
        with self.transaction(write=write) as connection:
            yield UnitOfWork(connection, club_id)

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Connection]:
        """The bare transaction under units of work."""
        if write:
            with self._writers.begin() as connection:
                yield connection
        else:
            # Leaving without a commit rolls back, which is all that reading needs.
            with self._readers.connect() as connection:
                yield connection

    def close(self) -> None:
        """Closes the connections that are not in use."""
        self.engine.dispose()


_READS: dict[str, dict[str, Any]] = {
    "sqlite": {},
    # Several statements of one unit must see the same papers.
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)


def _sqlite_engine(url: URL, path: Path) -> Engine:
    engine = create_engine(url.set(drivername="sqlite+pysqlite"))

    @event.listens_for(engine, "do_connect")
    def prepare_file(*_: object) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The file holds people's addresses: nobody else on the machine may read it.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        set_up_sqlite(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that begins by reading and writes later fails at once when another writer
        # was faster, so writers take their turn at the start.
        is_write = connection.get_execution_options().get(_IS_WRITE, False)
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if is_write else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")

    return engine


def set_up_sqlite(connection: sqlite3.Connection) -> None:
    """Durable, checked and patient: a confirmed write survives a power cut."""
    connection.isolation_level = None  # The begin event says when a transaction begins.
    connection.execute(f"PRAGMA busy_timeout = {int(_BUSY_FOR * 1000)}")
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # Turning the log on asks for the file alone and does not wait for it like other statements.
    until = time.monotonic() + _BUSY_FOR
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
