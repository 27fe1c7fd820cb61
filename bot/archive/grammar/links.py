"""Addresses on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.archive.record import Item, Link, Point, Section

_URL = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_TRAILING = ".,;:!?'’*_"
_OPENING = {")": "(", "]": "[", "}": "{"}


def find_urls(text: str) -> list[str]:
    """The bare addresses in a text, without the bracket or full stop behind them."""
    if "://" not in text:
        return []
    return [url for match in _URL.finditer(text) if (url := _trimmed(match[0]))]


def _trimmed(url: str) -> str | None:
    opened: list[str] = []
    for position, char in enumerate(url):
        if char in "([{":
            opened.append(char)
        elif char in _OPENING and (not opened or opened.pop() != _OPENING[char]):
            url = url[:position]
            break
    url = url.rstrip(_TRAILING)
    return url if url.partition("://")[2] else None


def web_link(url: str, label: str | None) -> Link | None:
    """A link given on its own; None for anything but an address of the web."""
    return Link(url, label or None) if re.fullmatch(r"https?://\S+", url, re.IGNORECASE) else None


def texts_of(sections: Iterable[Section]) -> Iterator[str]:
    """Every text of the sections, in the order of the page."""
    for section in sections:
        yield section.text
        for item in section.items:
            yield from _texts_of_item(item)


def _texts_of_item(item: Item) -> Iterator[str]:
    yield from (item.topic or "", item.label or "", item.text)
    yield from _texts_of_points(item.points)


def _texts_of_points(points: Iterable[Point]) -> Iterator[str]:
    for point in points:
        yield from (point.label or "", point.text)
        yield from _texts_of_points(point.points)


def collect_links(texts: Iterable[str], given: Iterable[Link]) -> tuple[Link, ...]:
    """Addresses in the order of the text, then those given apart; one entry for each address."""
    found: dict[str, Link] = {url: Link(url) for text in texts for url in find_urls(text)}
    for link in given:
        if link.url not in found or found[link.url].label is None:
            found[link.url] = link
    return tuple(found.values())
