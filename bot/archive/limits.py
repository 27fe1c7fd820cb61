"""How large a page may be. A real one has some 15,000 bytes on a hundred lines."""

from __future__ import annotations

from bot.archive.record import NotAPage

MAX_PAGE_BYTES = 2 * 1024 * 1024
MAX_LINES = 20_000
MAX_MARKS = 200_000
"""Characters that could be markup; each costs a parser time."""


def refuse_flood(what: str, count: int, limit: int) -> None:
    """Raises NotAPage for more of something than any page has."""
    if count > limit:
        raise NotAPage(
            f"The file has {count:,} {what} and a page may have {limit:,}. "
            "Bring one page in a file, and only the page."
        )
