"""Search over the passages of a club: one function, the same hits on both databases.

The database finds passages that hold all terms; the ranking is done here, over a bounded number of
them, so that it is the same everywhere and two very common words cost little more than two rare
ones. A bounded set still holds every title and every heading that is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from storage.paper_rows import PaperTable
from storage.passages import (
    HEAD,
    PLACE_MARK,
    TITLE_MARK,
    PassageTable,
    WordTable,
    club_range,
)
from storage.search_index import Candidate, find_candidates
from storage.search_query import SearchQuery, SearchTerm

__all__ = ["MOST_OF_A_PAPER", "Hit", "Search", "SearchQuery", "SearchTerm"]

_BOUND = 400
MOST_OF_A_PAPER = 3
_TITLE_WEIGHT = 6.0
_PLACE_WEIGHT = 2.0
_FOREIGN_TITLE_WEIGHT = 0.25
_ALTERNATIVE_WEIGHT = 0.8
_USUAL_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found and where it stands."""

    paper_id: int
    code: str
    title: str
    kind: str
    """A kind of section, or ``head`` for the paper as such."""
    heading: str | None
    topic: str | None
    section_position: int | None
    item_position: int | None
    page_start: int | None
    page_end: int | None
    text: str
    score: float


class Search:
    """The search of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def find(self, query: SearchQuery, limit: int = 10, offset: int = 0) -> list[Hit]:
        """The best passages, at most three of a paper; a title beats a heading beats a text.

        The newest come first among equals. Where very many passages match, the newest of them and
        those with the terms in their title or heading are ranked.
        """
        if not query.terms:
            return []
        ranked = _best(self._candidates(query), query)
        return self._hits(ranked[offset : offset + limit])

    def words_between(self, shortest: int, longest: int) -> list[str]:
        """The club's folded words of these lengths, to look for what a misspelt word meant."""
        statement = select(WordTable.word).where(
            WordTable.club_id == self._club_id,
            func.length(WordTable.word).between(shortest, longest),
        )
        return list(self._connection.execute(statement).scalars())

    def _candidates(self, query: SearchQuery) -> list[Candidate]:
        scope = club_range(self._club_id)
        found = find_candidates(self._connection, self._club_id, scope, query, "", _BOUND)
        if len(found) < _BOUND:
            return found
        for mark in (TITLE_MARK, PLACE_MARK):
            found += find_candidates(self._connection, self._club_id, scope, query, mark, _BOUND)
        return list({candidate.id: candidate for candidate in found}.values())

    def _hits(self, ranked: Sequence[tuple[float, int]]) -> list[Hit]:
        scores = {key: value for value, key in ranked}
        rows = self._connection.execute(_HITS, {"ids": list(scores)}).all()
        hits = {key: Hit(*(*fields, scores[key])) for key, *fields in rows}
        return [hits[key] for _, key in ranked]


# An id tells its club. Asked for the club as well, or for a join, SQLite would go through all
# passages of the club.
_HITS = select(
    PassageTable.id,
    PassageTable.paper_id,
    select(PaperTable.code).where(PaperTable.id == PassageTable.paper_id).scalar_subquery(),
    PassageTable.title,
    PassageTable.kind,
    PassageTable.heading,
    PassageTable.topic,
    PassageTable.section_position,
    PassageTable.item_position,
    PassageTable.page_start,
    PassageTable.page_end,
    PassageTable.text,
).where(PassageTable.id.in_(bindparam("ids", expanding=True)))


def _best(candidates: Sequence[Candidate], query: SearchQuery) -> list[tuple[float, int]]:
    terms = [needles(term) for term in query.terms]
    scored = [(-score(candidate, terms), -candidate.id, candidate) for candidate in candidates]
    scored.sort()
    of_paper: Counter[int] = Counter()
    best = []
    for value, _, candidate in scored:
        # A passage that only its paper's title brought here says nothing about the words.
        if value and of_paper[candidate.paper_id] < MOST_OF_A_PAPER:
            of_paper[candidate.paper_id] += 1
            best.append((-value, candidate.id))
    return best


def score(candidate: Candidate, terms: Sequence[Sequence[tuple[str, float]]]) -> float:
    """How well a passage fits: above all where the terms stand, then how often for its length."""
    title, place, body, _ = candidate.words.split(" _ ")
    title, place, body = f" {title} ", f" {place} ", f" {body} "
    is_here = is_head = candidate.kind == HEAD
    title_weight = _TITLE_WEIGHT if is_head else _FOREIGN_TITLE_WEIGHT
    norm = 1.2 * (0.25 + 0.75 * body.count(" ") / _USUAL_LENGTH)
    total = 0.0
    for term in terms:
        best = 0.0
        for needle, weight in term:
            count = body.count(needle)
            value = count / (count + norm) if count else 0.0
            if needle in place:
                value += _PLACE_WEIGHT
            is_here = is_here or value > 0
            if needle in title:
                value += title_weight
            best = max(best, value * weight)
        total += best
    return total / len(terms) if is_here else 0.0


def needles(term: SearchTerm) -> list[tuple[str, float]]:
    """What to look for in a field of words with a space on each side, with its weight."""
    end = "" if term.is_prefix else " "
    found = [(f" {' '.join(term.words)}{end}", 1.0)]
    found += [(f" {word} ", _ALTERNATIVE_WEIGHT) for word in term.alternatives]
    return found
