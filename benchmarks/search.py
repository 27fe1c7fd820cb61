"""/search: the handler with all that it makes against the bare engine on the same statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import event

from benchmarks import corpus
from benchmarks.house import House, read_only
from benchmarks.measure import MILLI, Times, by_turns
from benchmarks.table import Line
from bot.chat.errors import NotFound
from bot.core.context import Context
from bot.core.search import search_pages

_COMMON = 16
_MIDDLE = range(200, 2_000)
_Statements = list[tuple[str, Any]]

# What SQLite has of its own for a search with rank and snippet.
_OWN = """
    SELECT paper_id, kind, topic, page_start, snippet(passage_index, 0, '[', ']', '...', 24)
    FROM passage_index JOIN passages ON passages.id = passage_index.rowid
    WHERE passage_index MATCH ? ORDER BY rank LIMIT 50
"""


def measure(house: House, repeats: int, calls: int) -> list[Line]:
    """Typical queries with the goals of a ratio, and the worst ones with a goal in milliseconds."""
    lines = []
    ctx = house.context("search")
    for name, queries, goals in (
        ("two words", list(two_words(house.papers, calls)), (1.3, 2.0)),
        ("a phrase", list(_phrases(house.papers, calls // 2)), None),
        ("two very common words", list(_common_pairs(calls // 2)), 30.0),
        ("one very common word", list(corpus.vocabulary()[:_COMMON]), 30.0),
        ("a beginning (br*)", [f"{word[:2]}*" for word in corpus.vocabulary()[:_COMMON]], 30.0),
    ):
        with closing(read_only(house.path)) as connection:
            ours, bare = _against_bare(house, ctx, connection, queries, repeats)
        lines += _lines(f"search, {name}", house.papers, ours, bare, goals)
    return [*lines, _own_rank(house, ctx, list(two_words(house.papers, calls)), repeats)]


def _lines(
    name: str, papers: int, ours: Times, bare: Times, goals: tuple[float, float] | float | None
) -> list[Line]:
    ratios = goals if isinstance(goals, tuple) else (None, None)
    worst = goals if isinstance(goals, float) else None
    ours_half, bare_half = (times.quantile(0.5).scaled(MILLI) for times in (ours, bare))
    ours_most, bare_most = (times.quantile(0.99).scaled(MILLI) for times in (ours, bare))
    return [
        Line(f"{name}: p50 / bare SQL", papers, "ms", ours_half, bare_half, ratios[0]),
        Line(
            f"{name}: p99 / bare SQL",
            papers,
            "ms",
            ours_most,
            bare_most,
            worst or ratios[1],
            is_absolute=worst is not None,
        ),
    ]


def two_words(papers: int, count: int) -> Iterator[str]:
    """Pairs of words of middling frequency that stand together in some passage."""
    middle = set(corpus.vocabulary()[_MIDDLE.start : _MIDDLE.stop])
    for words in _passages(papers, count):
        found = [word for word in dict.fromkeys(words) if word in middle]
        if len(found) > 1:
            yield f"{found[0]} {found[-1]}"


def _phrases(papers: int, count: int) -> Iterator[str]:
    for words in _passages(papers, count):
        yield f'"{words[2]} {words[3]}"'


def _common_pairs(count: int) -> Iterator[str]:
    picker = corpus.chance(count)
    for _ in range(count):
        yield " ".join(picker.sample(corpus.vocabulary()[:_COMMON], 2))


def _passages(papers: int, count: int) -> Iterator[list[str]]:
    """The words of the summaries of some papers."""
    picker = corpus.chance(papers)
    for _ in range(count):
        number = picker.randint(1, papers)
        (record,) = corpus.papers(number, number)
        yield record.sections[0].text.lower().replace(".", "").split()


def _against_bare(
    house: House,
    ctx: Context,
    connection: sqlite3.Connection,
    queries: Sequence[str],
    repeats: int,
) -> list[Times]:
    search = handler(house, ctx)
    statements: Mapping[str, _Statements] = {}
    with _captured(house) as seen:
        for query in queries:
            seen.clear()
            search(query)
            statements = {**statements, query: list(seen)}

    def bare(query: str) -> None:
        for statement, values in statements[query]:
            connection.execute(statement, values).fetchall()
        connection.execute("ROLLBACK")

    return by_turns((search, bare), queries, repeats)


def handler(house: House, ctx: Context) -> Callable[[str], object]:
    """The whole of what the database's thread does for a search."""
    club = house.catalogue.club.id

    def search(words: str) -> object:
        try:
            with house.database.unit(club) as uow:
                return search_pages.handler(replace(ctx, unit=uow), words)
        except NotFound as nothing:
            return nothing

    return search


@contextmanager
def _captured(house: House) -> Iterator[_Statements]:
    """The statements with their values, as they go to the engine."""
    seen: _Statements = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        seen.append((statement, values))

    event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note)


def _own_rank(house: House, ctx: Context, queries: Sequence[str], repeats: int) -> Line:
    with closing(read_only(house.path)) as connection:

        def own(query: str) -> object:
            terms = " AND ".join(f'"{word}"' for word in query.split())
            return connection.execute(_OWN, (terms,)).fetchall()

        ours, bare = by_turns((handler(house, ctx), own), queries, repeats)
    return Line(
        "search, two words: p50 / FTS5's own rank and snippet",
        house.papers,
        "ms",
        ours.quantile(0.5).scaled(MILLI),
        bare.quantile(0.5).scaled(MILLI),
    )
