"""By what a list of papers can be narrowed: category, contributor, year."""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from storage.folding import fold
from storage.papers import PaperHead

_BETWEEN = re.compile(r"[\s/&,+]+")


class Facets:
    """Counts and numbers of papers by each value; takes a while to make for a large archive."""

    def __init__(self, papers: Iterable[PaperHead]) -> None:
        self.categories: Counter[str] = Counter()
        """Papers in each category; one without a category counts nowhere."""
        self.values: Counter[str] = Counter()
        self._numbers: dict[str, list[int]] = {}
        for head in papers:
            self._count(head, 1)
            for key in _keys_of(head):
                self._numbers.setdefault(key, []).append(head.number)

    def patched(self, changes: Iterable[tuple[PaperHead | None, PaperHead]]) -> Facets:
        """The facets after these papers changed, each given as it was (None: new) and as it is."""
        patched = Facets(())
        patched.categories, patched.values = self.categories.copy(), self.values.copy()
        patched._numbers = self._numbers.copy()
        own: set[str] = set()
        for before, after in changes:
            if before is not None:
                patched._count(before, -1)
                for key in _keys_of(before):
                    patched._own(key, own).remove(before.number)
            patched._count(after, 1)
            for key in _keys_of(after):
                insort(patched._own(key, own), after.number)
        return patched

    def _own(self, key: str, own: set[str]) -> list[int]:
        """The numbers of a key in a list that no other facets share."""
        if key not in own:
            own.add(key)
            self._numbers[key] = list(self._numbers.get(key, ()))
        return self._numbers[key]

    def _count(self, head: PaperHead, by: int) -> None:
        counted = [(self.values, value) for value in dict.fromkeys(_values(head))]
        if head.category:
            counted.append((self.categories, head.category))
        for counter, value in counted:
            counter[value] += by
            if not counter[value]:
                del counter[value]

    def numbers(self, wanted: str) -> list[int]:
        """Papers with this category (whole or a word of it), contributor or year; in order."""
        return self._numbers.get(fold(wanted.strip()), [])


def _values(head: PaperHead) -> Iterator[str]:
    yield from (one.name for one in head.contributors)
    if head.date:
        yield head.date[:4]
    if head.category:
        yield head.category


def _keys_of(head: PaperHead) -> set[str]:
    return {key for value in _values(head) for key in _keys(value)}


@lru_cache(maxsize=4_096)
def _keys(value: str) -> frozenset[str]:
    folded = fold(value)
    return frozenset((folded, *_BETWEEN.split(folded)))
