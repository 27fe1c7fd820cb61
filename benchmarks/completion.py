"""Completion of a title: an exact beginning on the event loop, a misspelt one in a thread.

It only computes, so the time that the processor spent on it is taken.
"""

from __future__ import annotations

import random
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from math import log2

from rapidfuzz import process
from rapidfuzz.distance import OSA

from benchmarks import corpus
from benchmarks.house import House
from benchmarks.measure import MICRO, MILLI, Spread, by_turns
from benchmarks.table import Line

_LIMIT = 25
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def measure(houses: Sequence[House], repeats: int, calls: int) -> list[Line]:
    """Beginnings of titles, beginnings of words, words within; then with typing errors."""
    lines, typical = [], []
    for house in houses:
        titles = [head.title for head in house.catalogue.papers.values()]
        exact, half = _exact(house, titles, repeats, calls)
        typical.append(half)
        lines += exact
        lines += _misspelt(house, titles, repeats, max(20, calls // 10))
    first, last = houses[0].papers, houses[-1].papers
    grown = Line(
        f"completion, title begun: p50 / at {first:,} papers",
        last,
        "us",
        typical[-1],
        typical[0],
        max(round(log2(last) / log2(first), 2), 1.25),
    )
    return [*lines, grown]


def _exact(
    house: House, titles: Sequence[str], repeats: int, calls: int
) -> tuple[list[Line], Spread]:
    """The lines, and the median of titles that are begun, by which growth is judged."""
    words = sorted({word for title in titles for word in title.lower().split()})
    ordered = sorted(title.lower() for title in titles)
    picker = corpus.chance(len(titles))

    def complete(typed: str) -> object:
        return house.catalogue.complete(typed, _LIMIT)

    def bisect(typed: str) -> object:
        at = bisect_left(ordered, typed)
        return [title for title in ordered[at : at + _LIMIT] if title.startswith(typed)]

    lines, halves = [], []
    for name, fragments in (
        ("title begun", [_cut(picker, picker.choice(ordered)) for _ in range(calls)]),
        ("word begun", [_cut(picker, picker.choice(words)) for _ in range(calls)]),
        ("words within", [_within(picker, picker.choice(ordered)) for _ in range(calls)]),
    ):
        times = by_turns((complete, bisect), fragments, repeats, time.thread_time)
        ours, baseline = (each.quantile(0.99).scaled(MICRO) for each in times)
        halves.append(times[0].quantile(0.5).scaled(MICRO))
        lines.append(_line(f"completion, {name}: p99 / bisect", house, "us", ours, baseline, 200))
    return lines, halves[0]


def _misspelt(house: House, titles: Sequence[str], repeats: int, calls: int) -> list[Line]:
    words = sorted({word for title in titles for word in title.lower().split()})
    picker = corpus.chance(len(titles))

    def near(typed: str) -> object:
        return house.catalogue.near(typed, _LIMIT)

    def scan(typed: str) -> object:
        word = max(typed.split(), key=len)
        return process.extract(word, words, scorer=OSA.distance, score_cutoff=2, limit=20)

    long = [word for word in words if len(word) > 4]
    lines = []
    for name, typed in (
        ("one word", [misspell(picker, picker.choice(long)) for _ in range(calls)]),
        ("a title, one word", list(_titles_with_error(picker, titles, calls, 1))),
        ("a title, two words", list(_titles_with_error(picker, titles, calls, 2))),
    ):
        ours, baseline = (
            times.quantile(0.99).scaled(MILLI)
            for times in by_turns((near, scan), typed, repeats, time.thread_time)
        )
        what = f"completion, misspelt {name}: p99 / OSA over all words"
        lines.append(_line(what, house, "ms", ours, baseline, 15))
    return lines


def _line(what: str, house: House, unit: str, ours: Spread, baseline: Spread, goal: float) -> Line:
    return Line(what, house.papers, unit, ours, baseline, goal, is_absolute=True)


def _cut(picker: random.Random, text: str) -> str:
    return text[: picker.randint(1, len(text))]


def _within(picker: random.Random, title: str) -> str:
    """Two words of a title, the second one begun."""
    words = title.split()
    first, second = picker.sample(words, 2)
    return f"{first} {_cut(picker, second)}"


def _titles_with_error(
    picker: random.Random, titles: Sequence[str], calls: int, errors: int
) -> Iterator[str]:
    for _ in range(calls):
        words = picker.choice(titles).lower().split()
        for at in picker.sample(range(len(words)), errors):
            words[at] = misspell(picker, words[at])
        yield " ".join(words)


def misspell(picker: random.Random, word: str) -> str:
    """The word with one letter changed, left out, added or swapped with the next one."""
    at = picker.randrange(len(word))
    letter = picker.choice(_LETTERS)
    edits: tuple[Callable[[], str], ...] = (
        lambda: word[:at] + letter + word[at + 1 :],
        lambda: word[:at] + word[at + 1 :],
        lambda: word[:at] + letter + word[at:],
        lambda: word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
    )
    return picker.choice(edits)()
