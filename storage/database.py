"""A database: where it is, how its connections are set up, and units of work on it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url

from storage.unit_of_work import UnitOfWork

APPLICATION = "wprc"
"""By this name a server's own lists show who is connected."""

_BUSY_FOR = 10.0
_PURGE_TRIES = 40
_PURGE_MILLISECONDS = 50


class Database:
    """An SQLite file (``sqlite:///file``) or a PostgreSQL database (``postgresql://...``).

    Raises ValueError for any other address. Nothing is opened before the first unit of work.
    ``engine`` is what units that read run on, ``writer`` what those that write do.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.path: Path | None = None
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise ValueError("an SQLite database needs a file: sqlite:///wprc.sqlite")
            self.path = Path(parsed.database)
            # Not one engine with a switch: turning writing off and on again makes SQLite prepare
            # every statement anew, which costs more than most reads.
            self.engine = _sqlite_engine(parsed, self.path, is_write=False)
            self.writer = _sqlite_engine(parsed, self.path, is_write=True)
        elif parsed.get_backend_name() == "postgresql":
            self.writer = create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                connect_args={"application_name": APPLICATION},
                # What failed is logged, and what members said must not be.
                hide_parameters=True,
            )
            event.listen(self.writer, "handle_error", _without_rows)
            # Several statements of one unit must see the same papers.
            self.engine = self.writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            raise ValueError("a database is sqlite:///file or postgresql://user@host/name")

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
            with self.writer.begin() as connection:
                yield connection
        else:
            # Leaving without a commit rolls back, which is all that reading needs.
            with self.engine.connect() as connection:
                yield connection

    def purge(self) -> bool:
        """Lets nothing of what was deleted stay in the files of the database.

        False where that could not be, since somebody reads a state of before, such as a backup.
        """
        if self.is_sqlite:
            # Outside of any transaction; the log keeps what was there before until it is emptied.
            with self.writer.connect() as connection:
                driver = connection.connection.driver_connection
                return driver is not None and _empties_log(driver)
        with self.writer.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM")
        return True

    def close(self) -> None:
        """Closes the connections that are not in use."""
        self.engine.dispose()
        self.writer.dispose()


def _empties_log(driver: sqlite3.Connection) -> bool:
    # Whoever waits here for readers keeps all writers waiting, so it waits for moments only.
    driver.execute(f"PRAGMA busy_timeout = {_PURGE_MILLISECONDS}")
    try:
        for _ in range(_PURGE_TRIES):
            row = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not row[0]:
                return True
            time.sleep(_PURGE_MILLISECONDS / 1000)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(_BUSY_FOR * 1000)}")
    return False


def _without_rows(context: ExceptionContext) -> None:
    """Takes the row that was refused out of an error's words: these are logged.

    Only the first line says what happened; those after it tell of the row and of its values.
    """
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            first, *others = error.args
            error.args = (str(first).partition("\n")[0], *others)


def _sqlite_engine(url: URL, path: Path, *, is_write: bool) -> Engine:
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True)

    @event.listens_for(engine, "do_connect")
    def prepare_file(*_: object) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The file holds people's addresses: nobody else on the machine may read it. A file that
        # is there must not be opened: closing it would drop this process's locks on it (POSIX), and
        # another process would then take away the log that this one writes to.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        set_up_sqlite(connection)
        connection.execute(f"PRAGMA query_only = {'OFF' if is_write else 'ON'}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that begins by reading and writes later fails at once when another writer
        # was faster, so writers take their turn at the start.
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
    # What is deleted or replaced is overwritten where that costs no page more.
    connection.execute("PRAGMA secure_delete = FAST")
    connection.execute("PRAGMA cache_size = -65536")  # In KiB, and only what is used of it.


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
