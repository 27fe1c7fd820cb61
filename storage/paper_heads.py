"""Heads of papers: Core statements only, since a whole club's are read for a snapshot."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, Connection, and_, select

from storage.paper_rows import PaperHead, PaperTable
from storage.revisions import ContributorRow, ContributorTable, RevisionTable

_HEAD = (
    RevisionTable.id,
    PaperTable.id,
    PaperTable.code,
    PaperTable.number,
    RevisionTable.title,
    RevisionTable.subtitle,
    RevisionTable.abstract,
    RevisionTable.category,
    RevisionTable.chapter,
    RevisionTable.date,
    RevisionTable.summary,
    RevisionTable.outline,
    RevisionTable.number,
    PaperTable.version,
    PaperTable.opinions,
)


def read_heads(
    connection: Connection,
    club_id: int,
    *conditions: ColumnElement[bool],
    revision: int | None = None,
) -> list[tuple[int, PaperHead]]:
    """Ids of revisions with the heads, by number: the current ones or those of a revision."""
    joined = and_(
        RevisionTable.club_id == PaperTable.club_id,
        RevisionTable.paper_id == PaperTable.id,
        RevisionTable.number == (PaperTable.current_revision if revision is None else revision),
    )
    scope = (PaperTable.club_id == club_id, *conditions)
    people = _read_contributors(connection, joined, scope)
    statement = select(*_HEAD).join(RevisionTable, joined).where(*scope)
    return [
        (revision_id, PaperHead(*(*head, people.get(revision_id, ()))))
        for revision_id, *head in connection.execute(statement.order_by(PaperTable.number))
    ]


def _read_contributors(
    connection: Connection, joined: ColumnElement[bool], scope: tuple[ColumnElement[bool], ...]
) -> dict[int, tuple[ContributorRow, ...]]:
    of_revision = and_(
        ContributorTable.club_id == RevisionTable.club_id,
        ContributorTable.revision_id == RevisionTable.id,
    )
    # The sum keeps SQLite from going through the contributors of all papers in the order of their
    # index, only to save itself the sorting of five.
    order = (ContributorTable.revision_id + 0, ContributorTable.position)
    statement = (
        select(ContributorTable.revision_id, ContributorTable.name, ContributorTable.role)
        .select_from(PaperTable)
        .join(RevisionTable, joined)
        .join(ContributorTable, of_revision)
        .where(*scope)
        .order_by(*order)
    )
    # A few people make many papers: each is kept once however many papers there are.
    known: dict[tuple[str, str], ContributorRow] = {}
    return {
        revision_id: tuple(
            known.setdefault((name, role), ContributorRow(name, role)) for _, name, role in rows
        )
        for revision_id, rows in groupby(connection.execute(statement), itemgetter(0))
    }
