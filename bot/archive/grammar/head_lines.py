"""The lines of a head, told apart where a page puts several facts on one line or one on several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.archive.grammar.code_lines import is_banner
from bot.archive.grammar.dates import find_date
from bot.archive.grammar.head_keys import is_key, read_key
from bot.archive.grammar.names import is_name
from bot.archive.grammar.people import read_people
from bot.archive.lines import Line

_CODE = r"[A-Za-z][A-Za-z0-9]{0,15}-\d{1,6}"
_CODE_FIRST = re.compile(rf"\[?({_CODE})\]?(?:\s*:|\s+[–—-])\s+(\S.{{0,200}})")
_CODE_LAST = re.compile(rf"(\S.{{0,200}}?)\s+(?:[(\[]|[–—-]\s)({_CODE})[)\]]?")
_BARE_CODE = re.compile(_CODE)
_BETWEEN = re.compile(r"\s+[|·•]\s+")
_READING_TIME = re.compile(r"(?:~|about )?\d{1,3}[ -]min(?:ute)?s?(?: read)?", re.IGNORECASE)
_LONGEST_FACT = 40


def tell_apart(lines: Sequence[Line]) -> list[Line]:
    """The same lines with a line for each fact, and without what a site shows above the page."""
    told: list[Line] = []
    for line in _with_rows_and_lists(lines):
        told += _facts(line)
    return _without_site(told)


def _with_rows_and_lists(lines: Sequence[Line]) -> Iterator[Line]:
    """Rows of a table of fields as fields, and a list with the code in it as one line."""
    items: list[Line] = []
    row: Line | None = None
    for line in lines:
        if line.bullet:
            items.append(line)
            continue
        if line.text:
            yield from _listed(items)
            items = []
        if row is not None and line.column == 1 and is_key(f"{row.text.rstrip(':')}: {line.text}"):
            yield replace(row, text=f"{row.text.rstrip(':')}: {line.text}")
            row = None
            continue
        if row is not None:
            yield row
        row = line
    if row is not None:
        yield row
    yield from _listed(items)


def _listed(items: Sequence[Line]) -> Sequence[Line]:
    has_code = any(_BARE_CODE.fullmatch(item.text) for item in items)
    if len(items) < 2 or not has_code or any(len(item.text) > _LONGEST_FACT for item in items):
        return items
    return [Line(items[0].number, " · ".join(item.text for item in items))]


def _facts(line: Line) -> Iterator[Line]:
    """Fields that share a line, a code before or behind the title, a date before the names."""
    text = line.text
    parts = _BETWEEN.split(text) if len(text) < 400 else [text]
    # These are a person's words to the end of their line, whatever stands in them.
    first = read_key(parts[0])
    is_prose = first is not None and first[0] in ("title", "subtitle", "abstract")
    if len(parts) > 1 and not is_prose and all(map(is_key, parts)):
        yield from (Line(line.number, part) for part in parts)
        return
    if not is_key(text) and (found := _code_and_title(text)):
        code, title = found
        yield Line(line.number, code)
        yield replace(line, text=title)
        return
    yield from _dated(line, parts)


def _code_and_title(text: str) -> tuple[str, str] | None:
    """A code and the title beside it; a line with more on it is a list of facts."""
    if any(sign in text for sign in "·|•#"):
        return None
    first, last = _CODE_FIRST.fullmatch(text), _CODE_LAST.fullmatch(text)
    if first:
        code, title = first[1], first[2]
    elif last:
        code, title = last[2], last[1]
    else:
        return None
    is_list = " - " in title or " – " in title or find_date(title) is not None
    is_title = " " in title or text[len(code) :].lstrip().startswith(":")
    return (code, title) if is_title and not is_list and code.isupper() else None


def _dated(line: Line, parts: list[str]) -> Iterator[Line]:
    """A line that begins with a date, cut behind it if names follow or nothing that counts does."""
    found = find_date(line.text) if len(parts) > 1 else None
    if found is None or found.start or found.end != len(parts[0]):
        yield line
        return
    others = [part for part in parts[1:] if not _READING_TIME.fullmatch(part)]
    people = read_people(" · ".join(others), strict=True)
    if len(people) > 1 and all(is_name(person.name) for person in people):
        others = [f"by {', '.join(others)}"]
    elif any(_BARE_CODE.match(part) for part in others):
        yield line
        return
    yield from (replace(line, text=part, column=0) for part in (parts[0], *others))


def _without_site(lines: list[Line]) -> list[Line]:
    """Without the lines above the banner, if title and code stand below it."""
    banner = next((n for n, line in enumerate(lines) if is_banner(line.text)), 0)
    below = [line for line in lines[banner + 1 :] if line.text]
    is_titled = bool(below) and below[0].level > 0
    has_head = is_titled or any(_BARE_CODE.match(line.text) for line in below[1:])
    above = [] if is_titled else [line for line in lines[:banner] if line.level]
    return above + lines[banner:] if has_head else lines
