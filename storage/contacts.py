"""How to reach those who made a page. Never part of a revision and never shown in a chat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Connection, delete, insert, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, within_club


class ContactTable(Base):
    __tablename__ = "contacts"
    __table_args__ = (
        within_club(["paper_id"], "papers", ["id"]),
        # What a key of PostgreSQL can hold, so that both databases refuse the same.
        CheckConstraint("length(name) + length(kind) + length(value) <= 600", name="length"),
    )

    club_id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


@dataclass(frozen=True, slots=True, order=True)
class ContactRow:
    name: str
    kind: str
    """``email`` or the name of a network."""
    value: str


def read_contacts(connection: Connection, club_id: int, paper_id: int) -> list[ContactRow]:
    """All contacts of a paper, by name, kind and value."""
    statement = select(ContactTable.name, ContactTable.kind, ContactTable.value).where(
        ContactTable.club_id == club_id, ContactTable.paper_id == paper_id
    )
    return sorted(ContactRow(*row) for row in connection.execute(statement))


def news_in(
    stored: Iterable[ContactRow], given: Iterable[ContactRow]
) -> dict[tuple[str, str], set[str]]:
    """The values by name and kind that differ from the stored ones.

    A name and kind that the page does not mention is no news: a page without contacts leaves what
    is stored.
    """
    before, after = _by_name_and_kind(stored), _by_name_and_kind(given)
    return {key: values for key, values in after.items() if before.get(key) != values}


def replace_contacts(
    connection: Connection, club_id: int, paper_id: int, news: dict[tuple[str, str], set[str]]
) -> None:
    """Puts the new values in the place of the old ones of the same name and kind."""
    if not news:
        return
    mine = (ContactTable.club_id == club_id) & (ContactTable.paper_id == paper_id)
    changed = tuple_(ContactTable.name, ContactTable.kind).in_(list(news))
    connection.execute(delete(ContactTable).where(mine, changed))
    values = [
        {"club_id": club_id, "paper_id": paper_id, "name": name, "kind": kind, "value": value}
        for (name, kind), new in news.items()
        for value in sorted(new)
    ]
    connection.execute(insert(ContactTable), values)


def _by_name_and_kind(contacts: Iterable[ContactRow]) -> defaultdict[tuple[str, str], set[str]]:
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for contact in contacts:
        found[contact.name, contact.kind].add(contact.value)
    return found
