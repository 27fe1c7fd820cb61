"""Sections and items: what a revision of a page says, by depth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import CheckConstraint, Connection, Index, Select, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of, page_range, within_club
from storage.bulk import insert_rows

SECTION_KINDS = (
    "summary",
    "why",
    "lite_summary",
    "authors",
    "opinions",
    "community_opinions",
    "notes",
    "in_depth",
    "join",
    "other",
)


class SectionTable(Base):
    __tablename__ = "sections"
    __table_args__ = (
        within_club(["revision_id"], "revisions", ["id"]),
        one_of("kind", SECTION_KINDS),
        CheckConstraint("position >= 0", name="position"),
    )

    club_id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    heading: Mapped[str]
    text: Mapped[str]
    attributed_to: Mapped[tuple[str, ...]]


class ItemTable(Base):
    __tablename__ = "items"
    __table_args__ = (
        within_club(["revision_id", "section_position"], "sections", ["revision_id", "position"]),
        CheckConstraint("position >= 0", name="position"),
        page_range(),
        Index("ix_items_opinion", "club_id", "opinion"),
    )

    club_id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(primary_key=True)
    section_position: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    topic: Mapped[str | None]
    label: Mapped[str | None]
    page_start: Mapped[int | None]
    page_end: Mapped[int | None]
    text: Mapped[str]
    attributed_to: Mapped[tuple[str, ...]]
    points: Mapped[list[object]]
    opinion: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One entry of a section; ``points`` is a list of ``{"label", "text", "points"}``."""

    text: str
    number: str | None = None
    topic: str | None = None
    label: str | None = None
    page_start: int | None = None
    page_end: int | None = None
    attributed_to: tuple[str, ...] = ()
    points: list[object] = field(default_factory=list)
    opinion: str | None = None
    """The key of the member's opinion that this is; None for what only the page says."""


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section in its place on the page; its position is its index."""

    kind: str
    heading: str
    text: str = ""
    attributed_to: tuple[str, ...] = ()
    items: tuple[ItemRow, ...] = ()


def insert_sections(
    connection: Connection, club_id: int, revision_id: int, sections: Iterable[SectionRow]
) -> None:
    """Writes the sections of a new revision with their items."""
    section_values: list[dict[str, object]] = []
    item_values: list[dict[str, object]] = []
    key = {"club_id": club_id, "revision_id": revision_id}
    for position, section in enumerate(sections):
        section_values.append(
            {
                **key,
                "position": position,
                "kind": section.kind,
                "heading": section.heading,
                "text": section.text,
                "attributed_to": section.attributed_to,
            }
        )
        item_values += [
            {
                **key,
                "section_position": position,
                "position": item_position,
                "number": item.number,
                "topic": item.topic,
                "label": item.label,
                "page_start": item.page_start,
                "page_end": item.page_end,
                "text": item.text,
                "attributed_to": item.attributed_to,
                "points": item.points,
                "opinion": item.opinion,
            }
            for item_position, item in enumerate(section.items)
        ]
    insert_rows(connection, SectionTable, section_values)
    insert_rows(connection, ItemTable, item_values)


def read_sections(
    connection: Connection,
    club_id: int,
    revision_id: int,
    *,
    kind: str | None = None,
    position: int | None = None,
) -> list[tuple[int, SectionRow]]:
    """Sections with their positions: all, those of one kind, or the one at a position."""
    values = {"club": club_id, "revision": revision_id, "kind": kind, "position": position}
    given = {name: value for name, value in values.items() if value is not None}
    statement = _sections(has_kind=kind is not None, has_position=position is not None)
    rows = connection.execute(statement, given).all()
    if not rows:
        return []
    is_part = kind is not None or position is not None
    only = [row.position for row in rows] if is_part else None
    items = _read_items(connection, club_id, revision_id, only)
    return [
        (row.position, SectionRow(row.kind, row.heading, row.text, row.attributed_to, part))
        for row in rows
        for part in [tuple(items[row.position])]
    ]


# Making a statement takes longer than running it, and there are only a few shapes.
@cache
def _sections(*, has_kind: bool, has_position: bool) -> Select[int, str, str, str, tuple[str, ...]]:
    table = SectionTable
    statement = select(
        table.position, table.kind, table.heading, table.text, table.attributed_to
    ).where(table.club_id == bindparam("club"), table.revision_id == bindparam("revision"))
    if has_kind:
        statement = statement.where(table.kind == bindparam("kind"))
    if has_position:
        statement = statement.where(table.position == bindparam("position"))
    return statement.order_by(table.position)


_ITEMS = (
    select(
        ItemTable.section_position,
        ItemTable.text,
        ItemTable.number,
        ItemTable.topic,
        ItemTable.label,
        ItemTable.page_start,
        ItemTable.page_end,
        ItemTable.attributed_to,
        ItemTable.points,
        ItemTable.opinion,
    )
    .where(ItemTable.club_id == bindparam("club"), ItemTable.revision_id == bindparam("revision"))
    .order_by(ItemTable.section_position, ItemTable.position)
)
_SOME_ITEMS = _ITEMS.where(ItemTable.section_position.in_(bindparam("only", expanding=True)))


def _read_items(
    connection: Connection, club_id: int, revision_id: int, only: Sequence[int] | None
) -> defaultdict[int, list[ItemRow]]:
    """The items of a revision by their sections, or those of some sections."""
    values: dict[str, object] = {"club": club_id, "revision": revision_id}
    if only is not None:
        values["only"] = only
    found: defaultdict[int, list[ItemRow]] = defaultdict(list)
    for row in connection.execute(_ITEMS if only is None else _SOME_ITEMS, values):
        position, *fields = row
        found[position].append(ItemRow(*fields))
    return found
