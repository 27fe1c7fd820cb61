"""Snippets: the part of a text where the words that were looked for stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from storage.folding import fold, fold_words
from storage.search_query import SearchQuery

_SEARCHED = 20_000
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A window of whole words; an ellipsis stands where the text goes on."""

    text: str
    matches: tuple[tuple[int, int], ...]
    """Start and end in ``text`` of each word that was looked for."""


def make_snippet(text: str, query: SearchQuery, width: int = 200) -> Snippet:
    """The window of about ``width`` characters that begins shortly before the first match."""
    text = " ".join(text[:_SEARCHED].split())
    matches = _matches(text, query, width)
    start = _window_start(text, matches[0][0] if matches else 0, width)
    end = _window_end(text, start, width)
    before = _ELLIPSIS if start else ""
    after = _ELLIPSIS if end < len(text) else ""
    shift = len(before) - start
    return Snippet(
        f"{before}{text[start:end]}{after}",
        tuple((a + shift, b + shift) for a, b in matches if start <= a and b <= end),
    )


def _matches(text: str, query: SearchQuery, width: int) -> list[tuple[int, int]]:
    """The matches within a window from the first one; later ones cannot be shown."""
    wanted = {word for term in query.terms for word in (*term.words, *term.alternatives)}
    beginnings = tuple(term.words[-1] for term in query.terms if term.is_prefix)
    if _is_folded_by_case(text):
        # Looking for the words is several times as fast as looking at every word.
        pattern, lower = _pattern(wanted, beginnings), text.lower()
        first = pattern.search(lower)
        if first is None:
            return []
        last = first.start() + width
        return [match.span() for match in pattern.finditer(lower, first.start(), last)]
    found: list[tuple[int, int]] = []
    for token in _WORD.finditer(text):
        if found and token.start() > found[0][0] + width:
            break
        words = fold_words(token[0])
        if any(word in wanted or word.startswith(beginnings) for word in words):
            found.append(token.span())
    return found


def _is_folded_by_case(text: str) -> bool:
    """Whether lower case is all that folding does to a text, so that places stay the same."""
    return text.isascii() or all(map(_stays, set(text)))


@lru_cache(maxsize=4096)
def _stays(char: str) -> bool:
    return char.isascii() or (fold(char) == char and not fold_words(char))


def _pattern(words: Iterable[str], beginnings: Iterable[str]) -> re.Pattern[str]:
    ends = [f"{word}[^\\W_]*" for word in beginnings]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join([*sorted(words), *ends])})(?![^\W_])")


def _window_start(text: str, first: int, width: int) -> int:
    if len(text) <= width or first <= width // 3:
        return 0
    # Never further on than needed to fill the window.
    start = max(0, min(first - width // 4, len(text) - width))
    space = text.rfind(" ", 0, start + 1)
    following = text.find(" ", start, first)
    return (following if following >= 0 else space) + 1


def _window_end(text: str, start: int, width: int) -> int:
    if len(text) - start <= width:
        return len(text)
    space = text.rfind(" ", start, start + width + 1)
    return space if space > start else start + width


_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")
