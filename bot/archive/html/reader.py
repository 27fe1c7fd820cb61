"""Pages saved as HTML: what a browser shows, as lines.

Only what a reader sees counts. Blocks become lines with an empty line between them, headings and
list items keep their mark, and what stands inside a line is glued as on the screen, so that
``<b>6-9</b>Definitions:`` reads as it does there.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from bot.archive.html import elements
from bot.archive.html.lines import Gap, Mark, ShownLine, ShownLines, as_lines
from bot.archive.html.numbers import in_style
from bot.archive.html.tags import Tag, Text, tags
from bot.archive.limits import MAX_MARKS, refuse_flood
from bot.archive.lines import Line, SourcePage, normalise
from bot.archive.marked import marked_page
from bot.archive.record import Link
from bot.archive.web_links import web_link

WINDOW_TITLE = "window_title"
"""The field with what ``<title>`` says, for a page that shows no title."""
_MAX_DEPTH = 200
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CODE = re.compile(r"\b[A-Za-z][A-Za-z0-9]{0,15}(?:-| \d{4} ?# ?)\d{1,6}\b")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[ivxlc]{1,6}|[a-z])[.)]", re.IGNORECASE)


def read_html(source: str) -> SourcePage:
    """The lines that a browser would show, each with the number of its first line in the file.

    Menus, forms, scripts and hidden elements are left out; where ``<main>`` or a lone ``<article>``
    holds a code, everything around it is left out too.
    """
    reader = _read(source)
    fields = {WINDOW_TITLE: reader.title} if reader.title else {}
    return marked_page(as_lines(reader.shown()), fields, tuple(reader.links.values()))


def html_lines(source: str, first_line: int) -> list[Line]:
    """The lines of a piece of HTML that stands on a certain line of another page."""
    lines = as_lines(_read(source).lines.finish())
    return [replace(line, number=line.number + first_line - 1) for line in lines]


@dataclass(slots=True)
class _Items:
    """A list that is being read."""

    number: int | None
    """Of the item that was read last; None in a list with bullets."""
    style: str = "1"
    """What kind of number: ``1``, ``a``, ``A``, ``i`` or ``I``."""
    awaits_number: bool = False
    is_layout: bool = False
    """An item with a heading in it is a part of the page and no list item."""

    def printed_number(self) -> str:
        return f"{in_style(self.number or 0, self.style)}."


@dataclass(slots=True)
class _Reader:
    """What is open at one place of the page. Its depth is bounded, so every tag costs the same."""

    lines: ShownLines = field(default_factory=ShownLines)
    links: dict[str, Link] = field(default_factory=dict)
    title: str = ""
    open: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    items: list[_Items] = field(default_factory=list)
    level: int = 0
    mark: Mark | None = None
    """What texts are marked with, until the next element begins or ends."""
    last_cell: str = ""
    beyond: int = 0
    """How many blocks are open deeper than is looked at."""
    unseen_from: int | None = None
    anchor: tuple[str, list[str]] | None = None
    anchors: int = 0
    articles: int = 0

    def text(self, token: Text) -> None:
        if self.unseen_from is not None:
            if not self.title and self.open[self.unseen_from :] == ["title"]:
                self.title = normalise(token.text)
            return
        if self.anchor:
            self.anchor[1].append(token.text)
        if self.mark is None:
            region = next((name for name in ("main", "article") if self.counts[name]), "")
            self.mark = Mark(self.level, self._bullet(), region)
        mark = self.mark
        if self.counts["pre"]:
            self.lines.add_verbatim(token.text, token.line, mark)
            return
        if mark.bullet and self.items[-1].awaits_number and token.text.strip():
            self.items[-1].awaits_number = False
            if not _NUMBERED.match(token.text.lstrip()):
                self.lines.add(self.items[-1].printed_number() + " ", token.line, mark)
        self.lines.add(token.text, token.line, mark, self.anchors if self.anchor else 0)

    def start(self, tag: Tag) -> None:
        name = tag.name
        if name in elements.VOID:
            self._void(name)
            return
        self._close_before(name)
        hidden = name in elements.UNSEEN or _is_hidden(tag)
        if name == "a":
            self._close_anchor()
            in_chrome = any(self.counts[part] for part in elements.CHROME)
            if not (hidden or in_chrome or self.unseen_from is not None):
                self.anchor = (tag.attributes().get("href", ""), [])
                self.anchors += 1
        if name in elements.BLOCKS or hidden or self.unseen_from is not None:
            self._push(tag, hidden)

    def end(self, name: str) -> None:
        if name == "a":
            self._close_anchor()
        elif name == "br":
            self._void(name)
        if self.beyond:
            self.beyond -= name in elements.BLOCKS
            return
        if self.counts[name]:
            while self._pop() != name:
                pass

    def shown(self) -> list[ShownLine]:
        """All lines, or those of the region that holds the page proper."""
        self._close_anchor()
        lines = self.lines.finish()
        for region in ("main", "article"):
            inner = [line for line in lines if line.mark.region == region]
            alone = region == "main" or self.articles == 1
            if alone and any(_CODE.search(line.text) for line in inner):
                return inner
        return lines

    def _bullet(self) -> int:
        return sum(not items.is_layout for items in self.items) if self.counts["li"] else 0

    def _void(self, name: str) -> None:
        if self.unseen_from is not None:
            return
        if name == "hr":
            self.lines.end_block(Gap.SPACE)
        elif name == "br" and (self.level or self._bullet()):
            self.lines.join()
        elif name == "br":
            self.lines.new_line()

    def _close_before(self, name: str) -> None:
        """Ends what HTML lets a page leave open."""
        if self.beyond or not self.open:
            return
        top = self.open[-1]
        ends_paragraph = top == "p" and name in elements.BLOCKS
        if ends_paragraph or (top in elements.LEVELS and name in elements.LEVELS):
            self._pop()
        if name not in elements.CLOSED_BY_NEXT:
            return
        closed, stops = elements.CLOSED_BY_NEXT[name]
        found = next((part for part in reversed(self.open) if part in closed or part in stops), "")
        if found in closed:
            self.end(found)

    def _push(self, tag: Tag, hidden: bool) -> None:
        name = tag.name
        if self.unseen_from is not None and tag.source.endswith("/"):
            return  # Inside a drawing a slash does end an element.
        if len(self.open) >= _MAX_DEPTH:
            self.beyond += name in elements.BLOCKS
            return
        if self.unseen_from is None:
            if hidden:
                self.unseen_from = len(self.open)
            self._edge(name, begins=True)
        self.open.append(name)
        self.mark = None
        self.counts[name] += 1
        self._enter(tag)

    def _enter(self, tag: Tag) -> None:
        name = tag.name
        if name in elements.LEVELS:
            self.level = elements.LEVELS[name]
            if self.items and self.counts["li"]:
                self.items[-1].is_layout = True
        elif name in elements.LISTS:
            attributes = tag.attributes()
            start = attributes.get("start", "1")
            first = int(start) if start.isdecimal() and len(start) < 4 else 1
            style = attributes.get("type", "1")
            self.items.append(_Items(first - 1 if name == "ol" else None, style))
        elif name == "li" and self.items:
            items = self.items[-1]
            items.is_layout = False
            if items.number is not None:
                items.number += 1
                items.awaits_number = True
        self.articles += name == "article"

    def _pop(self) -> str:
        name = self.open.pop()
        self.mark = None
        self.counts[name] -= 1
        if self.unseen_from is None and name not in elements.JOINED:
            self._edge(name, begins=False)
        if name in elements.LEVELS:
            self.level = 0
        elif name in elements.LISTS:
            self.items.pop()
        if self.unseen_from is not None and len(self.open) <= self.unseen_from:
            self.unseen_from = None
        return name

    def _edge(self, name: str, *, begins: bool) -> None:
        """The beginning or the end of an element, as it shows between two texts."""
        if name not in elements.BLOCKS:
            return
        is_inside_item = self._bullet() and name in elements.KEPT_IN_ITEM
        is_inside_heading = self.level and name not in elements.LEVELS
        if name in elements.CELLS:
            # A row that begins with its name, such as the properties of an exported page.
            is_named = name == "td" and self.last_cell == "th"
            self.lines.join(": " if is_named else "\t")
            self.last_cell = name
        elif begins and name == "dd":
            self.lines.join(": ")
        elif is_inside_heading or is_inside_item:
            self.lines.join()
        else:
            is_inner_list = name in elements.LISTS and len(self.items) + begins > 1
            is_loose = name in elements.LOOSE or is_inner_list
            self.lines.end_block(Gap.LOOSE if is_loose else Gap.SPACE)

    def _close_anchor(self) -> None:
        if self.anchor is None:
            return
        address, texts = self.anchor
        if self.level and address.startswith("#") and not any(map(str.isalnum, "".join(texts))):
            self.lines.drop_last(len(texts))
        link = web_link(self.anchor[0], "".join(self.anchor[1]))
        if link:
            self.links.setdefault(link.url, link)
        self.anchor = None


def _read(source: str) -> _Reader:
    refuse_flood("tags", source.count("<"), MAX_MARKS)
    reader = _Reader()
    for token in tags(source):
        if isinstance(token, Text):
            reader.text(token)
        elif token.is_end:
            reader.end(token.name)
        else:
            reader.start(token)
    return reader


def _is_hidden(tag: Tag) -> bool:
    """Whether an element says that it is not shown, or is there for the eye only."""
    if "hidden" not in tag.source.lower() and "none" not in tag.source.lower():
        return False
    attributes = tag.attributes()
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden", "").lower() == "true"
        or bool(_HIDDEN.search(attributes.get("style", "")))
    )
