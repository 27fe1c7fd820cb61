"""Writes the dump of a step: python -m tests.storage.dumps.freeze 2026_11_22_archive.

The pages come in as they always do; what else there is, is invented. A dump that is there is not
written again.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command

from bot.archive import read_page
from storage import schema
from storage.database import Database
from tests.commandline.pages import page
from tests.house import fill
from tests.storage.dumps import FOLDER
from tests.storage.dumps.invented import ROWS

PAGES = (
    page("SMALL-001", "Small Worlds"),
    page("SMALL-001", "Small Worlds", "Short paths, again."),
    page("SMALL-002", "Weak Ties", "Who you hardly know helps most."),
    page("DEEP-001", "It’s Deep", "A page of a second club."),
)


def freeze(step: str) -> None:
    """Writes the dump of a step, which must be new."""
    with TemporaryDirectory() as folder:
        now, then = Path(folder, "now.sqlite"), Path(folder, "then.sqlite")
        with closing(Database(f"sqlite:///{now}")) as database:
            schema.migrate(database)
            for one in PAGES:
                fill(database, [read_page(one.encode(), "page.txt").record])
        with (
            closing(Database(f"sqlite:///{then}")) as database,
            schema._for_migration(database) as connection,
        ):
            command.upgrade(schema.alembic_config(connection), step)
        with closing(sqlite3.connect(now)) as source, closing(sqlite3.connect(then)) as target:
            _bring_over(source, target)
            with (FOLDER / f"{step}.sql").open("x", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in _dumped(step, target))


def _bring_over(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    source.row_factory = sqlite3.Row
    known = _tables(source)
    for table in _tables(target):
        if table == "alembic_version":
            continue
        columns = {row[1]: row for row in target.execute(f"PRAGMA table_info({table})")}
        rows: list[dict[str, Any]] = list(ROWS.get(table, ()))
        if table in known:
            rows += [dict(row) for row in source.execute(f"SELECT * FROM {table}")]  # noqa: S608
        for row in rows:
            fitting = {name: value for name, value in row.items() if name in columns}
            needed = {name for name, c in columns.items() if c[3] and c[4] is None}
            if needed <= set(fitting):
                marks = ", ".join("?" * len(fitting))
                names = ", ".join(f'"{name}"' for name in fitting)
                target.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                    tuple(fitting.values()),
                )
    target.commit()


def _tables(connection: sqlite3.Connection) -> list[str]:
    listed = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'passage_index%'"
    )
    return [row[0] for row in listed]


def _dumped(step: str, connection: sqlite3.Connection) -> Iterator[str]:
    """The tables, their rows, and then what hangs on them; the search's index is built anew."""
    yield f"-- A database at {step}, with invented data. Frozen: never write it again."
    yield "BEGIN;"
    made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    tables = _tables(connection)
    for table in tables:
        yield f"{made[table]};"
    for table in tables:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = " || ', ' || ".join(f'quote("{name}")' for name in columns)
        rows = f"SELECT {values} FROM {table}"  # noqa: S608
        for (row,) in connection.execute(rows):
            yield f"INSERT INTO {table} VALUES ({row});"  # noqa: S608
    yield f"{made['passage_index']};"
    yield "INSERT INTO passage_index (passage_index) VALUES ('rebuild');"
    kinds = "type IN ('index', 'trigger') AND sql IS NOT NULL"
    for (sql,) in connection.execute(f"SELECT sql FROM sqlite_master WHERE {kinds}"):  # noqa: S608
        yield f"{sql};"
    yield "COMMIT;"


if __name__ == "__main__":
    freeze(sys.argv[1])
