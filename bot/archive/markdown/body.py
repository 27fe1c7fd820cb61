"""Lines to Markdown that reads back as the same lines, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.archive.lines import Line

_MARKS = re.compile(r"[\\`*_\[\]<>&|~]")
_HEADING_MARKS = re.compile(r"[\\`*_\[\]<>&|~#]")
_NUMBER = re.compile(r"(\d{1,9})([.)])")


def markdown_body(lines: Iterable[Line]) -> str:
    """The lines as headings, lists and paragraphs, each mark that a text holds escaped.

    Lines with no empty one between them stay apart by a hard break, a backslash at the end.
    """
    blocks: list[str] = []
    open_block: list[str] = []
    depth = 0

    def close() -> None:
        nonlocal depth
        if open_block:
            # In a paragraph the lines would flow together, in a list they are items anyway.
            blocks.append(("\n" if depth else "\\\n").join(open_block))
            open_block.clear()
        depth = 0

    for line in lines:
        if line.bullet:
            if not depth:
                close()
            open_block.append(_item(line, depth))
            depth = line.bullet
        elif line.level or not line.text:
            if line.level:
                close()
                blocks.append(f"{'#' * line.level} {_HEADING_MARKS.sub(_escaped, line.text)}")
            elif not depth:
                close()
        else:
            if depth:
                close()
            open_block.append(_paragraph(line.text))
    close()
    return "\n\n".join(blocks)


def _item(line: Line, depth: int) -> str:
    """A list item; one that is more than a level deeper than the last opens the lists between."""
    skipped = max(0, line.bullet - depth - 1)
    indent = "  " * (line.bullet - 1 - skipped)
    return indent + "- " * (skipped + 1) + _paragraph(line.text)


def _paragraph(text: str) -> str:
    """A text in which nothing is markup."""
    text = _MARKS.sub(_escaped, text)
    if text.startswith(("#", "+", "=", "-")):
        return "\\" + text
    return _NUMBER.sub(r"\1\\\2", text, count=1) if _NUMBER.match(text) else text


def _escaped(mark: re.Match[str]) -> str:
    return "\\" + mark[0]
