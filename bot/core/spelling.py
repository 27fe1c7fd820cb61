"""What a misspelt search may have meant: words of the club's own pages that are near."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from storage.search import Search
from storage.search_query import SearchQuery, SearchTerm

_SHORTEST = 4
_MOST = 6


@dataclass(frozen=True, slots=True)
class Respelt:
    """A query with other words beside the ones that were typed."""

    query: SearchQuery
    description: str


def respelt(query: SearchQuery, search: Search) -> Respelt | None:
    """Adds near words to each word of the query; None where no word has one.

    A word that some page has keeps its place, so "Crypto" also finds a page that says "Crytpo"
    only where nothing says "Crypto". One edit for short words, two from six letters on.
    """
    terms = []
    described = []
    for term in query.terms:
        near = _near(term, search)
        terms.append(replace(term, alternatives=(*term.alternatives, *near)))
        described.append(near[0] if near else " ".join(term.words))
    if terms == list(query.terms):
        return None
    return Respelt(SearchQuery(tuple(terms)), "“" + " ".join(described) + "”")


def with_plurals(query: SearchQuery) -> SearchQuery:
    """The query with the singular beside the plural, and the other way round: whoever types
    ``deepfake`` means ``deepfakes`` as well."""
    return SearchQuery(tuple(_with_plural(term) for term in query.terms))


def _with_plural(term: SearchTerm) -> SearchTerm:
    word = term.words[0]
    if len(term.words) > 1 or term.is_prefix or len(word) < _SHORTEST or not word.isalpha():
        return term
    other = word[:-1] if word.endswith("s") else f"{word}s"
    return replace(term, alternatives=(other,))


def _near(term: SearchTerm, search: Search) -> list[str]:
    if len(term.words) > 1 or term.is_prefix or len(term.words[0]) < _SHORTEST:
        return []
    word = term.words[0]
    allowed = 1 if len(word) < 6 else 2
    known = search.words_between(len(word) - allowed, len(word) + allowed)
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=allowed, limit=_MOST + 1)
    return [match for match, _, _ in found if match != word][:_MOST]
