"""Items and points while a section is being read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import zip_longest

from bot.archive.grammar.headings import is_nothing
from bot.archive.grammar.labels import Labelled, split_label
from bot.archive.lines import Line
from bot.archive.record import Item, Point

MAX_DEPTH = 4
"""How deep points nest; deeper ones stand beside each other."""

_GENERIC = re.compile(
    r"(?:\(\w{1,7}\)|\d{1,2}[.)]|[ivx]{1,5}[.)]|[a-z]\))(?:\s|$)"
    r"|(?:notes?|questions?|open questions|remarks?|comments?|conclusions?|summary|takeaways?"
    r"|key takeaways?|example|examples|limitations?|outlook)$|.*\bfeedback$",
    re.IGNORECASE,
)


class Opened(Enum):
    """What began an item; it decides what may follow it."""

    NUMBER = auto()
    BULLET_NUMBER = auto()
    BULLET = auto()
    HEADING = auto()
    RANGE = auto()
    LABEL = auto()
    PARAGRAPH = auto()
    FOOTNOTE = auto()


def with_next(blocks: Sequence[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Each block with the one that follows it."""
    return zip_longest(blocks, blocks[1:])


@dataclass(slots=True)
class PointDraft:
    label: str | None
    text: str
    points: list[PointDraft] = field(default_factory=list)

    def finish(self) -> Point:
        return Point(self.label, self.text, tuple(point.finish() for point in self.points))


@dataclass(slots=True)
class ItemDraft:
    opened: Opened
    number: str | None = None
    topic: str | None = None
    label: str | None = None
    start: int | None = None
    end: int | None = None
    depth: int = 0
    """Of the bullet that began it; 0 if none did."""
    texts: list[str] = field(default_factory=list)
    points: list[PointDraft] = field(default_factory=list)
    group: PointDraft | None = None
    """A label without text, whose points may still come."""
    _nested: list[PointDraft] = field(default_factory=list)
    _shift: int = 0
    """One more while bullets belong to a group that a paragraph began."""

    @property
    def is_bare(self) -> bool:
        """Whether nothing but a heading has been read."""
        return not (self.texts or self.points or self.label or self.number)

    @property
    def is_numbered(self) -> bool:
        return self.opened in (Opened.NUMBER, Opened.BULLET_NUMBER)

    def add_text(self, text: str) -> None:
        if not is_nothing(text):
            self.texts.append(text)

    def add_paragraph(self, text: str) -> None:
        """A paragraph goes on with the text, and behind points is one more point."""
        if self.points:
            self.add_point(text, 1)
        else:
            self.add_text(text)

    def add_point(self, text: str, depth: int) -> None:
        """A point as a bullet of that depth, counted from 1."""
        if is_nothing(text):
            return
        if self.group is not None:
            self._nested, self._shift, self.group = [self.group], 1, None
        point = PointDraft(*split_label(text))
        del self._nested[min(max(1, depth) + self._shift, MAX_DEPTH) - 1 :]
        (self._nested[-1].points if self._nested else self.points).append(point)
        self._nested.append(point)

    def add_labelled(self, found: Iterable[Labelled]) -> None:
        """Points out of a paragraph: a label without text takes in those that follow it."""
        for label, text in found:
            self._nested, self._shift = [], 0
            point = PointDraft(label, text)
            if self.group is not None and text and not _GENERIC.match(label or ""):
                self.group.points.append(point)
                continue
            self.points.append(point)
            self.group = None if text else point

    def finish(self, attributed_to: tuple[str, ...] = ()) -> Item:
        return Item(
            text="\n\n".join(self.texts),
            number=self.number,
            topic=self.topic,
            label=self.label,
            page_start=self.start,
            page_end=self.end,
            attributed_to=attributed_to,
            points=tuple(point.finish() for point in self.points),
        )


@dataclass(slots=True)
class Body:
    """What a section holds."""

    texts: list[str] = field(default_factory=list)
    items: list[ItemDraft] = field(default_factory=list)

    @property
    def last(self) -> ItemDraft | None:
        return self.items[-1] if self.items else None

    def add_text(self, text: str) -> None:
        if not is_nothing(text):
            self.texts.append(text)

    def open(self, item: ItemDraft) -> ItemDraft:
        self.items.append(item)
        return item
