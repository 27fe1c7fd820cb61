"""Heads of papers: Core statements only, since a whole club's are read for a snapshot."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, select

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
    scope = (PaperTable.club_id == club_id, *conditions)
    return _read(connection, _statements(scope, revision), {})


def read_head(connection: Connection, club_id: int, code: str) -> tuple[int, PaperHead] | None:
    """The current one of one paper, which is asked for all the time."""
    found = _read(connection, _of_code(), {"club": club_id, "code": code})
    return found[0] if found else None


_Statements: TypeAlias = tuple[Select[*tuple[Any, ...]], Select[int, str, str]]


@cache
def _of_code() -> _Statements:
    # Made once, since making them takes several times as long as running them.
    mine = PaperTable.club_id == bindparam("club"), PaperTable.code == bindparam("code")
    return _statements(mine, None)


def _statements(scope: tuple[ColumnElement[bool], ...], revision: int | None) -> _Statements:
    joined = and_(
        RevisionTable.club_id == PaperTable.club_id,
        RevisionTable.paper_id == PaperTable.id,
        RevisionTable.number == (PaperTable.current_revision if revision is None else revision),
    )
    heads = select(*_HEAD).join(RevisionTable, joined).where(*scope).order_by(PaperTable.number)
    return heads, _contributors(joined, scope)


def _read(
    connection: Connection, statements: _Statements, given: dict[str, object]
) -> list[tuple[int, PaperHead]]:
    heads, contributors = statements
    # A few people make many papers: each is kept once however many papers there are.
    known: dict[tuple[str, str], ContributorRow] = {}
    people = {
        revision_id: tuple(
            known.setdefault((name, role), ContributorRow(name, role)) for _, name, role in rows
        )
        for revision_id, rows in groupby(connection.execute(contributors, given), itemgetter(0))
    }
    return [
        (revision_id, PaperHead(*(*head, people.get(revision_id, ()))))
        for revision_id, *head in connection.execute(heads, given)
    ]


def _contributors(
    joined: ColumnElement[bool], scope: tuple[ColumnElement[bool], ...]
) -> Select[int, str, str]:
    of_revision = and_(
        ContributorTable.club_id == RevisionTable.club_id,
        ContributorTable.revision_id == RevisionTable.id,
    )
    # The sum keeps SQLite from going through the contributors of all papers in the order of their
    # index, only to save itself the sorting of five.
    order = (ContributorTable.revision_id + 0, ContributorTable.position)
    return (
        select(ContributorTable.revision_id, ContributorTable.name, ContributorTable.role)
        .select_from(PaperTable)
        .join(RevisionTable, joined)
        .join(ContributorTable, of_revision)
        .where(*scope)
        .order_by(*order)
    )
