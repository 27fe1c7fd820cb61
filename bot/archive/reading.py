"""A file as an archive page, whatever shape it came in."""

from __future__ import annotations

from dataclasses import replace

from bot.archive.grammar import read_source
from bot.archive.html.reader import WINDOW_TITLE
from bot.archive.record import ParsedPage
from bot.archive.source import read_file


def read_page(data: bytes, name: str = "") -> ParsedPage:
    """Reads a file as an archive page: plain text, HTML, or Markdown with or without front matter.

    Raises NotAPage, with a sentence for the person who brought the file: what is wrong, what to do.
    """
    page = read_file(data, name)
    parsed = read_source(page)
    window_title = page.fields.get(WINDOW_TITLE)
    if window_title and parsed.record.title == str(parsed.record.code):
        return read_source(replace(page, fields={"title": window_title}))
    return parsed
