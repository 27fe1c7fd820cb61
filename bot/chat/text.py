"""Text as spans. Only renderers escape: a title can neither break formatting nor ping anybody."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

# Bidirectional overrides and isolates can make a text show what it does not say; the line and
# paragraph separators break the layout of a card. Zero-width joiners stay: emoji and some scripts
# are spelt with them.
_HARMFUL = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


class WhenStyle(StrEnum):
    """How much of an instant is shown."""

    DATE = "date"
    TIME = "time"
    DATE_TIME = "date_time"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class Bold:
    content: str


@dataclass(frozen=True, slots=True)
class Italic:
    content: str


@dataclass(frozen=True, slots=True)
class Code:
    content: str


@dataclass(frozen=True, slots=True)
class Link:
    """A web address behind words. Only http and https addresses are links."""

    label: str
    url: str

    def __post_init__(self) -> None:
        """Raises ValueError for an address of another scheme."""
        if not self.url.startswith(("https://", "http://")):
            raise ValueError(f"not a web address: {self.url!r}")


@dataclass(frozen=True, slots=True)
class Mention:
    """The one span that notifies: a person's account or a role, by the platform's own id."""

    account_id: str
    name: str
    is_role: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """An instant (aware UTC), shown natively or in the reader's or the club's zone."""

    at: datetime
    style: WhenStyle = WhenStyle.DATE_TIME


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, set off from the bot's own words."""

    content: tuple[str | Bold | Italic | Code | Link | Mention | When, ...]


Span: TypeAlias = str | Bold | Italic | Code | Link | Mention | When | Quote
Text: TypeAlias = tuple[Span, ...]


def clean(text: str) -> str:
    """A person's text without what could act: control characters and direction overrides.

    Line ends become ``\\n``, tabs become spaces; letters, emoji and accents stay as typed.
    """
    if text.isprintable():
        # All that is taken out or changed below counts as not printable.
        return text
    text = _HARMFUL.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")
    if text.isprintable():
        return text
    return "".join(
        char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"}
    )


def one_line(text: str) -> str:
    """A person's text for a name, a title or a label: cleaned, with one space between words."""
    return " ".join(clean(text).split())


def counted(count: int, one: str, many: str = "") -> str:
    """``1 person``, ``3 people``; `many` is said where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def plain(text: Text) -> str:
    """The words alone, for search, logs and places that have no formatting."""
    return "".join(_plain_span(span) for span in text)


def _plain_span(span: Span) -> str:
    match span:
        case str():
            return span
        case Bold(content) | Italic(content) | Code(content):
            return content
        case Link(label):
            return label
        case Mention(_, name):
            return name
        case When(at):
            return at.strftime("%Y-%m-%d %H:%M UTC")
        case Quote(content):
            return plain(content)
