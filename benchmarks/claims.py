"""Taking ten thousand deliveries that are due, against the bare statement; and by four at once."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from benchmarks.databases import AT, note
from benchmarks.importing import VARIABLE, empty_database
from benchmarks.measure import Spread
from benchmarks.table import Line
from storage.database import Database
from storage.deliveries import COLUMNS, DeliveryDraft

_AT_ONCE = (50, 500)
_WORKERS = 4
_LEASE = timedelta(seconds=60)
_NOW = AT + timedelta(seconds=1)
_PLATFORMS = ("discord", "telegram")
_BARE = f"""
    UPDATE deliveries SET owner = 'bare', lease_until = ?, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM deliveries
        WHERE state = 'pending' AND due_at <= ? AND (lease_until IS NULL OR lease_until <= ?)
        ORDER BY due_at, id LIMIT ?
    )
    RETURNING {", ".join(column.name for column in COLUMNS)}
"""  # noqa: S608 (names of columns)


def measure(repeats: int, deliveries: int) -> list[Line]:
    """Seconds to take them all. Raises RuntimeError where one is taken twice, or not at all."""
    servers = ["SQLite"]
    if os.environ.get(VARIABLE):
        servers.append("PostgreSQL")
    else:
        note(f"{VARIABLE} names no server: nothing is taken on PostgreSQL.")
    lines = []
    for server in servers:
        for at_once in _AT_ONCE:
            ours, bare = [], []
            for _ in range(repeats):
                with empty_database(server) as database:
                    ours.append(_taken(database, deliveries, at_once))
                with empty_database(server) as database:
                    bare.append(_taken_bare(database, deliveries, at_once))
            what = f"deliveries taken on {server}, {at_once} at once / bare statement"
            spreads = Spread(tuple(ours)), Spread(tuple(bare))
            lines.append(Line(what, deliveries, "s", *spreads, 1.5))
    if len(servers) > 1:
        several = []
        for _ in range(repeats):
            with empty_database("PostgreSQL") as database:
                several.append(_taken_by_several(database, deliveries))
        what = f"deliveries taken on PostgreSQL by {_WORKERS}, none twice"
        lines.append(Line(what, deliveries, "s", Spread(tuple(several))))
    return lines


def _plan(database: Database, deliveries: int) -> None:
    drafts = [
        DeliveryDraft(
            *(f"day:1:0:p{number}:0", "day", "1", _PLATFORMS[number % 2], str(number)),
            AT + timedelta(milliseconds=number % 900),
            is_private=True,
        )
        for number in range(deliveries)
    ]
    with database.unit(write=True) as uow:
        club = uow.clubs.add("WPRC", "The measured club", AT)
        uow.of_club(club.id).deliveries.plan(drafts, AT)


def _taken(database: Database, deliveries: int, at_once: int) -> float:
    _plan(database, deliveries)
    begun = time.perf_counter()
    found = _take(database, "one", at_once)
    seconds = time.perf_counter() - begun
    _check(found, deliveries)
    return seconds


def _take(database: Database, owner: str, at_once: int) -> list[int]:
    found: list[int] = []
    while True:
        with database.unit(write=True) as uow:
            taken = uow.outbox.claim(_PLATFORMS, owner, _NOW, _LEASE, at_once, kinds=("day",))
        if not taken:
            return found
        found += [one.id for one in taken]


def _taken_bare(database: Database, deliveries: int, at_once: int) -> float:
    _plan(database, deliveries)
    found: list[int] = []
    begun = time.perf_counter()
    while True:
        with database.transaction(write=True) as connection:
            driver = connection.connection.driver_connection
            if driver is None:
                raise RuntimeError("there is no connection")
            values: tuple[object, ...] = (_NOW + _LEASE, _NOW, _NOW, at_once)
            statement = _BARE.replace("?", "%s")
            if database.is_sqlite:
                texts = [one.strftime("%F %T.%f") for one in (_NOW + _LEASE, _NOW, _NOW)]
                statement, values = _BARE, (*texts, at_once)
            taken = driver.execute(statement, values).fetchall()
        if not taken:
            break
        found += [row[0] for row in taken]
    seconds = time.perf_counter() - begun
    _check(found, deliveries)
    return seconds


def _taken_by_several(database: Database, deliveries: int) -> float:
    _plan(database, deliveries)
    begun = time.perf_counter()
    with ThreadPoolExecutor(_WORKERS) as pool:
        owners = [f"worker {number}" for number in range(_WORKERS)]
        found = list(pool.map(lambda owner: _take(database, owner, 100), owners))
    seconds = time.perf_counter() - begun
    _check([number for taken in found for number in taken], deliveries)
    return seconds


def _check(found: list[int], deliveries: int) -> None:
    if len(found) != len(set(found)):
        raise RuntimeError("a delivery was taken twice")
    if len(found) != deliveries:
        raise RuntimeError(f"{deliveries - len(found)} deliveries were not taken")
