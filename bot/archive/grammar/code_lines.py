"""Lines that carry a paper's code: the archive's banner, and the line with chapter and category."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.archive.grammar.dates import FoundDate, find_date, read_date
from bot.archive.grammar.people import without_contacts
from bot.archive.record import PaperCode

_BANNER = re.compile(r"([A-Za-z][A-Za-z0-9]{0,15})\s+(?:(\d{4})\s?)?#\s?(\d{1,6})")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}-\d{1,6}(?![\w-])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SEPARATORS = ("·", "|", "•", " - ", " – ", " — ", ",")
_LONGEST_LINE = 200
_LONGEST_PART = 40


@dataclass(frozen=True, slots=True)
class Banner:
    """``WPRC 2026#006``; the year is the archive's."""

    code: PaperCode
    year: int | None


@dataclass(frozen=True, slots=True)
class MetaLine:
    """``WPRC-006· SG· 2024. 06· AI``, in any order and with gaps."""

    code: PaperCode
    is_bare: bool
    """Whether the line is a code and nothing else; it could be anything (``UTF-8``)."""
    date: FoundDate | None = None
    before: tuple[str, ...] = ()
    """The words that stand before the date."""
    after: tuple[str, ...] = ()
    """The words that stand behind it, or all of them."""


def is_banner(text: str) -> bool:
    """Whether a line is the archive's: ``WPRC 2026#006``."""
    return _BANNER.fullmatch(text) is not None


def is_code_line(text: str) -> bool:
    """Whether a line does nothing but carry the paper's code, with what belongs to it."""
    code = _CODE.match(text)
    after = text[code.end() :].lstrip()[:1] if code else "?"
    return is_banner(text) or after in "·|•,-–—"


def read_banner(text: str) -> Banner | None:
    """Reads a line that is nothing but a banner."""
    match = _BANNER.fullmatch(text)
    if match is None:
        return None
    code = PaperCode(match[1].upper(), int(match[3]))
    return Banner(code, int(match[2]) if match[2] else None)


def read_meta(text: str) -> MetaLine | None:
    """Reads a line that lists code, chapter, date and category; None for every other one."""
    match = _CODE.search(text) if len(text) < _LONGEST_LINE else None
    code = PaperCode.parse(match[0]) if match else None
    if match is None or code is None:
        return None
    if match[0] == text:
        return MetaLine(code, is_bare=True)
    rest = text[: match.start()] + "\0" + text[match.end() :]
    date = find_date(rest)
    if date:
        rest = f"{rest[: date.start]}\1{rest[date.end :]}"
    separator = next((sign for sign in _SEPARATORS if sign in rest), None)
    shares = rest.split(separator) if separator else []
    parts = [part for share in shares for part in _parts(share) if part]
    if "\0" not in parts or any(len(part) > _LONGEST_PART for part in parts):
        return None
    year = next((part for part in parts if _YEAR.fullmatch(part)), None)
    if date is None and year:
        date = read_date(year)
        parts[parts.index(year)] = "\1"
    place = parts.index("\1") if "\1" in parts else 0
    words = [(n, part) for n, part in enumerate(parts) if part not in ("\0", "\1")]
    return MetaLine(
        code,
        is_bare=False,
        date=date,
        before=tuple(part for n, part in words if n < place),
        after=tuple(part for n, part in words if n >= place),
    )


def _parts(share: str) -> tuple[str, ...]:
    """What stands between two separators: words, the code or the date, or words beside the date."""
    before, mark, after = share.partition("\1")
    return _words(before), mark, _words(after)


def _words(text: str) -> str:
    return without_contacts(text).strip(" ,·|•-–—")
