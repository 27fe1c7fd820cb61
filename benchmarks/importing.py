"""Bringing pages in: parsing and saving against parsing alone, on each database there is."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from benchmarks import corpus
from benchmarks.databases import AT, note
from benchmarks.measure import Spread
from benchmarks.table import Line
from bot.archive import read_page, write_page
from bot.core.importer import Importer
from storage.database import Database
from storage.schema import migrate

_BATCH = 100
VARIABLE = "WPRC_TEST_POSTGRES"


def measure(repeats: int, pages: int) -> list[Line]:
    """Milliseconds a page, each time into a new database."""
    writer = corpus.Writer(repeats)
    files = [write_page(writer.long_record(number)).encode() for number in range(1, pages + 1)]
    servers = ["SQLite"]
    if os.environ.get(VARIABLE):
        servers.append("PostgreSQL")
    else:
        note(f"{VARIABLE} names no server: nothing is brought in on PostgreSQL.")
    alone: list[float] = []
    saved: dict[str, list[float]] = {server: [] for server in servers}
    for _ in range(repeats):
        alone.append(_parsed(files))
        for server in servers:
            with empty_database(server) as database:
                saved[server].append(_imported(database, files))
    return [
        Line(
            f"import to {server}, a page / parse alone",
            pages,
            "ms",
            Spread(tuple(saved[server])),
            Spread(tuple(alone)),
        )
        for server in servers
    ] + [
        Line(
            f"import to {server}, pages a second / parse alone",
            pages,
            "/s",
            Spread(tuple(1_000 / each for each in saved[server])),
            Spread(tuple(1_000 / each for each in alone)),
        )
        for server in servers
    ]


def _parsed(files: Sequence[bytes]) -> float:
    started = time.perf_counter()
    for file in files:
        read_page(file)
    return (time.perf_counter() - started) / len(files) * 1_000


def _imported(database: Database, files: Sequence[bytes]) -> float:
    importer = Importer(database, lambda: AT, may_found=True)
    started = time.perf_counter()
    for number, file in enumerate(files):
        importer.add(f"{number}.txt", file)
        if importer.waiting == _BATCH:
            importer.save()
    importer.save()
    seconds = time.perf_counter() - started
    with database.unit() as uow:
        club = uow.clubs.all()[0]
        if len(list(uow.of_club(club.id).papers.codes())) != len(files):
            raise RuntimeError("not all pages were brought in")
    return seconds / len(files) * 1_000


@contextmanager
def empty_database(server: str) -> Iterator[Database]:
    """A new, migrated database that is gone afterwards."""
    if server == "SQLite":
        with tempfile.TemporaryDirectory() as name:
            yield from _migrated(f"sqlite:///{Path(name) / 'club.sqlite'}")
        return
    url = make_url(os.environ[VARIABLE]).set(drivername="postgresql+psycopg")
    name = f"wprc_bench_{uuid4().hex[:12]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            own = url.set(drivername="postgresql", database=name)
            yield from _migrated(own.render_as_string(hide_password=False))
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _migrated(url: str) -> Iterator[Database]:
    database = Database(url)
    migrate(database)
    try:
        yield database
    finally:
        database.close()
