"""Pages written in Markdown, with or without front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.archive.html.reader import html_lines
from bot.archive.limits import MAX_LINES, MAX_MARKS, refuse_flood
from bot.archive.lines import Line, SourcePage
from bot.archive.markdown.front_matter import split_front_matter
from bot.archive.markdown.inline import Inline
from bot.archive.marked import marked_page
from bot.archive.record import Link

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+\S")
_UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,})[ \t]*")
_NARROWEST = 50
"""No editor wraps its text to less, in characters."""
_CALLOUT = re.compile(r"^\[!\w{1,20}\][+-]?\s*")
"""What makes a quotation a box in Obsidian and on GitHub."""
_MARKS = "[]<>*_`|&!"


def is_markdown(text: str, name: str = "") -> bool:
    """Whether a page is marked up: front matter, or headings where nobody else puts a `#`.

    A page that is only called `.md` and marks nothing is plain text: as Markdown its lines would
    run into each other.
    """
    if split_front_matter(text) is not None:
        return True
    lines = text.lstrip().split("\n")
    headings = [line for line in lines if _HEADING.match(line)]
    if name.lower().endswith((".md", ".markdown")):
        return bool(headings) or _underlined(lines)
    return lines[0] in headings or len(headings) > 2


def read_markdown(text: str) -> SourcePage:
    """The lines of a Markdown page; a line's number is that of its paragraph in the file.

    The lines of a paragraph are joined, as Markdown means them. Raises NotAPage for front matter
    that cannot be read, and for text that is nothing but markup.
    """
    front = split_front_matter(text)
    fields, body, first = (front.fields, front.body, front.body_line) if front else ({}, text, 1)
    lines = body.split("\n")
    refuse_flood("lines", len(lines), MAX_LINES)
    refuse_flood("marks such as `*` or `[`", sum(map(body.count, _MARKS)), MAX_MARKS)
    if front and not any(map(_HEADING.match, lines)) and not _underlined(lines):
        plain = [Line(number, line) for number, line in enumerate(lines, first)]
        return marked_page(plain, fields)
    reader = _Reader(first)
    for token in _parser().parse(body):
        reader.read(token)
    return marked_page(reader.lines, fields, tuple(reader.links.values()))


def is_wrapped(rows: list[str]) -> bool:
    """Whether rows were broken at a width: none could have taken in the next one's first word.

    Other rows are lines, as most who write Markdown mean them and as their editors show them.
    """
    widest = max(map(len, rows))
    return widest >= _NARROWEST and all(
        len(row) + 1 + len(following.split(" ", 1)[0]) > widest for row, following in pairwise(rows)
    )


def _underlined(lines: list[str]) -> bool:
    pairs = pairwise(lines)
    return any(above.strip() and _UNDERLINE.fullmatch(line) for above, line in pairs)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


@dataclass(slots=True)
class _Reader:
    """Goes through the blocks of a page in order."""

    first: int
    lines: list[Line] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    lists: list[int | None] = field(default_factory=list)
    """For each open list the number of its next item; None where it has bullets."""
    item: str | None = None
    """What the text of an item that has just begun is preceded by."""
    goes_on: bool = False
    """Whether a paragraph is one more of the item before it."""
    level: int = 0
    row: list[str] | None = None

    def read(self, token: Token) -> None:
        number = token.map[0] + self.first if token.map else 0
        if token.type == "inline":
            self._inline(token, number)
        elif token.type in ("fence", "code_block"):
            for offset, text in enumerate(token.content.split("\n")):
                self.lines.append(Line(number + (token.type == "fence") + offset, text))
        elif token.type == "html_block":
            self.lines += html_lines(token.content, number)
        elif token.nesting > 0:
            self._open(token)
        else:
            self._close(token, number)

    def _open(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self.level = int(token.tag[1])
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrs.get("start", 1)))
            case "list_item_open":
                self._begin_item(token)
            case "tr_open":
                self.row = []

    def _close(self, token: Token, number: int) -> None:
        if token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
            self.goes_on = False
        elif token.type == "heading_close":
            self.level = 0
        elif token.type == "tr_close":
            self.row = None
        elif token.type not in ("hr", "paragraph_close", "table_close"):
            return
        if self.row is None:
            self._gap(number)

    def _begin_item(self, token: Token) -> None:
        number = self.lists[-1]
        self.item, self.goes_on = "", False
        if number is not None:
            self.item = f"{number}{token.markup} "
            self.lists[-1] = number + 1

    def _inline(self, token: Token, number: int) -> None:
        texts = Inline(self.links).read(token.children or [])
        texts[0] = texts[0][0], _CALLOUT.sub("", texts[0][1])
        whole = " ".join(text for _, text in texts)
        if self.row is not None:
            self.row.append(whole)
            if len(self.row) == 1:
                self.lines.append(Line(number, whole))
            else:
                self.lines[-1] = replace(self.lines[-1], text="\t".join(self.row))
        elif self.level:
            self.lines.append(Line(number, whole, self.level))
        elif self.goes_on:
            self.lines[-1] = replace(self.lines[-1], text=f"{self.lines[-1].text} {whole}")
        elif self.lists:
            self.lines.append(Line(number, (self.item or "") + whole, bullet=len(self.lists)))
            self.item, self.goes_on = None, True
        elif len(texts) == 2 and texts[1][1].startswith(": "):
            # A definition, which CommonMark does not know.
            self.lines.append(Line(number, texts[0][1] + texts[1][1]))
        elif is_wrapped([text for _, text in texts]):
            self.lines.append(Line(number, whole))
        else:
            self.lines += [Line(number + offset, text) for offset, text in texts]

    def _gap(self, number: int) -> None:
        if self.lines and self.lines[-1].text and not self.lists:
            self.lines.append(Line(number or self.lines[-1].number, ""))
