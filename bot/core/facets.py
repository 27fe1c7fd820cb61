"""By what a list of papers can be narrowed: category, contributor, year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

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
            values = [one.name for one in head.contributors]
            values += [head.date[:4]] if head.date else []
            if head.category:
                self.categories[head.category] += 1
                values.append(head.category)
            self.values.update(dict.fromkeys(values, 1))
            for key in {key for value in values for key in _keys(value)}:
                self._numbers.setdefault(key, []).append(head.number)

    def numbers(self, wanted: str) -> list[int]:
        """Papers with this category (whole or a word of it), contributor or year; in order."""
        return self._numbers.get(fold(wanted.strip()), [])


def _keys(value: str) -> set[str]:
    folded = fold(value)
    return {folded, *_BETWEEN.split(folded)}
