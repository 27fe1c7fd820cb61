"""Which part of a page somebody asks for: a depth, pages, a topic, all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.archive.record import Item, PaperRecord, Section, SectionKind
from storage.folding import fold_words

ALL = "all"

# The order is that of the depth dial first, then of what is asked for less.
NAMES: dict[SectionKind, tuple[str, ...]] = {
    SectionKind.LITE_SUMMARY: ("lite", "lite summary", "tldr", "short"),
    SectionKind.IN_DEPTH: ("in-depth", "in depth", "indepth", "depth", "in-depth summary"),
    SectionKind.OPINIONS: ("opinions", "opinion"),
    SectionKind.COMMUNITY_OPINIONS: ("community", "community opinions"),
    SectionKind.NOTES: ("notes", "note"),
    SectionKind.SUMMARY: ("summary",),
    SectionKind.WHY: ("why", "why this is important", "why it matters"),
    SectionKind.AUTHORS: ("authors", "author"),
    SectionKind.JOIN: ("join", "join us"),
    SectionKind.OTHER: ("other",),
}
LABELS: dict[SectionKind, str] = {
    SectionKind.LITE_SUMMARY: "Lite summary",
    SectionKind.IN_DEPTH: "In-depth",
    SectionKind.OPINIONS: "Opinions",
    SectionKind.COMMUNITY_OPINIONS: "Community",
    SectionKind.NOTES: "Notes",
    SectionKind.SUMMARY: "Summary",
    SectionKind.WHY: "Why it matters",
    SectionKind.AUTHORS: "Authors",
    SectionKind.JOIN: "Join",
    SectionKind.OTHER: "More",
}
DIAL = (
    SectionKind.LITE_SUMMARY,
    SectionKind.IN_DEPTH,
    SectionKind.OPINIONS,
    SectionKind.COMMUNITY_OPINIONS,
    SectionKind.NOTES,
)
_BY_NAME = {name: kind for kind, names in NAMES.items() for name in names}
_PAGES = re.compile(
    r"(?:p{1,2}|pg|pgs|pages?)?\.?\s*(\d{1,5})(?:\s*(?:[-\u2010-\u2015]|to)\s*(\d{1,5}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pages:
    """A range of the paper's pages, both ends included."""

    start: int
    end: int

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}\u2013{self.end}"

    @property
    def slug(self) -> str:
        """As it stands in a button's code."""
        return str(self.start) if self.start == self.end else f"{self.start}-{self.end}"

    @property
    def short(self) -> str:
        """As a reference names them: ``p. 5``, ``pp. 5–7``."""
        return f"{'p.' if self.start == self.end else 'pp.'} {self}"

    def overlaps(self, item: Item) -> bool:
        if item.page_start is None or item.page_end is None:
            return False
        return item.page_start <= self.end and self.start <= item.page_end


def of_item(item: Item) -> Pages | None:
    if item.page_start is None or item.page_end is None:
        return None
    return Pages(item.page_start, item.page_end)


def parse_pages(text: str) -> Pages | None:
    """Reads ``p25``, ``25-27``, ``pp. 25 to 27``; a range may run backwards."""
    match = _PAGES.fullmatch(text.strip())
    if match is None:
        return None
    first = int(match[1])
    second = int(match[2] or first)
    return Pages(min(first, second), max(first, second))


def parse_kind(text: str) -> SectionKind | None:
    return _BY_NAME.get(" ".join(text.casefold().split()))


def is_part(text: str) -> bool:
    """Whether a text names a part without looking at any paper."""
    return (
        parse_kind(text) is not None
        or parse_pages(text) is not None
        or text.strip().casefold() == ALL
    )


def slug(kind: SectionKind) -> str:
    """The name of a kind of section in a button's code."""
    return NAMES[kind][0]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a page with its items, in the sections where it stands."""

    name: str
    sections: tuple[Section, ...]


def topics(record: PaperRecord) -> list[str]:
    """Every topic of the page once, and the labels of items that have no topic."""
    found: dict[str, None] = {}
    for section in record.sections:
        for item in section.items:
            name = item.topic or item.label
            if name:
                found.setdefault(name)
    return list(found)


def find_topic(record: PaperRecord, text: str) -> list[str]:
    """The topics that a text may mean: the same words, else a beginning, else words within."""
    asked = fold_words(text)
    names = {name: fold_words(name) for name in topics(record)}
    if not asked:
        return []
    for fits in (_is_same, _is_beginning, _is_within):
        if found := [name for name, own in names.items() if fits(asked, own)]:
            return found
    return []


def topic_slug(name: str) -> str:
    """A topic's name as it stands in a button's code; `find_topic` reads it."""
    return "-".join(fold_words(name))


def _is_same(asked: Sequence[str], own: Sequence[str]) -> bool:
    return list(asked) == list(own)


def _is_beginning(asked: Sequence[str], own: Sequence[str]) -> bool:
    return " ".join(own).startswith(" ".join(asked))


def _is_within(asked: Sequence[str], own: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in own) for part in asked)


def only(section: Section, items: Sequence[Item]) -> Section:
    """The section with just these items, without its introduction."""
    return Section(section.kind, section.heading, "", section.attributed_to, tuple(items))


def about_pages(record: PaperRecord, pages: Pages) -> list[Section]:
    """What the page says of these pages, section by section."""
    found = []
    for section in record.sections:
        items = [item for item in section.items if pages.overlaps(item)]
        if items:
            found.append(only(section, items))
    return found


def about_topic(record: PaperRecord, name: str) -> list[Section]:
    found = []
    for section in record.sections:
        items = [item for item in section.items if (item.topic or item.label) == name]
        if items:
            found.append(only(section, items))
    return found


def page_ranges(record: PaperRecord) -> list[Pages]:
    """Every page range of the in-depth sections once, in reading order."""
    found: dict[Pages, None] = {}
    for section in record.sections:
        if section.kind is SectionKind.IN_DEPTH:
            for item in section.items:
                if pages := of_item(item):
                    found.setdefault(pages)
    return list(found)
