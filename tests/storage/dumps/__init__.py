"""Databases as each released step of the schema has left them, and how a test gets one.

A dump is frozen: what is in people's databases does not change when the program does. The newest
step has none until another comes on top of it; then `python -m tests.storage.dumps.freeze STEP`
writes it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import JSON, Boolean, Computed, DateTime, MetaData, Table, inspect, text

from storage import schema
from storage.database import Database

FOLDER = Path(__file__).parent
STEPS = sorted(path.stem for path in FOLDER.glob("*.sql"))
_INDEX = "passage_index"


def load(step: str, database: Database) -> None:
    """Fills an empty database with the rows of a dump, in the tables of its step."""
    script = (FOLDER / f"{step}.sql").read_text(encoding="utf-8")
    if database.path is not None:
        with closing(sqlite3.connect(database.path)) as connection:
            connection.executescript(script)
        return
    with closing(sqlite3.connect(":memory:")) as source:
        source.executescript(script)
        source.row_factory = sqlite3.Row
        _load_into_server(step, database, source)


def _load_into_server(step: str, database: Database, source: sqlite3.Connection) -> None:
    with database.transaction(write=True) as connection:
        command.upgrade(schema.alembic_config(connection), step)
    with database.transaction(write=True) as connection:
        # The rows come in no order, and all of them are right when they have come.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        names = [
            name for name in inspect(connection).get_table_names() if name != "alembic_version"
        ]
        for name in names:
            table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
            rows = [_fitted(table, row) for row in source.execute(f'SELECT * FROM "{name}"')]  # noqa: S608
            if rows:
                connection.execute(table.insert(), rows)
            if "id" in table.columns:
                # What is given next comes after what is there.
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id))"  # noqa: S608
                        f' FROM "{name}" HAVING max(id) IS NOT NULL'
                        f" AND pg_get_serial_sequence('{name}', 'id') IS NOT NULL"
                    )
                )


def _fitted(table: Table, row: sqlite3.Row) -> dict[str, Any]:
    """A row of SQLite as a server wants it."""
    found = {}
    for column in table.columns:
        if isinstance(column.computed, Computed):
            continue
        value = row[column.name]
        if value is not None:
            if isinstance(column.type, DateTime):
                value = datetime.fromisoformat(value).replace(tzinfo=UTC)
            elif isinstance(column.type, Boolean):
                value = bool(value)
            elif isinstance(column.type, JSON):
                value = json.loads(value)
        found[column.name] = value
    return found


def rows_of(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Each table's rows, without the search's own index."""
    with database.transaction(write=False) as connection:
        names = [
            name for name in inspect(connection).get_table_names() if not name.startswith(_INDEX)
        ]
        return {
            name: [
                dict(row)
                for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()  # noqa: S608
            ]
            for name in names
        }
