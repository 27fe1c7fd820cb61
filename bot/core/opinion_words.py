"""What somebody wrote, as an opinion: the paper, the pages, the topic, and the words themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import parts
from bot.core.catalogue import Catalogue
from storage.folding import fold_words

MAX_TEXT = 4_000
MAX_TOPIC = 80
_PAGES = re.compile(
    r"(?:on\s+)?(?:(?:pages?|pgs?|pp|p)\b\.?\s*|(?=\d{1,5}\s*[-\u2010-\u2015]))"
    r"(?P<pages>\d{1,5}(?:\s*(?:[-\u2010-\u2015]|to)\s*\d{1,5})?)(?!\w)[\s:;,.)–-]*",
    re.IGNORECASE,
)
_TOPIC = re.compile(rf"(?P<topic>[^:\n]{{1,{MAX_TOPIC}}}):\s+")


@dataclass(frozen=True, slots=True)
class Words:
    """An opinion as it was understood. `code` is None where no paper was named."""

    text: str
    code: str | None = None
    pages: parts.Pages | None = None
    topic: str | None = None
    is_marked: bool = False
    """It began with ``#`` and a code, or with a code and a colon: it is meant as an opinion."""


def code_in(text: str, catalogue: Catalogue) -> str | None:
    """The first code of a paper of this club that stands in a text, such as a thread's name."""
    for found in _code(catalogue).finditer(text):
        head = catalogue.by_code(f"{found['prefix']}-{found['number']}")
        if head is not None:
            return head.code
    return None


def read_words(text: str, catalogue: Catalogue, topics: Sequence[str] = ()) -> Words:
    """Takes the code, then the pages and a known topic in either order, from the beginning."""
    words = Words(text.strip())
    match = _code(catalogue).match(words.text)
    if match and (head := catalogue.by_code(f"{match['prefix']}-{match['number']}")):
        rest = words.text[match.end() :]
        is_marked = match[0].startswith("#") or rest.lstrip().startswith(":")
        words = replace(words, code=head.code, text=rest.lstrip(" \t\n:,;–—-"), is_marked=is_marked)
    for _ in range(2):
        words = _with_topic(_with_pages(words), topics)
    return words


def _code(catalogue: Catalogue) -> re.Pattern[str]:
    prefix = re.escape(catalogue.club.prefix)
    return re.compile(rf"#?(?P<prefix>{prefix})[\s-]*(?P<number>\d{{1,6}})(?!\w)", re.IGNORECASE)


def _with_pages(words: Words) -> Words:
    match = _PAGES.match(words.text) if words.pages is None else None
    pages = parts.parse_pages(match["pages"]) if match else None
    if match is None or pages is None or not words.text[match.end() :].strip():
        return words
    return replace(words, pages=pages, text=words.text[match.end() :].strip())


def _with_topic(words: Words, topics: Sequence[str]) -> Words:
    match = _TOPIC.match(words.text) if words.topic is None else None
    known = known_topic(match["topic"], topics) if match else None
    if match is None or known is None:
        return words
    return replace(words, topic=known, text=words.text[match.end() :].strip())


def known_topic(text: str, topics: Sequence[str]) -> str | None:
    """The topic that these words name, in the spelling that it has already."""
    wanted = fold_words(text)
    return next((one for one in topics if wanted and fold_words(one) == wanted), None)
