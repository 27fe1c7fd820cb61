"""The common ground of all page formats: a page as lines, some of them marked by its markup.

Plain text marks nothing; HTML and Markdown say which lines are headings and list items. The grammar
reads only this, so each format needs a reader and nothing more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.archive.record import Link


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    """Counted from 1, in the file as it was read."""
    text: str
    """White space normalised; empty for a blank line."""
    level: int = 0
    """1 to 6 where the markup says that this is a heading."""
    bullet: int = 0
    """Depth of a list item, from 1; 0 for everything else."""
    column: int = 0
    """Counted from 0 where wide gaps make columns of a row; each column is a Line."""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page on its way in, whatever its format was."""

    lines: tuple[Line, ...]
    fields: Mapping[str, object] = field(default_factory=dict)
    """Front matter, by lower-case key."""
    links: tuple[Link, ...] = ()
    """Addresses that the markup holds and the text does not show."""


def normalise(text: str) -> str:
    """NFC, every run of white space (no-break spaces too) to one space, no space at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())
