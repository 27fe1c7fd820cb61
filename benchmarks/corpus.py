"""A made-up archive: as many papers as asked for, always the same ones.

Words come with the frequencies of a language (the r-th most common one with a chance of 1/r), since
an archive of equally rare words would make every search look cheap.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, product

from bot.archive.record import (
    Contributor,
    Item,
    PageDate,
    PaperCode,
    PaperRecord,
    Point,
    Section,
    SectionKind,
)

PREFIX = "BENCH"
WORDS = 27_600
_SEED = 20_240_628
_ONSETS = ("b", "br", "c", "d", "f", "g", "gr", "k", "l", "m", "n", "p", "pr", "r", "s", "t", "v")
_RHYMES = ("a", "e", "i", "o", "u", "al", "an", "en", "er", "ion", "or", "um")
_CATEGORIES = ("AI", "Crypto", "Systems", "Theory", "Security", "Networks", "Databases", "Games")
_CHAPTERS = ("SG", "LDN", "NYC", "BER")
_PEOPLE = 300


def chance(seed: int) -> random.Random:
    """A stream of chance that is the same each time."""
    return random.Random(seed)  # noqa: S311


@cache
def vocabulary() -> tuple[str, ...]:
    """Distinct words, the most common first; common ones are short, as in a language."""
    syllables = ["".join(pair) for pair in product(_ONSETS, _RHYMES)]
    picker = chance(_SEED)
    words: dict[str, None] = dict.fromkeys(picker.sample(syllables, 120))
    while len(words) < WORDS:
        words["".join(picker.choices(syllables, k=picker.choice((2, 2, 3, 3, 4))))] = None
    return tuple(words)


@cache
def _weights() -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, WORDS + 1)))


class Writer:
    """Writes text and records from one stream of chance."""

    def __init__(self, seed: int) -> None:
        self._random = chance(seed)

    def words(self, count: int) -> list[str]:
        return self._random.choices(vocabulary(), cum_weights=_weights(), k=count)

    def sentences(self, characters: int) -> str:
        """About so many characters in sentences of 6 to 18 words."""
        found: list[str] = []
        length = 0
        while length < characters:
            sentence = " ".join(self.words(self._random.randint(6, 18))).capitalize() + "."
            found.append(sentence)
            length += len(sentence) + 1
        return " ".join(found)

    def title(self) -> str:
        return " ".join(self.words(self._random.randint(3, 9))).title()

    def record(self, number: int) -> PaperRecord:
        """A short page: 1.5 KB of text in five sections and eight passages."""
        kinds = SectionKind
        pages = [
            Item(self.sentences(190), None, self.topic(), None, start, start + 4)
            for start in (1, 6, 11)
        ]
        return self._paper(
            number,
            (
                Section(kinds.SUMMARY, "Summary", self.sentences(330)),
                Section(kinds.LITE_SUMMARY, "Lite Summary", self.sentences(280)),
                Section(kinds.OPINIONS, "Opinions", self.sentences(110)),
                Section(kinds.IN_DEPTH, "In-depth Summary", "", (), tuple(pages)),
            ),
        )

    def long_record(self, number: int) -> PaperRecord:
        """A page of the size of a real one: 9 sections, 40 items, 15 KB."""
        kinds = SectionKind
        numbered = [f"({numeral})" for numeral in ("i", "ii", "iii", "iv", "v", "vi")]
        return self._paper(
            number,
            (
                Section(kinds.SUMMARY, "Summary", self.sentences(500)),
                Section(kinds.WHY, "Why This Is Important", self.sentences(400)),
                Section(kinds.LITE_SUMMARY, "Lite Summary", "", (), self._items(numbered[:3], 250)),
                Section(kinds.AUTHORS, "Authors", "", (), self._items(numbered[:2], 300)),
                Section(kinds.OPINIONS, "Opinions", "", (), self._items(numbered, 350)),
                Section(kinds.COMMUNITY_OPINIONS, "Community Opinions", "", (), self._topics(8)),
                Section(kinds.NOTES, "Notes", "", (), self._items([None] * 4, 150)),
                Section(
                    kinds.IN_DEPTH,
                    "In-depth Summary of Part (i) from Paper:",
                    self.sentences(60),
                    (),
                    self._ranges(9),
                ),
                Section(
                    kinds.IN_DEPTH,
                    "Summary of Part (ii) from Paper:",
                    self.sentences(60),
                    (),
                    self._ranges(8),
                ),
            ),
        )

    def topic(self) -> str:
        return " ".join(self.words(self._random.randint(2, 4))).title()

    def _paper(self, number: int, sections: tuple[Section, ...]) -> PaperRecord:
        pick = self._random
        names = pick.sample(range(_PEOPLE), k=3)
        return PaperRecord(
            PaperCode(PREFIX, number),
            self.title(),
            category=pick.choice(_CATEGORIES),
            chapter=pick.choice(_CHAPTERS),
            date=PageDate(pick.randint(2015, 2030), pick.randint(1, 12), pick.randint(1, 28)),
            contributors=tuple(Contributor(vocabulary()[500 + at].title()) for at in names),
            sections=sections,
        )

    def _items(self, numbers: Sequence[str | None], characters: int) -> tuple[Item, ...]:
        return tuple(Item(self.sentences(characters), number) for number in numbers)

    def _topics(self, count: int) -> tuple[Item, ...]:
        names = [self.topic() for _ in range(count // 2)]
        return tuple(
            Item(self.sentences(220), f"({'i' * (1 + at % 2)})", topic=names[at // 2])
            for at in range(count)
        )

    def _ranges(self, count: int) -> tuple[Item, ...]:
        return tuple(
            Item(
                "",
                None,
                topic=self.topic(),
                page_start=1 + at * 5,
                page_end=5 + at * 5,
                points=tuple(Point(self.topic(), self.sentences(110)) for _ in range(4)),
            )
            for at in range(count)
        )


def papers(first: int, last: int) -> Iterator[PaperRecord]:
    """The papers with these numbers; each is the same in an archive of any size."""
    for number in range(first, last + 1):
        yield Writer(_SEED + number).record(number)
