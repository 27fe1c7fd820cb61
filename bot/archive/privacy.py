"""Addresses of people in a page's running text, which leave the archive only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.archive.record import Item, PaperRecord, Point, Section

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_HANDLE = re.compile(
    r"\b(?:tg|telegram|discord|twitter|x/twitter|signal|whatsapp|wechat)\s{0,2}:\s{0,2}"
    r"@?[A-Za-z0-9_.]{3,40}(?<!\.)",
    re.IGNORECASE,
)
WITHHELD = "[address withheld]"


def without_addresses(text: str) -> str:
    """The text with a note in the place of each e-mail address and each handle that says so."""
    if "@" in text:
        text = _EMAIL.sub(WITHHELD, text)
    return _HANDLE.sub(WITHHELD, text) if ":" in text else text


def public(record: PaperRecord) -> PaperRecord:
    """The record as anybody may have it: no contacts, and no e-mail address in any text."""
    return replace(
        record,
        title=without_addresses(record.title),
        subtitle=_optional(record.subtitle),
        abstract=_optional(record.abstract),
        contributors=tuple(replace(one, contacts=()) for one in record.contributors),
        sections=tuple(_section(section) for section in record.sections),
    )


def _optional(text: str | None) -> str | None:
    return None if text is None else without_addresses(text)


def _section(section: Section) -> Section:
    return replace(
        section,
        heading=without_addresses(section.heading),
        text=without_addresses(section.text),
        items=tuple(_item(item) for item in section.items),
    )


def _item(item: Item) -> Item:
    return replace(
        item,
        text=without_addresses(item.text),
        topic=_optional(item.topic),
        label=_optional(item.label),
        points=_points(item.points),
    )


def _points(points: Iterable[Point]) -> tuple[Point, ...]:
    return tuple(
        Point(_optional(point.label), without_addresses(point.text), _points(point.points))
        for point in points
    )
