"""The index of each database: which passages hold all terms of a query."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, text

from storage.search_query import SearchQuery, SearchTerm


class Candidate(NamedTuple):
    """A passage that holds all terms."""

    id: int
    paper_id: int
    kind: str
    words: str


def find_candidates(
    connection: Connection,
    club_id: int,
    scope: tuple[int, int],
    query: SearchQuery,
    mark: str,
    bound: int,
) -> list[Candidate]:
    """The newest passages within a range of ids, at most ``bound``.

    With a mark the terms must stand in what the mark stands for, such as the title.
    """
    find = _find_sqlite if connection.dialect.name == "sqlite" else _find_postgresql
    return find(connection, club_id, scope, query, mark, bound)


_SQLITE = text("""
    SELECT passages.id, paper_id, kind, passages.words
    FROM (
        SELECT rowid AS id FROM passage_index
        WHERE passage_index MATCH :terms AND rowid BETWEEN :first AND :last
        ORDER BY rowid DESC LIMIT :bound
    ) AS found CROSS JOIN passages ON passages.id = found.id
""")


def _find_sqlite(
    connection: Connection,
    club_id: int,
    scope: tuple[int, int],
    query: SearchQuery,
    mark: str,
    bound: int,
) -> list[Candidate]:
    terms = " AND ".join(f"({_fts_term(term, mark)})" for term in query.terms)
    values = {"terms": terms, "first": scope[0], "last": scope[1], "bound": bound}
    return [Candidate(*row) for row in connection.execute(_SQLITE, values).all()]


def _fts_term(term: SearchTerm, mark: str) -> str:
    # Folded words hold letters and digits only, so within quotes they can mean nothing else.
    phrase = " ".join(mark + word for word in term.words)
    variants = [f'"{phrase}"*' if term.is_prefix else f'"{phrase}"']
    variants += [f'"{mark}{word}"' for word in term.alternatives]
    return " OR ".join(variants)


_POSTGRESQL = """
    SELECT id, paper_id, kind, words FROM passages
    WHERE vector @@ CAST(:terms AS tsquery) AND club_id = :club{phrases}
    ORDER BY id DESC LIMIT :bound
"""


def _find_postgresql(
    connection: Connection,
    club_id: int,
    scope: tuple[int, int],
    query: SearchQuery,
    mark: str,
    bound: int,
) -> list[Candidate]:
    values: dict[str, object] = {"club": club_id, "bound": bound}
    conditions = []
    # The vector knows no positions; that words stand together is seen in the words themselves.
    for number, term in enumerate(term for term in query.terms if len(term.words) > 1):
        end = "" if term.is_prefix else " "
        phrase = " ".join(mark + word for word in term.words)
        conditions.append(f" AND strpos(' ' || words || ' ', :phrase{number}) > 0")
        values[f"phrase{number}"] = f" {phrase}{end}"
    # The club is a word of each passage, so another club's passages cost the index nothing.
    terms = [_ts_term(term, mark) for term in query.terms]
    values["terms"] = " & ".join([*terms, f"'_0{club_id}'"])
    statement = text(_POSTGRESQL.format(phrases="".join(conditions)))
    return [Candidate(*row) for row in connection.execute(statement, values).all()]


def _ts_term(term: SearchTerm, mark: str) -> str:
    *firsts, last = (f"'{mark}{word}'" for word in term.words)
    together = " & ".join([*firsts, f"{last}:*" if term.is_prefix else last])
    return "(" + " | ".join([together, *(f"'{mark}{word}'" for word in term.alternatives)]) + ")"
