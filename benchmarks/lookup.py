"""From a code to the card: the handler on the snapshot against a prepared SELECT."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from benchmarks import corpus
from benchmarks.house import House, invocation, read_only
from benchmarks.measure import MICRO, Spread, Times, by_turns, timed_async
from benchmarks.table import Line
from bot.chat.commands import PaperRef
from bot.core.papers import show_paper

_CARD = """
    SELECT papers.code, title, subtitle, category, chapter, date, summary, outline,
           revisions.number,
           (SELECT group_concat(name || ' ' || role) FROM contributors
            WHERE contributors.club_id = revisions.club_id AND revision_id = revisions.id)
    FROM papers
    JOIN revisions ON revisions.club_id = papers.club_id AND revisions.paper_id = papers.id
        AND revisions.number = papers.current_revision
    WHERE papers.club_id = ? AND papers.code = ?
"""


async def measure(houses: Sequence[House], repeats: int, calls: int) -> list[Line]:
    """The handler alone and the whole way in, at each size; then how the handler grows."""
    lines, medians = [], []
    for house in houses:
        codes = _codes(house.papers, calls)
        ours, baseline = _handler(house, codes, repeats)
        whole = await _dispatched(house, codes, repeats)
        medians.append(_half(ours))
        lines += [
            Line(
                "code to card: handler / prepared SELECT",
                house.papers,
                "us",
                _half(ours),
                _half(baseline),
                3.0,
            ),
            Line(
                "code to card: whole dispatch / SELECT",
                house.papers,
                "us",
                _half(whole),
                _half(baseline),
            ),
        ]
    growth = f"code to card: handler / at {houses[0].papers:,} papers"
    return [*lines, Line(growth, houses[-1].papers, "us", medians[-1], medians[0], 1.5)]


def _codes(papers: int, calls: int) -> list[str]:
    picker = corpus.chance(papers)
    return [f"{corpus.PREFIX}-{picker.randint(1, papers):03d}" for _ in range(calls)]


def _handler(house: House, codes: list[str], repeats: int) -> list[Times]:
    ctx = house.context("paper")
    with closing(read_only(house.path)) as connection:
        club = house.catalogue.club.id

        def select(code: str) -> object:
            return connection.execute(_CARD, (club, code)).fetchone()

        def handle(code: str) -> object:
            return show_paper.handler(ctx, PaperRef(code))

        return by_turns((handle, select), codes, repeats)


async def _dispatched(house: House, codes: list[str], repeats: int) -> Times:
    async def dispatch(code: str) -> object:
        return await house.dispatcher.dispatch(invocation("paper", code))

    return Times(tuple([tuple(await timed_async(dispatch, codes)) for _ in range(repeats)]))


def _half(times: Times) -> Spread:
    return times.quantile(0.5).scaled(MICRO)
