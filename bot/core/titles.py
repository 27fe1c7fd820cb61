"""Finding papers by a piece of their title: exact beginnings at once, misspelt words later."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from storage.folding import fold_words

# How many candidates are looked at where only a scan can tell, so that a completion stays fast in
# an archive of a hundred thousand papers whatever was typed.
_SCAN = 2_000
# Papers that changed since the index was built are few, or the index is built anew.
_MAX_PATCHES = 200
_LAST = "\uffff"


class TitleIndex:
    """The titles of a club's papers by number. Never changed: `patched` gives a new one."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        self._titles = {number: _normal(title) for number, title in titles.items()}
        self._patches: dict[int, str] = {}
        self._build()

    def _build(self) -> None:
        ordered = sorted(self._titles.items(), key=lambda pair: (pair[1], -pair[0]))
        self._sorted_titles = [title for _, title in ordered]
        self._sorted_numbers = array("l", (number for number, _ in ordered))
        self._postings: dict[str, array[int]] = {}
        for number in sorted(self._titles, reverse=True):
            for word in set(self._titles[number].split()):
                self._postings.setdefault(word, array("l")).append(number)
        self._words = sorted(self._postings)
        self._by_length: dict[int, list[str]] = {}
        for word in self._words:
            self._by_length.setdefault(len(word), []).append(word)
        self._beginnings: dict[int, list[str]] = {}

    def patched(self, titles: Mapping[int, str]) -> TitleIndex:
        """An index that also knows these titles, new or changed."""
        if len(self._patches) + len(titles) > _MAX_PATCHES:
            merged = {number: title[1:] for number, title in (self._titles | self._patches).items()}
            return TitleIndex(merged | dict(titles))
        patched = object.__new__(TitleIndex)
        patched.__dict__.update(self.__dict__)
        patched._patches = self._patches | {n: _normal(title) for n, title in titles.items()}
        return patched

    def find(self, text: str, limit: int) -> list[int]:
        """Numbers of papers whose title has these words, the last one perhaps unfinished.

        Titles that begin with the text come first, then the newest.
        """
        query = fold_words(text)
        if not query:
            return []
        found: dict[int, None] = {}
        for number in self._candidates(" ".join(query), query, limit):
            found[number] = None
            if len(found) == limit:
                break
        return list(found)

    def _candidates(self, text: str, query: list[str], limit: int) -> Iterator[int]:
        for number, title in self._patches.items():
            if _has_words(title, query):
                yield number
        for number in self._beginning_with(text, limit):
            if number not in self._patches:
                yield number
        for number in self._containing(query):
            if number not in self._patches:
                yield number

    def _beginning_with(self, text: str, limit: int) -> Iterable[int]:
        low = bisect_left(self._sorted_titles, f" {text}")
        high = bisect_right(self._sorted_titles, f" {text}{_LAST}", lo=low)
        return self._sorted_numbers[low : min(high, low + limit)]

    def _containing(self, query: list[str]) -> Iterator[int]:
        *whole, last = query
        if any(word not in self._postings for word in whole):
            return
        if whole:
            for number in min((self._postings[word] for word in whole), key=len)[:_SCAN]:
                if _has_words(self._titles[number], query):
                    yield number
            return
        low = bisect_left(self._words, last)
        high = bisect_right(self._words, f"{last}{_LAST}", lo=low)
        for word in self._words[low : min(high, low + _SCAN)]:
            yield from self._postings[word]

    def near(self, text: str, limit: int) -> list[int]:
        """Numbers of papers whose title has these words with typing errors, the nearest first.

        Takes milliseconds in a large archive: not for the event loop.
        """
        distances: dict[int, int] = {}
        query = [word for word in fold_words(text) if len(word) > 2 or word in self._postings]
        for position, word in enumerate(query):
            matched: dict[int, int] = {}
            for near, distance in self._near_words(word, is_last=position == len(query) - 1):
                for number in self._postings[near]:
                    matched.setdefault(number, distance)
            if position:
                matched = {n: d + distances[n] for n, d in matched.items() if n in distances}
            distances = matched
        ranked: list[tuple[int, int]] = []
        for number, distance in distances.items():
            insort(ranked, (distance, -number))
            del ranked[limit:]
        return [-number for _, number in ranked]

    def _near_words(self, word: str, *, is_last: bool) -> list[tuple[str, int]]:
        if word in self._postings:
            return [(word, 0)]
        allowed = 1 if len(word) < 6 else 2
        near = [
            (match, int(distance))
            for length in range(len(word) - allowed, len(word) + allowed + 1)
            for match, distance, _ in process.extract(
                word,
                self._by_length.get(length, []),
                scorer=OSA.distance,
                score_cutoff=allowed,
                limit=20,
            )
        ]
        if not near and is_last:
            near = [(match, allowed) for match in self._near_beginnings(word, allowed)]
        return sorted(near, key=lambda pair: pair[1])[:20]

    def _near_beginnings(self, word: str, allowed: int) -> list[str]:
        """Longer words whose beginning is near, for a word that is still being typed."""
        length = len(word)
        beginnings = self._beginnings.get(length)
        if beginnings is None:
            cut = {w[:length] for n, ws in self._by_length.items() if n > length for w in ws}
            beginnings = self._beginnings[length] = sorted(cut)
        found: list[str] = []
        for match, _, _ in process.extract(
            word, beginnings, scorer=OSA.distance, score_cutoff=allowed, limit=5
        ):
            low = bisect_left(self._words, match)
            high = bisect_right(self._words, f"{match}{_LAST}", lo=low)
            found += self._words[low : min(high, low + 5)]
        return found


def _normal(title: str) -> str:
    """Folded words with one space before each, so that words are found by plain comparison."""
    return "".join(f" {word}" for word in fold_words(title))


def _has_words(title: str, query: list[str]) -> bool:
    *whole, last = query
    padded = f"{title} "
    return all(f" {word} " in padded for word in whole) and f" {last}" in title
