"""How Alembic reaches the database: on the connection that the program hands it, or never."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem

import storage.tables  # noqa: F401 (tells the metadata about every table)
from storage.base import Base, Names, UtcDateTime

# Each database's own search index; the migrations write it by hand.
_INDEX_TABLES = ("passage_index",)
_INDEX_COLUMNS = ("vector",)
_INDEX_INDEXES = ("ix_passages_vector",)


def is_ours(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compared_to: object
) -> bool:
    """Hides from the comparison what no mapped class describes."""
    if not reflected or name is None:
        return True
    if kind == "table":
        return not name.startswith(_INDEX_TABLES)
    return name not in _INDEX_COLUMNS + _INDEX_INDEXES


def render_item(kind: str, item: object, autogen_context: Any) -> str | Literal[False]:
    """Writes our own column types as plain ones: an old step must not change with our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Names):
        return "sa.Text()"
    return False


def run(connection: Connection) -> None:
    """Runs what the command asked for, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        include_object=is_ours,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
