"""Enumerations: which ``(i)``, ``2.`` or ``b)`` begins a part, and which only speaks of one."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.archive.grammar.headings import can_stand, is_nothing
from bot.archive.grammar.labels import split_label
from bot.archive.grammar.letters import CLOSING, COLONS, QUOTES, SENTENCE_END, is_capital

_FULL = r"\((?:[ivxl]{1,7}|[IVXL]{1,7}|\d{1,2}|[A-Za-z])\)"
_HALF = r"(?:\d{1,2}|[ivx]{1,5}|[a-z])[.)]"
_ENDS = SENTENCE_END + COLONS + CLOSING + "*"
_TOKEN = re.compile(rf"{_FULL}|{_HALF}(?=\s|$)")
_INSIDE = re.compile(_FULL)
_HALF_INSIDE = re.compile(rf"[{re.escape(_ENDS)}]\s({_HALF})(?=\s)")
_REFERENCE = re.compile(
    r"(?:^|[^\w])(?:parts?|sections?|steps?|points?|items?|see|in|and|or|to|of|fig(?:ure)?\.?|tables?"
    r"|eq\.?|equations?|chapters?|appendix|options?|cases?|both|either|cf\.?|also|with|from|than|for"
    r"|by|teil|und|oder|partie|et|ou|parte|y|o)\s*$",
    re.IGNORECASE,
)
_LAST_OF_LIST = re.compile(r"[.;,]\s(?:and|or|und|oder|et|ou|y|o)\s$")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_ROMAN_SHAPE = re.compile(r"(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})")


class Part(NamedTuple):
    """A stretch of text, with the number it was given (as printed) or none."""

    number: str | None
    text: str


def _roman(digits: str) -> int:
    if not _ROMAN_SHAPE.fullmatch(digits):
        return 0
    values = [_ROMAN[digit] for digit in digits]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def _readings(token: str) -> list[tuple[str, int]]:
    """What a token may count: a style and a value, roman before alphabetic."""
    inner = token.strip("().")
    shape = token.replace(inner, "#", 1)
    if inner.isdigit():
        return [(f"1{shape}", int(inner))]
    case = "I" if inner.isupper() else "i"
    readings = []
    if value := _roman(inner.lower()) if set(inner.lower()) <= set("ivxl") else 0:
        readings.append((f"{case}{shape}", value))
    if len(inner) == 1:
        letter = "A" if inner.isupper() else "a"
        readings.append((f"{letter}{shape}", ord(inner.lower()) - ord("a") + 1))
    return readings


class _Token(NamedTuple):
    """A number in mid-text and where it stands."""

    start: int
    end: int
    text: str


class Numbering:
    """How far each style of numbers has come in a section: a number begins at one or goes on."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def accept(self, token: str) -> str | None:
        """Counts the token if it begins or goes on; its style, or None if it does neither."""
        readings = _readings(token)
        following = [r for r in readings if r[1] == self._last.get(r[0], 0) + 1]
        for style, value in following or [r for r in readings if r[1] == 1]:
            self._last[style] = value
            return style
        return None

    def goes_on(self, token: str, style: str) -> bool:
        """Counts the token if it is the next one of that style."""
        following = (style, self._last.get(style, 0) + 1) in _readings(token)
        if following:
            self._last[style] = self._last.get(style, 0) + 1
        return following

    def restart(self, style: str, last: int = 0) -> None:
        """Lets the style go on behind that number."""
        self._last[style] = last

    def opening(self, text: str) -> tuple[Part, str] | None:
        """The number that the text begins with and the text behind it, and the number's style."""
        match = _TOKEN.match(text)
        style = self.accept(match[0]) if match else None
        if match is None or style is None:
            return None
        return Part(match[0], text[match.end() :].strip()), style


def is_one_part(text: str) -> bool:
    """Whether a text that begins with a number has no further one that goes on from it."""
    numbering = Numbering()
    match = _TOKEN.match(text)
    for style, value in _readings(match[0]) if match else []:
        numbering.restart(style, value - 1)
    return len(cut(text, numbering)) == 1


def _tokens(text: str, first: int) -> list[_Token]:
    """The numbers in mid-text that may begin a part: no references, and a new thought follows."""
    found = [(match.start(), match[0]) for match in _INSIDE.finditer(text, first)]
    if ". " in text or ") " in text:
        found += [(match.start(1), match[1]) for match in _HALF_INSIDE.finditer(text, first)]
        found.sort()
    tokens = (_Token(start, start + len(number), number) for start, number in found)
    return [token for token in tokens if _can_stand_inside(text, token)]


def _can_stand_inside(text: str, token: _Token) -> bool:
    if _REFERENCE.search(text[max(0, token.start - 14) : token.start]):
        is_last = _LAST_OF_LIST.search(text[max(0, token.start - 8) : token.start])
        return is_last is not None and _has_label(text, token.end)
    after = text[token.end : token.end + 2].strip()[:1]
    if after != "" and (is_capital(after) or after in QUOTES):
        return True
    before = text[max(0, token.start - 2) : token.start].strip()[-1:]
    return token.text[0] == "(" and before != "" and before in _ENDS


def _has_label(text: str, end: int) -> bool:
    return split_label(text[end : end + 120].strip())[0] is not None


def _begins_inside(text: str, tokens: list[_Token]) -> tuple[int, str] | None:
    """The first token that starts an enumeration in mid-text, with its style.

    It starts one if number two comes later, or if a label stands right behind it.
    """
    seconds = {
        style: index
        for index, token in enumerate(tokens)
        for style, value in _readings(token.text)
        if value == 2
    }
    for index, token in enumerate(tokens):
        for style, value in _readings(token.text):
            if value != 1:
                continue
            tail = text[token.end : token.end + 120].strip()
            if seconds.get(style, -1) > index or split_label(tail)[0] is not None:
                return index, style
    return None


def cut(text: str, numbering: Numbering, *, only_leading: bool = False) -> list[Part]:
    """Cuts a paragraph into what stands before its first number and its numbered parts.

    With ``only_leading`` it stays whole unless it begins with a number.
    """
    opening = numbering.opening(text)
    if opening is None and (only_leading or not (")" in text or "." in text)):
        return [Part(None, text)]
    start, number, style = 0, None, ""
    if opening is not None:
        number, style = opening[0].number, opening[1]
        start = len(number or "")
    tokens = _tokens(text, start)
    if opening is None:
        beginning = _begins_inside(text, tokens)
        if beginning is None:
            return [Part(None, text)]
        tokens, style = tokens[beginning[0] :], beginning[1]
        numbering.restart(style)
    return _parts(text, start, number, tokens, style, numbering)


def _parts(
    text: str,
    start: int,
    number: str | None,
    tokens: list[_Token],
    style: str,
    numbering: Numbering,
) -> list[Part]:
    parts = []
    for token in tokens:
        if not numbering.goes_on(token.text, style):
            continue
        parts.append(Part(number, text[start : token.start].strip()))
        start, number = token.end, token.text
    parts.append(Part(number, text[start:].strip()))
    parts = [part for part in parts if part.number is not None or not is_nothing(part.text)]
    # A part that would begin a section if it stood on a line of its own stays where it is.
    if not all(can_stand(f"{part.number or ''} {part.text}".strip()) for part in parts):
        return [Part(None, text)]
    return parts
