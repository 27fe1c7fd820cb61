"""Tables of pages and topics, as some write an in-depth summary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.archive.grammar.ranges import read_pages
from bot.archive.lines import Line

_HEADER = re.compile(r"(?:pages?|pp?\.?|seiten?)", re.IGNORECASE)


def read_rows(lines: Sequence[Line]) -> Iterator[Line]:
    """The same lines, each table row with pages in a column as the paragraph that says the same.

    The columns of any other row stay as they are.
    """
    position = 0
    while position < len(lines):
        end = position + 1
        while end < len(lines) and lines[end].column > lines[end - 1].column:
            end += 1
        row = lines[position:end]
        if len(row) == 1:
            yield row[0]
        elif not any(_HEADER.fullmatch(cell.text) for cell in row):
            yield from _as_item(row)
        position = end


def _as_item(row: Sequence[Line]) -> Sequence[Line]:
    pages = next((cell for cell in row if read_pages(cell.text)), None)
    if pages is None:
        return row
    start, end = read_pages(pages.text) or (0, 0)
    topic, *texts = (cell.text.rstrip(": ") for cell in row if cell is not pages)
    text = f"{topic} [{start}-{end}]" + (f": {' '.join(texts)}" if texts else "")
    return [Line(row[0].number, text)]
