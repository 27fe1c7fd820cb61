"""A Card -> an embed, page by page, with everything that a person wrote somewhere on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from bot.adapters.discord import limits
from bot.adapters.discord.markup import escape, markdown, words
from bot.chat.paging import Limits, paginate
from bot.chat.reply import Action, Block, Card, Field
from bot.chat.text import Bold, Code, Italic, Quote, Span

Payload: TypeAlias = dict[str, object]
Page: TypeAlias = tuple[Block, ...]

_FIELDS_TOTAL = 2_000
_FOOTER = 500
_INLINE_VALUE = 60
_COLOUR = 0x5865F2
# Blocks are cut by what their words take; their marks and addresses come on top, so a page may
# turn out too long. Then all are cut again, smaller, and every page keeps its number.
_CUTS = (1.0, 0.7, 0.4, 0.2)
_LONG_RUN = re.compile(r"[^\s。！？]{250}(?=[^\s。！？])")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every page of a card; what did not fit there begins the card's body."""

    title: str
    fields: list[Payload]
    footer: str
    body: Page
    room: int
    """The units that are left for the description."""

    def with_page(self, page: Page) -> Payload:
        """The embed of one page."""
        embed: Payload = {"color": _COLOUR}
        if self.title:
            embed["title"] = self.title
        text = limits.clip(description(page), self.room)
        if text or not (self.title or self.fields):
            embed["description"] = text or "…"
        if self.fields:
            embed["fields"] = self.fields
        if self.footer:
            embed["footer"] = {"text": self.footer}
        return embed


def head_of(card: Card, late: Sequence[Action] = ()) -> Head:
    """Fits a card's head; `late` are actions for which the last row has no room."""
    before: list[Block] = []
    title = escape(" ".join(card.title.split()))
    if limits.size(title) > limits.TITLE:
        before.append(Block((Bold(card.title),)))
        title = _clipped(card.title)
    used = limits.size(title)
    fields: list[Payload] = []
    room = used + _FIELDS_TOTAL
    for field in card.fields:
        made, cost = _field(field)
        if cost and len(fields) < limits.FIELDS and used + cost <= room:
            fields.append(made)
            used += cost
        elif field.value:
            before.append(Block((Bold(field.name), ": ", *field.value)))
    footer, after = words(card.footer), Block(())
    if limits.size(footer) > _FOOTER or not all(isinstance(span, str) for span in card.footer):
        footer, after = "", Block(card.footer)
    used += limits.size(footer)
    body = (*before, *card.body, after, Block((), tuple(late)))
    room = min(limits.DESCRIPTION, limits.EMBED_TOTAL - used)
    return Head(title, fields, footer, tuple(b for b in body if b.text or b.actions), room)


def pages_of(head: Head, actions: int) -> list[Page]:
    """The card's body as pages of at most `actions` buttons; there is always one."""
    count = sum(len(block.actions) for block in head.body)
    if count <= actions and _fits(head.body, head.room):
        return [head.body]
    blocks = [part for block in head.body for part in _with_few_actions(_breakable(block), actions)]
    pages: list[Page] = []
    for cut in _CUTS:
        pages = paginate(blocks, Limits(int(head.room * cut), actions, _escaped_size))
        if all(_fits(page, head.room) for page in pages):
            break
    return pages


# Once to see whether it fits and once to show it, and the newest cards are asked for again.
@lru_cache(maxsize=64)
def description(page: Page) -> str:
    """A page's blocks as paragraphs."""
    return "\n\n".join(text for block in page if (text := markdown(block.text)).strip())


def _fits(page: Page, room: int) -> bool:
    return limits.size(description(page)) <= room


def _escaped_size(text: str) -> int:
    return limits.size(escape(text))


def _with_few_actions(block: Block, most: int) -> list[Block]:
    """A block with more buttons than a page holds, as several."""
    if len(block.actions) <= most:
        return [block]
    parts = [block.actions[at : at + most] for at in range(0, len(block.actions), most)]
    return [Block(block.text, parts[0]), *(Block((), part) for part in parts[1:])]


def _breakable(block: Block) -> Block:
    """The block with what no sentence has, hundreds of signs without a space, in pieces.

    Where to cut such a run would otherwise be tried sign by sign.
    """
    return Block(tuple(piece for span in block.text for piece in _pieces(span)), block.actions)


def _pieces(span: Span) -> Iterator[Span]:
    match span:
        case str():
            yield from _cut(span)
        case Bold(content) | Italic(content) | Code(content):
            yield from (replace(span, content=part) for part in _cut(content))
        case Quote(content) if parts := [one for each in content for one in _pieces(each)]:
            yield Quote(tuple(part for part in parts if not isinstance(part, Quote)))
        case _:
            yield span


def _cut(text: str) -> list[str]:
    cuts = [0, *(match.end() for match in _LONG_RUN.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts) if start < end]


def _clipped(title: str) -> str:
    """The beginning of a title that is too long with its escapes."""
    room = limits.TITLE
    while limits.size(made := escape(limits.clip(" ".join(title.split()), room))) > limits.TITLE:
        room -= 8
    return made


@lru_cache(maxsize=256)
def _field(field: Field) -> tuple[Payload, int]:
    """A field and its units; 0 for one that Discord would not take."""
    name, value = escape(" ".join(field.name.split())), markdown(field.value)
    name_size, value_size = limits.size(name), limits.size(value)
    made: Payload = {"name": name, "value": value, "inline": value_size <= _INLINE_VALUE}
    is_empty = not name.strip() or not value.strip()
    if is_empty or name_size > limits.FIELD_NAME or value_size > limits.FIELD_VALUE:
        return made, 0
    return made, name_size + value_size
