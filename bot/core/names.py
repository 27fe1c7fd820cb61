"""Names as they are printed: what a page that is read again would know as a name."""

from __future__ import annotations

import re

from bot.archive.speaking import reads_as_name
from bot.chat.errors import Invalid
from bot.chat.text import clean, one_line

MAX_NAME = 50
NOBODY = "Reader"
_NOT_LETTERS = re.compile(r"[^\w'’.\- ]|[\d_]")


def printable_name(text: str) -> str:
    """The nearest to a platform's name that can be printed: ``ana_99`` becomes ``Ana``."""
    name = one_line(text)[:MAX_NAME]
    if reads_as_name(name):
        return name
    words = _NOT_LETTERS.sub(" ", name).split()[:4]
    name = " ".join(word[:1].upper() + word[1:] for word in words).strip(" .-'’")
    for candidate in (name, name.title(), f"{NOBODY} {name.title()}"):
        if reads_as_name(candidate):
            return candidate
    return NOBODY


def chosen_name(text: str) -> str:
    """A name that somebody wants to be printed under; raises Invalid for what is none."""
    name = one_line(text)
    if not reads_as_name(name):
        raise Invalid(
            f"“{clean(text)[:60]}” cannot be printed as a name: one to four words of letters, each "
            "with a capital, such as Ana or Ana Maria de Souza."
        )
    return name
