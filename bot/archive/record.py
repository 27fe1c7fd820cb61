"""What an archive page says, as plain frozen data.

Texts are kept as the page has them (typos included) with white space normalised: Unicode NFC, a
no-break space is a space, runs of spaces are one space, paragraphs are separated by one empty line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_CODE = re.compile(r"([A-Za-z][A-Za-z0-9]{0,15})-(\d{1,6})")


class SectionKind(StrEnum):
    """What a section of a page is about, whatever its heading says."""

    SUMMARY = "summary"
    WHY = "why"
    LITE_SUMMARY = "lite_summary"
    AUTHORS = "authors"
    OPINIONS = "opinions"
    COMMUNITY_OPINIONS = "community_opinions"
    NOTES = "notes"
    IN_DEPTH = "in_depth"
    JOIN = "join"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaperCode:
    """A paper's code, a club's prefix and a number: ``WPRC-006``."""

    prefix: str
    number: int

    def __str__(self) -> str:
        return f"{self.prefix}-{self.number:03d}"

    @classmethod
    def parse(cls, text: str) -> PaperCode | None:
        """Reads a full code such as ``wprc-6``; None when the text is not one."""
        match = _CODE.fullmatch(text.strip())
        return cls(match[1].upper(), int(match[2])) if match else None


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date known to the day, to the month or to the year."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a day that no calendar has."""
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @classmethod
    def parse(cls, text: str) -> PageDate:
        """Reads ``2024-06-28``, ``2024-06`` or ``2024``; raises ValueError otherwise."""
        if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
            raise ValueError(f"not a date: {text!r}")
        return cls(*(int(part) for part in text.split("-")))


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach a contributor. Never shown in a chat."""

    kind: str
    """``email`` or the name of a network: ``telegram``, ``discord``, ``x``, ..."""
    value: str


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody who made the page; the role is ``contributor`` unless the page says another."""

    name: str
    role: str = "contributor"
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A labelled (or plain) point of an item; a label without text may head further points."""

    label: str | None
    text: str
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a section: an opinion, what the page says of a page range, a biography."""

    text: str
    number: str | None = None
    """As printed: ``(i)``."""
    topic: str | None = None
    label: str | None = None
    page_start: int | None = None
    page_end: int | None = None
    attributed_to: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    kind: SectionKind
    heading: str
    """Exactly as on the page."""
    text: str = ""
    """What stands before the first item, or all there is."""
    attributed_to: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A whole archive page."""

    code: PaperCode
    title: str
    subtitle: str | None = None
    abstract: str | None = None
    category: str | None = None
    chapter: str | None = None
    date: PageDate | None = None
    contributors: tuple[Contributor, ...] = ()
    paper_authors: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class PageWarning:
    """Something on a page that does not fit together; the page is read all the same."""

    line: int
    """Counted from 1, in the file as it was read."""
    text: str


@dataclass(frozen=True, slots=True)
class ParsedPage:
    record: PaperRecord
    warnings: tuple[PageWarning, ...] = ()


class NotAPage(ValueError):
    """The text is no archive page; the message says why, for the person who brought it."""
