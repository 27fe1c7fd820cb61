"""HTML as a stream of tags and texts.

A tree as browsers build it takes time that grows with the square of the nesting: half a megabyte of
`<div>` holds a usual parser for 17 seconds. Reading lines needs no tree, and a stream is linear in
the size of the page whatever it holds, and knows the line of each text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from bot.archive.html.elements import RAW

# Possessive throughout: a page must not make the engine try a tag in more than one way.
_TAG = re.compile(
    r"<(/?)([a-z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?)*+)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?+"
)
_UNFINISHED_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)
_EMPTY_COMMENT = re.compile(r"<!---?>")
_COMMENT_END = re.compile(r"--!?>")
_TAG_END = re.compile(">")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in RAW}


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    """Lower case."""
    is_end: bool = False
    source: str = ""
    """The attributes, as written."""

    def attributes(self) -> dict[str, str]:
        """The first value of each attribute, by lower-case name."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.source):
            value = next((group for group in match.groups()[1:] if group is not None), "")
            found.setdefault(match[1].lower(), unescape(value))
        return found


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    line: int
    """Where it begins, counted from 1."""


def tags(source: str) -> Iterator[Tag | Text]:
    """The tags and texts of a page in order; comments and what scripts hold are left out.

    Like a browser it takes any text for HTML, and drops what follows a tag or comment without end.
    """
    position, lines = 0, _LineCounter(source)
    while position < len(source):
        start = source.find("<", position)
        end = len(source) if start < 0 else start
        if end > position:
            yield Text(unescape(source[position:end]), lines.at(position))
        if start < 0:
            return
        tag = _TAG.match(source, start)
        if tag is None:
            position = _after_other_markup(source, start)
            if position == start + 1:
                yield Text("<", lines.at(start))
            continue
        name, position = tag[2].lower(), tag.end()
        yield Tag(name, bool(tag[1]), tag[3])
        if name in _RAW_END and not tag[1]:
            closing = _RAW_END[name].search(source, position)
            end = closing.start() if closing else len(source)
            if name == "title":
                yield Text(unescape(source[position:end]), lines.at(position))
            position = end


class _LineCounter:
    """Line numbers of growing positions, each character looked at once."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position, self._line = 0, 1

    def at(self, position: int) -> int:
        self._line += self._source.count("\n", self._position, position)
        self._position = position
        return self._line


def _after_other_markup(source: str, start: int) -> int:
    """Where the page goes on after a `<` that begins no tag; one further if it is just a character.

    What has no end reaches to the end of the page, so that this is looked for once.
    """
    if _UNFINISHED_TAG.match(source, start):
        return len(source)
    if source.startswith("<!--", start):
        closing = _EMPTY_COMMENT.match(source, start) or _COMMENT_END.search(source, start + 4)
    elif source.startswith(("<!", "<?", "</"), start):
        closing = _TAG_END.search(source, start)
    else:
        return start + 1
    return closing.end() if closing else len(source)
