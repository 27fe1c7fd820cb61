"""How people's words are put on a page so that the page, read again, says whose they are.

What somebody writes in a chat may look like anything: a heading, a list, another one's name in
brackets. Each is printed as it was said where the page is then read as it is meant, and with as
little changed as it takes where it is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot import archive
from bot.archive.record import Item, PaperRecord, Section, SectionKind

HEADING = "Community Opinions"
_LEAD = re.compile(r"^[\s•◦▪*#>=~|–—-]+")
_BRACKETS = str.maketrans("()（）", "[][]")
_PLAINEST = 3
# So many items may be too many before what was said.
_NEAR = 12


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
    words = " ".join(unicodedata.normalize("NFC", speech.text).split())
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
    while True:
        read = _again(_with_section(record, introduction, _items(entries, plainness)))
        wrong = _wrong(entries, _section_of(read))
        if not wrong:
            break
        # Each round makes each of them plainer, so that this ends.
        for one in wrong:
            if plainness[one.key] == _PLAINEST:
                entries.remove(one)
                left_out.append(one)
            else:
                plainness[one.key] += 1
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


def _wrong(entries: Sequence[Item | Speech], section: Section | None) -> list[Speech]:
    """The speeches that would not be read as one item of their author's under their topic."""
    items = section.items if section else ()
    wrong: dict[str, Speech] = {}
    last: Speech | None = None
    position = 0
    for one in entries:
        near = range(position, min(position + _NEAR, len(items)))
        found = next((n for n in near if _is_said(items[n], one)), None)
        if found is None:
            if isinstance(one, Speech):
                wrong[one.key] = one
            else:
                # The page's own item came out in another way: it counts as one all the same.
                position += 1
            continue
        if found > position and last is not None:
            wrong[last.key] = last
        position = found + 1
        if isinstance(one, Speech):
            last = one
            if not _is_whole(items[found], one):
                wrong[one.key] = one
    if position < len(items) and last is not None:
        wrong[last.key] = last
    return list(wrong.values())


def _is_said(item: Item, entry: Item | Speech) -> bool:
    """Whether these are the words, whatever was made of signs, numbers and labels."""
    meant = _bare(entry) if isinstance(entry, Item) else _letters(printed(entry))
    return _bare(item) == meant


def _bare(item: Item) -> str:
    return _letters(f"{item.number or ''} {item.label or ''} {item.text}")


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _is_whole(item: Item, one: Speech) -> bool:
    names = (one.name,) if one.name else ()
    return item.attributed_to == names and item.topic == one.topic and not item.points


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
