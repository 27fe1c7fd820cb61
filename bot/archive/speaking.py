"""How people's words are put on a page so that the page, read again, says whose they are.

What somebody writes in a chat may look like anything: a heading, a list, another one's name in
brackets. Each is printed as it was said where the page is then read as it is meant, and with as
little changed as it takes where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot import archive
from bot.archive.record import Item, PaperRecord, Section, SectionKind

HEADING = "Community Opinions"
_LEAD = re.compile(r"^[\s•◦▪*#>=~|–—-]+")
_BRACKETS = str.maketrans("()（）", "[][]")
_PLAINEST = 3


@dataclass(frozen=True, slots=True)
class Speech:
    """What somebody said, on its way to the page; without a name nobody is told."""

    key: str
    text: str
    name: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Woven:
    """A record as its own page is read, and where in its section the speeches stand."""

    record: PaperRecord
    keys: Mapping[int, str]
    """By the position of the item in the community section."""
    left_out: tuple[Speech, ...] = ()
    """What cannot be printed in any way that is read as it is meant."""


def reads_as_name(text: str) -> bool:
    """Whether a page that ends what somebody said with this name tells that it was them."""
    # Whoever only shows cards need not wait for the grammar.
    from bot.archive.grammar.names import is_name, speakers

    return is_name(text) and speakers(f"So it is ({text}).") == (text,)


def printed(speech: Speech, plainness: int = 0) -> str:
    """One line of the page: the words, and the name before the full stop as the archive has it."""
    words = " ".join(speech.text.split())
    if plainness:
        words = _LEAD.sub("", words).translate(_BRACKETS) or "…"
    if plainness > 1:
        words = re.sub(r":(?=\s)", " –", words)
    if plainness == _PLAINEST:
        words = "“" + words.replace("“", "").replace("”", "").replace('"', "") + "”"
    if speech.name is None:
        return words
    return f"{words.removesuffix('.').rstrip()} ({speech.name})."


def weave(record: PaperRecord, introduction: str, entries: Sequence[Item | Speech]) -> Woven:
    """The record with this section of community opinions, in the order of the entries.

    Entries of one topic must follow each other, and those without a topic come first.
    """
    plainness = {one.key: 0 for one in entries if isinstance(one, Speech)}
    left_out: list[Speech] = []
    entries = list(entries)
    for _ in range(len(plainness) * (_PLAINEST + 1) + 1):
        read = _again(_with_section(record, introduction, _items(entries, plainness)))
        wrong = _first_wrong(entries, _section_of(read))
        if wrong is None:
            break
        if plainness[wrong.key] == _PLAINEST:
            entries.remove(wrong)
            left_out.append(wrong)
        else:
            plainness[wrong.key] += 1
    keys = {position: one.key for position, one in enumerate(entries) if isinstance(one, Speech)}
    return Woven(read, keys, tuple(left_out))


def _items(entries: Sequence[Item | Speech], plainness: Mapping[str, int]) -> tuple[Item, ...]:
    return tuple(
        Item(
            printed(one, plainness[one.key]),
            topic=one.topic,
            attributed_to=(one.name,) if one.name else (),
        )
        if isinstance(one, Speech)
        else one
        for one in entries
    )


def _first_wrong(entries: Sequence[Item | Speech], section: Section | None) -> Speech | None:
    """The first speech that would not be read as one item of its author's under its topic."""
    items = section.items if section else ()
    last: Speech | None = None
    for position, one in enumerate(entries):
        if not isinstance(one, Speech):
            if position < len(items) and items[position].text != one.text and last is not None:
                return last
            continue
        if position >= len(items):
            return one
        item = items[position]
        is_right = item.attributed_to == ((one.name,) if one.name else ())
        if not is_right or item.topic != one.topic or item.points:
            return one
        last = one
    return last if len(items) > len(entries) else None


def _with_section(record: PaperRecord, introduction: str, items: tuple[Item, ...]) -> PaperRecord:
    kind = SectionKind.COMMUNITY_OPINIONS
    sections = list(record.sections)
    for position, section in enumerate(sections):
        if section.kind is kind:
            sections[position] = replace(section, text=introduction, items=items)
            if not (introduction or items):
                del sections[position]
            return replace(record, sections=tuple(sections))
    if introduction or items:
        sections.insert(_place(sections), Section(kind, HEADING, introduction, items=items))
    return replace(record, sections=tuple(sections))


def _place(sections: Sequence[Section]) -> int:
    """Behind what the contributors think of the paper, where the archive has it."""
    before = (
        *(SectionKind.SUMMARY, SectionKind.WHY, SectionKind.LITE_SUMMARY),
        *(SectionKind.AUTHORS, SectionKind.OPINIONS),
    )
    places = [number for number, one in enumerate(sections, start=1) if one.kind in before]
    return max(places, default=0)


def _section_of(record: PaperRecord) -> Section | None:
    kind = SectionKind.COMMUNITY_OPINIONS
    return next((one for one in record.sections if one.kind is kind), None)


def _again(record: PaperRecord) -> PaperRecord:
    """The record as it comes back from its own page, with the contacts that it had."""
    page = archive.write_page(record, with_contacts=True)
    return archive.read_page(page.encode()).record
