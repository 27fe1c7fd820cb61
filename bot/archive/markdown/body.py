"""Lines to Markdown that reads back as the same lines, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.archive.lines import Line

_MARKS = re.compile(r"[\\`*_\[\]<>&~]")
_NUMBER = re.compile(r"(\d{1,9})([.)])")


def markdown_body(lines: Iterable[Line]) -> str:
    """The lines as headings, list items and paragraphs, each mark that a text holds escaped."""
    written = ""
    depth = 0
    for line in lines:
        if not line.text:
            continue
        if line.bullet:
            written += ("\n" if depth else "\n\n") + _item(line, depth)
        elif line.level:
            # A heading may end in `#`, which Markdown would take for decoration.
            text = _escaped(line.text).replace("#", "\\#")
            written += f"\n\n{'#' * line.level} {text}"
        else:
            written += "\n\n" + _paragraph(line.text)
        depth = line.bullet
    return written.lstrip("\n")


def _item(line: Line, depth: int) -> str:
    """A list item; one that is more than a level deeper than the last opens the lists between."""
    skipped = max(0, line.bullet - depth - 1)
    indent = "  " * (line.bullet - 1 - skipped)
    return indent + "- " * (skipped + 1) + _paragraph(line.text)


def _paragraph(text: str) -> str:
    """A text that does not begin like a heading, a list, a rule or a table."""
    text = _escaped(text)
    if text.startswith(("#", "+", "=", "-", "|")):
        return "\\" + text
    return _NUMBER.sub(r"\1\\\2", text, count=1) if _NUMBER.match(text) else text


def _escaped(text: str) -> str:
    return _MARKS.sub(lambda mark: "\\" + mark[0], text)
