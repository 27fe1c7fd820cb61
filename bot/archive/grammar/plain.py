"""Plain text to lines: columns come apart, bullets and underlined headings are recognised."""

from __future__ import annotations

import re

from bot.archive.lines import Line, SourcePage, normalise

_BULLET = re.compile(r"(\s*)([•●○◦▪■□‣⁃∙➢*+\-–—]|[·o](?=\s{2}|\t))\s+(?=\S)")
_RANKS = {"○": 1, "◦": 1, "o": 1, "▪": 2, "■": 2, "□": 2}
_UNDERLINE = re.compile(r"\s{0,3}(={3,}|-{3,}|~{3,})\s*")
_LEVELS = {"=": 1, "-": 2, "~": 3}
_COLUMNS = re.compile(r"\s*\t\s*|\s{4,}")
_MAX_DEPTH = 6
_TAB = 8


def text_source(text: str) -> SourcePage:
    """Splits a plain text into lines as the grammar reads them.

    A wide gap in a row makes columns of it. A line over a rule of ``=``, ``-`` or ``~`` that an
    empty line stands above is a heading.
    """
    raw = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines: list[Line] = []
    bullets = _Bullets()
    skipped = False
    for number, row in enumerate(raw, 1):
        if skipped:
            skipped = False
            continue
        rule = _UNDERLINE.fullmatch(raw[number]) if number < len(raw) and row.strip() else None
        if rule and (not lines or not lines[-1].text):
            lines.append(Line(number, normalise(row), _LEVELS[rule[1][0]]))
            skipped = True
        else:
            lines += _read_row(number, row, bullets)
    return SourcePage(tuple(lines))


def _read_row(number: int, row: str, bullets: _Bullets) -> list[Line]:
    if not row or row.isspace():
        return [Line(number, "")]
    match = _BULLET.match(row)
    if match:
        depth = bullets.depth(_width(match[1]), match[2])
        return [Line(number, without_bullets(normalise(row[match.end() :])), bullet=depth)]
    if not row[0].isspace():
        bullets.clear()
    if "\t" in row or "\u00a0\u00a0" in row or "    " in row:
        columns = filter(None, map(normalise, _COLUMNS.split(row)))
        return [
            Line(number, without_bullets(text), column=place) for place, text in enumerate(columns)
        ]
    return [Line(number, normalise(row))]


def without_bullets(text: str) -> str:
    """A text without the signs of a list that it begins with."""
    while match := _BULLET.match(text):
        text = text[match.end() :]
    return text


def _width(indent: str) -> int:
    return sum(_TAB if char == "\t" else 1 for char in indent)


class _Bullets:
    """The depth of each bullet, from its indent and from what sign it is."""

    def __init__(self) -> None:
        self._open: list[tuple[int, int]] = []

    def clear(self) -> None:
        self._open.clear()

    def depth(self, indent: int, sign: str) -> int:
        """Counted from 1."""
        place = (indent, _RANKS.get(sign, 0))
        while self._open and self._open[-1] > place:
            self._open.pop()
        if not self._open or self._open[-1] < place:
            self._open.append(place)
        return min(len(self._open), _MAX_DEPTH)
