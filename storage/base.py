"""What all tables share: names of constraints, column types and the shapes of checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: goes in with any time zone, comes out in UTC; raises ValueError without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        instant = value.astimezone(UTC)
        # SQLite keeps no offset, so what it holds is UTC by this one rule.
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Names(TypeDecorator[tuple[str, ...]]):
    """A few short words in their order, as JSON text; the same words are the same object."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(list(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else _read_names(value)


@lru_cache(maxsize=4096)
def _read_names(text: str) -> tuple[str, ...]:
    # A hundred thousand papers share a few outlines: that is less to read, keep and collect.
    return tuple(json.loads(text))


class Base(DeclarativeBase):
    """The tables of the club's database."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 (the way declarative bases are told their types)
        str: Text(),
        datetime: UtcDateTime(),
        tuple[str, ...]: Names(),
        dict[str, object]: JSON(),
        list[object]: JSON(),
    }


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Only these words may stand in the column."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def page_range() -> CheckConstraint:
    """Both ends of a range of pages or neither, in their order and within reason."""
    return CheckConstraint(
        "(page_start IS NULL AND page_end IS NULL) OR (page_start IS NOT NULL"
        " AND page_end IS NOT NULL AND page_start BETWEEN 0 AND page_end"
        " AND page_end <= 1000000)",
        name="pages",
    )


def within_club(
    columns: list[str], table: str, keys: list[str], ondelete: str | None = "CASCADE"
) -> ForeignKeyConstraint:
    """A reference that carries the club, so that a row of one club cannot hang under another's."""
    return ForeignKeyConstraint(
        ["club_id", *columns],
        [f"{table}.club_id", *(f"{table}.{key}" for key in keys)],
        ondelete=ondelete,
    )
