"""The lines of a page as a browser sets them: white space folded, blocks apart from each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum

from bot.archive.limits import MAX_LINES, refuse_flood
from bot.archive.lines import Line

_FOLDED = re.compile(r"[ \t\n\r\f]+")


class Gap(IntEnum):
    """What stands above a line."""

    NONE = 0
    LOOSE = 1
    """The edge of a block that a browser sets without space, such as ``<div>``."""
    SPACE = 2


@dataclass(slots=True)
class Mark:
    """What the markup says about the text that comes next."""

    level: int = 0
    bullet: int = 0
    region: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    number: int
    text: str
    """No-break spaces are kept: a run of them separates columns."""
    mark: Mark
    gap: Gap


@dataclass(slots=True)
class ShownLines:
    """Collects text until a block or a line ends."""

    lines: list[ShownLine] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _number: int = 0
    _mark: Mark = field(default_factory=Mark)
    _gap: Gap = Gap.NONE
    _empty_lines: int = 0
    _links: set[int] = field(default_factory=set)
    _is_more_than_links: bool = False

    def add(self, text: str, number: int, mark: Mark, link: int = 0) -> None:
        """Text that flows: white space is one space, none at the beginning of a line.

        Text of a link comes with the link's number.
        """
        if link:
            self._links.add(link)
        elif not text.isspace():
            self._is_more_than_links = True
        text = _FOLDED.sub(" ", text)
        if not self._parts or self._parts[-1].endswith((" ", "\t")):
            text = text.lstrip(" ")
        if text:
            self._append(text, number, mark)

    def add_verbatim(self, text: str, number: int, mark: Mark) -> None:
        """Text whose line ends and spaces count, as in ``<pre>``."""
        for offset, part in enumerate(text.split("\n")):
            if offset:
                self.new_line()
            if part:
                self._append(part, number + offset, mark)

    def join(self, glue: str = " ") -> None:
        """An edge inside a line: between the blocks of a list item, or the cells of a row."""
        if self._parts and self._parts[-1] != glue:
            last = self._parts[-1] = self._parts[-1].rstrip(" ")
            if glue.startswith(":") and last.endswith(":"):
                glue = glue[1:]
            self._parts.append(glue)

    def drop_last(self, count: int) -> None:
        """Takes back texts of the line that is being read."""
        if 0 < count < len(self._parts):
            del self._parts[-count:]

    def new_line(self) -> None:
        """A line break; the second in a row leaves an empty line."""
        if "".join(self._parts).strip(" \t"):
            self._flush()
        else:
            self._parts.clear()
            self._empty()

    def end_block(self, gap: Gap) -> None:
        self._flush()
        self._gap = max(self._gap, gap)

    def finish(self) -> list[ShownLine]:
        """All lines. Loose edges are lines apart, unless the page sets empty lines of its own."""
        self._flush()
        loose = sum(line.gap is Gap.LOOSE for line in self.lines)
        # One empty line is a spacer; a page made by an editor has one between most of its blocks.
        least = Gap.SPACE if self._empty_lines * 4 > loose else Gap.LOOSE
        return [
            ShownLine(
                line.number, line.text, line.mark, Gap.SPACE if line.gap >= least else Gap.NONE
            )
            for line in self.lines
        ]

    def _append(self, text: str, number: int, mark: Mark) -> None:
        if not self._parts:
            self._number, self._mark = number, mark
        self._parts.append(text)

    def _flush(self) -> None:
        text = "".join(self._parts).strip(" \t")
        if self._is_menu():
            pass
        elif text.strip():
            self.lines.append(ShownLine(self._number, text, self._mark, self._gap))
            self._gap = Gap.NONE
            refuse_flood("lines", len(self.lines), MAX_LINES)
        elif text:
            self._empty()
        self._parts.clear()
        self._links.clear()
        self._is_more_than_links = False

    def _is_menu(self) -> bool:
        """Whether a line is links and nothing between them: the way through a site, and no text."""
        is_marked = self._mark.level or self._mark.bullet
        return len(self._links) > 1 and not (self._is_more_than_links or is_marked)

    def _empty(self) -> None:
        self._gap = Gap.SPACE
        self._empty_lines += 1


def as_lines(shown: list[ShownLine]) -> list[Line]:
    """The same with the empty lines written out."""
    lines: list[Line] = []
    for line in shown:
        if line.gap:
            lines.append(Line(line.number, ""))
        lines.append(Line(line.number, line.text, line.mark.level, line.mark.bullet))
    return lines
