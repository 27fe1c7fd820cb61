"""Short words for the parts of tables in migrations.

Old steps depend on them, so they may grow but never change what they mean.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def dialect() -> str:
    return op.get_bind().dialect.name


def table(name: str, *parts: sa.schema.SchemaItem) -> None:
    """Ids are never given twice, also on SQLite."""
    op.create_table(name, *parts, sqlite_autoincrement=True)


def key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), primary_key=True, autoincrement=True)


def text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def integer(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def reference(
    table: str, columns: list[str], target: str, keys: list[str], ondelete: str | None = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        columns,
        [f"{target}.{key}" for key in keys],
        name=op.f(f"fk_{table}_{'_'.join(columns)}"),
        ondelete=ondelete,
    )


def part_of_revision(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    revision = ["club_id", "revision_id"]
    return (
        *(integer(name) for name in (*revision, "position")),
        reference(table, revision, "revisions", ["club_id", "id"]),
        primary(table, *revision, "position"),
    )
