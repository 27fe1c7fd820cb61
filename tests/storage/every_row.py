"""Every row of every table that a database has, for comparing two states of it."""

from __future__ import annotations

from sqlalchemy import inspect, text

from storage.database import Database

Rows = dict[str, list[str]]


def every_row(database: Database) -> Rows:
    """The rows of each table as text, in an order of their own; the search's own index is left out.

    The tables are those that are there, so that one which the program does not know is seen too.
    """
    with database.transaction(write=False) as connection:
        names = [
            name
            for name in inspect(connection).get_table_names()
            if not name.startswith("passage_index")
        ]
        rows = {}
        for name in names:
            found = connection.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608
            rows[name] = sorted(repr(tuple(row)) for row in found)
        return rows
