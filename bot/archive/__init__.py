"""Archive pages: text in -> PaperRecord -> text out. Pure: no database, no platform."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.archive.json_export import to_json
    from bot.archive.limits import MAX_PAGE_BYTES
    from bot.archive.markdown.writer import write_markdown
    from bot.archive.page import write_page
    from bot.archive.reading import read_page
    from bot.archive.record import NotAPage, ParsedPage
    from bot.archive.schema import PAGE_SCHEMA

__all__ = [
    "MAX_PAGE_BYTES",
    "PAGE_SCHEMA",
    "NotAPage",
    "ParsedPage",
    "read_page",
    "to_json",
    "write_markdown",
    "write_page",
]


_MODULES = {
    "MAX_PAGE_BYTES": "limits",
    "PAGE_SCHEMA": "schema",
    "NotAPage": "record",
    "ParsedPage": "record",
    "read_page": "reading",
    "to_json": "json_export",
    "write_markdown": "markdown.writer",
    "write_page": "page",
}


def __getattr__(name: str) -> object:
    """Loads what is asked for: a bot that only shows cards need not wait for the grammar."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
