"""Looking at a database that may be in use, or broken: reads only, waits little, locks nothing.

`Database` makes a missing file and turns its write-ahead log on; whoever only looks must not.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, func, make_url, select, text
from sqlalchemy.pool import NullPool

from storage.base import Base
from storage.clubs import Club
from storage.deliveries import FAILED, UNKNOWN, DeliveryTable
from storage.leases import LeaseTable
from storage.places import StoredPlace
from storage.unit_of_work import UnitOfWork

_STEPS = 20_000  # Of SQLite's machine between two looks at the clock.
_MOST_FLAWS = 5
_LONGEST_WAIT_FOR_LOCK = 2.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits, in all clubs, and what went wrong of late."""

    inbox: int
    inbox_since: datetime | None
    overdue: int
    overdue_since: datetime | None
    failed: int
    unknown: int


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for a server's."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(str(parsed.database)).absolute() if is_file else None


@contextmanager
def look_into(url: str, seconds: float) -> Iterator[Connection]:
    """A connection that cannot write, whose statements end after so many seconds altogether.

    Raises what SQLAlchemy raises, for a file that is missing too.
    """
    path = file_of(url)
    if path is None:
        engine: Engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={
                "connect_timeout": max(2, int(seconds)),
                "options": f"-c statement_timeout={int(seconds * 1000)}",
            },
        ).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    else:
        until = time.monotonic() + seconds

        def connect() -> sqlite3.Connection:
            opened = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro",
                uri=True,
                timeout=min(seconds / 2, _LONGEST_WAIT_FOR_LOCK),
            )
            opened.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
            return opened

        engine = create_engine(
            "sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True
        )
    with engine.connect() as connection:
        yield connection


def flaws(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong in its file, in a few lines; a server has no such check."""
    if connection.dialect.name != "sqlite":
        return []
    found = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_FLAWS})").scalars().all()
    return [str(line) for line in found if line != "ok"]


def orphans(connection: Connection) -> list[str]:
    """The tables with rows whose owner is missing."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(1_000)
    return sorted({str(row[0]) for row in rows})


def journal_mode(connection: Connection) -> str:
    """How SQLite keeps what is not yet in the file."""
    return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())


def refuses_writes(connection: Connection) -> str:
    """Why a server takes no writes of this user; empty where it does."""
    if connection.dialect.name == "sqlite":
        return ""
    if connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one():
        return "it is a standby, which only reads"
    may = connection.execute(
        text(
            "SELECT bool_and(has_table_privilege(name, right_)) FROM unnest(CAST(:names AS text[]))"
            " AS name, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS right_"
        ),
        {"names": list(Base.metadata.tables)},
    ).scalar_one()
    return "" if may else "the user has no right to write to each of its tables"


def backlog(connection: Connection, now: datetime, late: timedelta, since: datetime) -> Waiting:
    """Events that are not answered, messages that should have gone, and those that went wrong.

    A message is late after `late`; of what failed or is unknown only what ended after `since`.
    """
    uow = UnitOfWork(connection)
    overdue = [one for one in uow.outbox.backlog(now - late) if one.due_since is not None]
    ended = (
        select(DeliveryTable.state, func.count())
        .where(DeliveryTable.state.in_((FAILED, UNKNOWN)), DeliveryTable.settled_at >= since)
        .group_by(DeliveryTable.state)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in connection.execute(ended)}
    return Waiting(
        inbox=uow.inbox.depth(),
        inbox_since=uow.inbox.waiting_since(),
        overdue=sum(one.due for one in overdue),
        overdue_since=min((one.due_since for one in overdue if one.due_since), default=None),
        failed=counts.get(FAILED, 0),
        unknown=counts.get(UNKNOWN, 0),
    )


def served(connection: Connection, now: datetime) -> list[str]:
    """The names of what processes serve at this moment, such as a bot on a platform."""
    statement = select(LeaseTable.name).where(LeaseTable.until > now).order_by(LeaseTable.name)
    return list(connection.execute(statement).scalars())


def clubs_and_places(connection: Connection) -> list[tuple[Club, list[StoredPlace]]]:
    """Every club with its servers and groups."""
    uow = UnitOfWork(connection)
    return [(club, uow.of_club(club.id).places.all()) for club in uow.clubs.all()]
