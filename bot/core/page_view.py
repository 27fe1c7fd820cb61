"""A page's sections as the blocks of a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.archive.privacy import without_addresses
from bot.archive.record import Item, Point, Section, SectionKind
from bot.chat.reply import Action, Block
from bot.chat.text import Bold, Italic, Span, Text, clean
from bot.core import parts


def shown(text: str) -> str:
    """A page's text as it may stand in a chat: nothing acts, and nobody's address is in it."""
    return without_addresses(clean(text))


def paragraphs(text: str) -> list[Block]:
    return [Block((shown(part),)) for part in text.split("\n\n") if part.strip()]


def heading(text: str) -> Block:
    return Block((Bold(shown(text)),), is_heading=True)


def section_blocks(section: Section, *, with_heading: bool = True) -> list[Block]:
    """A whole section: heading, introduction, items with their topics."""
    blocks = [heading(section.heading)] if with_heading else []
    blocks += paragraphs(section.text)
    topic = None
    for item in section.items:
        if item.topic and (item.topic != topic or item.page_start is not None):
            blocks.append(Block(topic_line(item), is_heading=True))
        topic = item.topic
        blocks += item_blocks(item)
    return blocks


def topic_line(item: Item) -> Text:
    """The topic of an item and its pages: ``New Solutions (pp. 25-27)``."""
    line: list[Span] = [Bold(shown(item.topic or item.label or item.number or "Pages"))]
    if pages := parts.of_item(item):
        line.append(f" ({pages.short})")
    return tuple(line)


def item_blocks(item: Item) -> list[Block]:
    """An item without its topic: number, label, text, points."""
    head: list[Span] = []
    if item.number:
        head.append(f"{shown(item.number)} ")
    if item.label:
        head += [Bold(shown(item.label)), ": "]
    first, *more = item.text.split("\n\n")
    if missing := [name for name in item.attributed_to if name.casefold() not in _folded(item)]:
        more.append(f"({', '.join(missing)})")
    blocks = [Block((*head, shown(first)))] if head or first else []
    blocks += [Block((shown(paragraph),)) for paragraph in more if paragraph.strip()]
    return blocks + point_blocks(item.points)


def _folded(item: Item) -> str:
    return item.text.casefold()


def point_blocks(points: Iterable[Point], depth: int = 0) -> list[Block]:
    blocks = []
    for point in points:
        line: list[Span] = ["  " * depth + ("◦ " if depth else "• ")]
        if point.label:
            line += [Bold(shown(point.label)), ": " if point.text else ":"]
        line.append(shown(point.text))
        blocks.append(Block(tuple(line)))
        blocks += point_blocks(point.points, depth + 1)
    return blocks


def range_overview(sections: Sequence[Section], code: str) -> list[Block]:
    """The in-depth sections as a table of contents: a button for each page range."""
    blocks = []
    for section in sections:
        blocks.append(heading(section.heading))
        blocks += paragraphs(section.text)
        for number, item in enumerate(section.items, start=1):
            pages = parts.of_item(item)
            if pages is None:
                blocks += [Block(topic_line(item)), *item_blocks(item)]
                continue
            press = Action(pages.short, "paper", (code, pages.slug))
            line: Text = (f"{number}. ", *topic_line(item))
            hint = _first_words(item)
            blocks.append(Block((*line, *((" ", Italic(hint)) if hint else ())), (press,)))
    return blocks


def _first_words(item: Item) -> str:
    """What an item is about in a few words: its labels, else the beginning of its text."""
    labels = [shown(point.label) for point in item.points if point.label]
    if labels:
        return ", ".join(labels[:4]) + (", …" if len(labels) > 4 else "")
    text = shown(item.text).replace("\n\n", " ")
    return text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0] + " …"


def has_ranges(section: Section) -> bool:
    return section.kind is SectionKind.IN_DEPTH and any(
        parts.of_item(item) for item in section.items
    )
