"""Cutting a long answer into pages, between blocks first and between sentences else."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.chat.reply import Block
from bot.chat.text import Bold, Code, Italic, Quote, Span, Text, plain

# After a full stop, a question or exclamation mark (also of East Asian texts) and what closes it.
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"”’)\]]*\s+|(?<=[。！？])|\n+")
_WORD_END = re.compile(r"\s+")

Measure = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page holds: characters as the platform counts them, and buttons."""

    characters: int
    actions: int
    measure: Measure = len


def paginate(blocks: Sequence[Block], limits: Limits) -> list[tuple[Block, ...]]:
    """Blocks as pages, in order; there is always at least one page."""
    pages: list[tuple[Block, ...]] = []
    page: list[Block] = []
    room, buttons = limits.characters, limits.actions
    for block in _split_all(blocks, limits):
        size = limits.measure(plain(block.text)) + 1
        if page and (size > room or len(block.actions) > buttons):
            page, carried = _without_headings(page)
            pages.append(tuple(page))
            page, room, buttons = carried, limits.characters, limits.actions
            room -= sum(limits.measure(plain(heading.text)) + 1 for heading in carried)
            if size > room:
                pages.append(tuple(page))
                page, room = [], limits.characters
        page.append(block)
        room -= size
        buttons -= len(block.actions)
    if page or not pages:
        pages.append(tuple(page))
    return pages


def _without_headings(page: list[Block]) -> tuple[list[Block], list[Block]]:
    """A page without the headings at its end, and these; a page of headings stays as it is."""
    end = len(page)
    while end and page[end - 1].is_heading:
        end -= 1
    return (page[:end], page[end:]) if end else (page, [])


def _split_all(blocks: Iterable[Block], limits: Limits) -> Iterable[Block]:
    for block in blocks:
        if limits.measure(plain(block.text)) < limits.characters:
            yield block
            continue
        texts = split(block.text, limits.characters - 1, limits.measure)
        for text in texts[:-1]:
            yield replace(block, text=text, actions=())
        yield replace(block, text=texts[-1])


def split(text: Text, limit: int, measure: Measure = len) -> list[Text]:
    """Cuts a text into parts of at most `limit`, after a sentence, else a word, else anywhere."""
    parts: list[Text] = []
    part: list[Span] = []
    used = 0
    for span in text:
        for piece in _pieces(span, limit, measure):
            size = measure(plain((piece,)))
            if part and used + size > limit:
                parts.append(_stripped(part))
                part, used = [], 0
            part.append(piece)
            used += size
    parts.append(_stripped(part))
    return [part for part in parts if part] or [()]


def _stripped(part: Sequence[Span]) -> Text:
    """Neighbouring strings joined, without the space at which the text was cut."""
    joined: list[Span] = []
    for span in part:
        if isinstance(span, str) and joined and isinstance(joined[-1], str):
            joined[-1] += span
        else:
            joined.append(span)
    if joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip()
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip()
    return tuple(span for span in joined if span != "")


def _pieces(span: Span, limit: int, measure: Measure) -> Iterable[Span]:
    """A span as sentences; a sentence over the limit as words; a word over it as it comes."""
    match span:
        case str():
            yield from _cut(span, limit, measure)
        case Bold(content) | Italic(content) | Code(content) if measure(content) > limit:
            for piece in _cut(content, limit, measure):
                yield replace(span, content=piece)
        case Quote(content) if measure(plain(content)) > limit:
            for text in split(content, limit, measure):
                # A quote holds no quote, so neither do its parts.
                yield Quote(tuple(part for part in text if not isinstance(part, Quote)))
        case _:
            yield span


def _cut(text: str, limit: int, measure: Measure) -> Iterable[str]:
    for sentence in _divide(text, _SENTENCE_END):
        if measure(sentence) <= limit:
            yield sentence
            continue
        for word in _divide(sentence, _WORD_END):
            yield from _chop(word, limit, measure)


def _divide(text: str, pattern: re.Pattern[str]) -> Iterable[str]:
    start = 0
    for match in pattern.finditer(text):
        if match.end() > start:
            yield text[start : match.end()]
            start = match.end()
    if start < len(text):
        yield text[start:]


def _chop(word: str, limit: int, measure: Measure) -> Iterable[str]:
    start = 0
    while start < len(word):
        # As many characters as fit: bisected, since a measure may count some of them twice.
        end = bisect_right(range(start + 1, min(start + limit, len(word)) + 1), limit,
                           key=lambda stop: measure(word[start:stop]))  # fmt: skip
        yield word[start : start + max(end, 1)]
        start += max(end, 1)
