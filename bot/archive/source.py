"""Files to pages: which format a file has, and the lines it holds."""

from __future__ import annotations

import re

from bot.archive.decode import decode
from bot.archive.grammar import text_source
from bot.archive.html.reader import read_html
from bot.archive.limits import MAX_LINES, refuse_flood
from bot.archive.lines import SourcePage
from bot.archive.markdown.reader import is_markdown, read_markdown

_DOCUMENT = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:article|body|br|div|h[1-6]|li|main|ol|p|pre|section|span|table|td|tr|ul)"
    r"(?:\s[^<>]*+)?/?>",
    re.IGNORECASE,
)
_TOP = 2000
"""How far down a page says that it is HTML, in characters."""


def read_file(data: bytes, name: str = "") -> SourcePage:
    """The lines of a file in whatever format it has, by its content; the name is only a hint.

    Raises NotAPage for a file that cannot be read, with a sentence for the person who brought it.
    """
    text = decode(data)
    if is_html(text, name):
        return read_html(text)
    if is_markdown(text, name):
        return read_markdown(text)
    refuse_flood("lines", text.count("\n"), MAX_LINES)
    return text_source(text)


def is_html(text: str, name: str = "") -> bool:
    """Whether a page is HTML: it says so at its top, or begins with a tag and goes on with them.

    A `<` somewhere in a page means nothing: `a < b`, or a page about tags.
    """
    top = text.lstrip()[:_TOP]
    if top.startswith("<") and _DOCUMENT.search(top):
        return True
    called = name.lower()
    if called.endswith((".md", ".markdown")):
        return False
    if called.endswith((".html", ".htm", ".xhtml")):
        return bool(_TAG.search(text))
    return bool(top.startswith("<!--") or _TAG.match(top)) and len(_TAG.findall(text)) > 1
