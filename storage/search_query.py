"""What a person looks for, read from what they typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.folding import fold_words

_LONGEST_QUERY = 1_000
_MOST_TERMS = 16
_PART = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+)')


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """A word, or words that must stand together, as folded words."""

    words: tuple[str, ...]
    is_prefix: bool = False
    """Whether the last word may go on: ``crypt*``; one letter would find nearly everything."""
    alternatives: tuple[str, ...] = ()
    """Folded words that may stand in the place of a single word that nobody wrote."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Terms that must all stand in one passage or its paper's title; no terms find nothing."""

    terms: tuple[SearchTerm, ...]

    @classmethod
    def parse(cls, text: str) -> SearchQuery:
        """Reads words, ``"phrases"`` and ``beginnings*``; no text is an error."""
        terms: dict[SearchTerm, None] = {}
        for match in _PART.finditer(text[:_LONGEST_QUERY]):
            phrase, word = match.groups()
            words = tuple(fold_words(phrase if word is None else word))
            if words:
                is_prefix = word is not None and word.endswith("*") and len(words[-1]) > 1
                terms[SearchTerm(words[:_MOST_TERMS], is_prefix)] = None
        return cls(tuple(terms)[:_MOST_TERMS])
