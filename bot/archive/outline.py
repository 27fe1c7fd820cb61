"""From a record back to lines, in the one layout that every reader of pages takes for the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.archive.grammar.headings import can_stand, known_heading, looks_like_heading
from bot.archive.grammar.labels import join_label, split_label
from bot.archive.grammar.numerals import Numbering, cut, is_one_part
from bot.archive.grammar.plain import without_bullets
from bot.archive.grammar.prose import is_footnote
from bot.archive.grammar.ranges import PageHeading, find_pages, with_pages
from bot.archive.grammar.speakers import has_voices_inside
from bot.archive.lines import Line
from bot.archive.record import Item, PaperRecord, Point, SectionKind

SECTION_LEVEL = 2
TOPIC_LEVEL = 3
_VOICES = (SectionKind.COMMUNITY_OPINIONS, SectionKind.NOTES)


def outline(record: PaperRecord) -> Iterator[Line]:
    """The sections of a record as paragraphs, bullets and marked headings, without empty lines.

    Line numbers are 0. A bullet's paragraphs follow it; a format must keep them apart from it.
    """
    for section in record.sections:
        yield Line(0, section.heading, level=SECTION_LEVEL)
        yield from _paragraphs(section.text)
        if section.kind in _VOICES:
            yield from _voices(section.items)
        elif section.kind is SectionKind.IN_DEPTH:
            yield from _in_depth(section.items)
        else:
            yield from _prose(section.items)


def is_bare_heading(text: str) -> bool:
    """Whether a section's heading is known by its words, without a mark."""
    found = known_heading(text)
    return found is not None and found.text == text and without_bullets(text) == text


def _paragraphs(text: str) -> Iterator[Line]:
    return (Line(0, part) for part in text.split("\n\n") if part)


def _points(points: Iterable[Point], depth: int) -> Iterator[Line]:
    for point in points:
        yield Line(0, join_label(point.label, point.text), bullet=depth)
        yield from _points(point.points, depth + 1)


def _numbered(item: Item, text: str) -> str:
    words = join_label(item.label, text)
    return f"{item.number} {words}".rstrip() if item.number else words


def _number_and_text(item: Item) -> list[str]:
    """An item's paragraphs, its number and label before the first.

    Where the text behind them would be read in another way than on a line of its own, it has one.
    """
    first, *others = item.text.split("\n\n")
    words = _numbered(item, first)
    glues = item.label is None and split_label(first)[0] is not None
    if item.number and (glues or not is_one_part(words)):
        return [_numbered(item, ""), first, *others]
    return [words, *others]


def _is_bare(item: Item) -> bool:
    return not (item.number or item.label or item.text or item.points)


def _voices(items: Iterable[Item]) -> Iterator[Line]:
    previous: Item | None = None
    for item in items:
        is_first = previous is None or item.topic != previous.topic or _is_bare(previous)
        if item.topic is not None and is_first:
            yield Line(0, item.topic, level=TOPIC_LEVEL)
        previous = item
        if _is_bare(item):
            continue
        text = _numbered(item, item.text)
        is_plain = not item.points and _is_plain_voice(item, text)
        yield Line(0, text, bullet=0 if is_plain else 1)
        yield from _points(item.points, 2)


def _is_plain_voice(item: Item, text: str) -> bool:
    """Whether a paragraph of this text is read as one item and nothing else."""
    if item.number is not None:
        return True
    if (item.topic is None and not item.attributed_to) or has_voices_inside(text):
        return False
    return not looks_like_heading(text) and can_stand(text) and len(cut(text, Numbering())) == 1


def _prose(items: tuple[Item, ...]) -> Iterator[Line]:
    has_bullets = any(
        not (item.number or item.topic is not None or _is_footnote(item)) for item in items
    )
    previous: Item | None = None
    for item in items:
        is_first = previous is None or item.topic != previous.topic or _is_bare(previous)
        if item.topic is not None and (is_first or item.number is None):
            yield Line(0, item.topic, level=TOPIC_LEVEL)
        previous = item
        is_heading = item.topic is not None and item.number is None
        is_bullet = has_bullets and not is_heading and not _is_footnote(item)
        words, *others = _number_and_text(item)
        if words:
            yield Line(0, words, bullet=int(is_bullet))
        yield from (Line(0, other) for other in others if other)
        yield from _points(item.points, 2 if is_bullet else 1)


def _is_footnote(item: Item) -> bool:
    is_alone = item.number is None and item.topic is None and item.label is None
    return is_alone and not item.points and is_footnote(item.text)


def _in_depth(items: Iterable[Item]) -> Iterator[Line]:
    for item in items:
        first, *others = item.text.split("\n\n")
        depth = 1
        if item.page_start is not None:
            yield from _with_pages(item, first)
        elif item.topic is not None:
            yield Line(0, _numbered_topic(item), level=TOPIC_LEVEL)
            yield from _paragraphs(first)
        elif item.number is not None:
            words, *others = _number_and_text(item)
            if find_pages(words) is not None:
                words, others = _numbered(item, ""), item.text.split("\n\n")
            yield Line(0, words)
        else:
            yield Line(0, first, bullet=1)
            depth = 2
        yield from (Line(0, other) for other in others if other)
        yield from _points(item.points, depth)


def _numbered_topic(item: Item) -> str:
    return f"{item.number} {item.topic}" if item.number else item.topic or ""


def _with_pages(item: Item, text: str) -> Iterator[Line]:
    start, end = item.page_start or 0, item.page_end or 0
    topic = " ".join(filter(None, (item.number, item.topic)))
    line = with_pages(topic, start, end, text)
    if (topic or text) and find_pages(line) == PageHeading(topic or None, start, end, text):
        yield Line(0, line)
    else:
        yield Line(0, with_pages(topic, start, end, ""), level=TOPIC_LEVEL)
        yield from _paragraphs(text)
