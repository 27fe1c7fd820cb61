"""Headings: which lines are one, which section they begin, and who is named in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.archive.grammar.letters import COLONS, QUOTES, is_capital
from bot.archive.grammar.names import is_name, read_names, split_names
from bot.archive.grammar.vocabulary import (
    CHAPTERS,
    CONTRIBUTORS,
    INNER,
    SECTIONS,
    USUAL,
    USUAL_PHRASES,
)
from bot.archive.record import SectionKind

MAX_HEADING = 120
_KNOWN = {kind: re.compile(pattern) for kind, pattern in SECTIONS.items()}
_MARKS = re.compile(r"^(?:[^\w(\[]+|(?:\d{1,2}|[ivx]{1,5})[.)]\s+(?=\S))+")
_NUMBERED = re.compile(r"\(\w{1,7}\)|(?:\d{1,2}|[ivxlIVXL]{1,5}|[a-zA-Z])[.)](?:\s|$)")
_TAGS = re.compile(r"(?:\s#[\w/-]{1,40})+$")
_COLON = re.compile(f"[{COLONS}]")
_QUALIFIER = re.compile(r"\s*\(([^()]{1,80})\)$")
_NAMED = re.compile(
    r"(?P<what>opinions?|meinungen|opiniones)\s*(?:of|by|from|von|de|[-–—:])\s*(?P<who>.{1,80})",
    re.I,
)
_NAMED_FIRST = re.compile(r"(?P<who>.{1,60}?)['’]s? opinions?", re.I)
_FOOTER = re.compile(
    r"©.{0,120}|\(c\) \d{4}.{0,120}|copyright\b.{0,120}|\w{1,16} [-–—] paper archive", re.I
)
_NOTHING = re.compile(r"[-=_*~#.,:：;·•●○◦▪■□‣⁃∙➢+|—–\s\u200b-\u200f\u2060\ufeff]*")
_PEOPLE = re.compile(CONTRIBUTORS, re.IGNORECASE)
_PHRASES = re.compile(USUAL_PHRASES)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that begins a section of a known kind, and what else stood on it."""

    kind: SectionKind
    text: str
    tail: str = ""
    names: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def _core(text: str) -> str:
    text = _TAGS.sub("", _MARKS.sub("", text.casefold().replace("’", "'")))
    return re.sub(r"[\s‐‑–]+", lambda m: " " if m[0].isspace() else "-", text).rstrip(
        " :：*_?!.,|·-—"
    )


@lru_cache(maxsize=4096)
def _kind(text: str) -> tuple[SectionKind, tuple[str, ...]] | None:
    """Kind and names of a whole heading; None when the words are not known."""
    if not text or len(text) > MAX_HEADING:
        return None
    core = _core(text)
    bare = _QUALIFIER.sub("", core)
    for words in dict.fromkeys((core, bare)):
        for kind, pattern in _KNOWN.items():
            if pattern.fullmatch(words):
                names = _bracket_names(text) if kind is SectionKind.OPINIONS else ()
                return kind, names
    named = _NAMED.fullmatch(text.rstrip(" :")) or _NAMED_FIRST.fullmatch(text.rstrip(" :"))
    names = read_names(named["who"]) if named else ()
    return (SectionKind.OPINIONS, names) if names else None


def _bracket_names(text: str) -> tuple[str, ...]:
    qualifier = _QUALIFIER.search(text.rstrip(" :：*"))
    return read_names(qualifier[1]) if qualifier else ()


def kind_of(heading: str) -> tuple[SectionKind, tuple[str, ...]]:
    """The kind of section that a heading names, and the people named in it."""
    return _kind(heading) or (SectionKind.OTHER, ())


def known_heading(text: str) -> Heading | None:
    """Reads a line as a heading whose words are known, alone or with text behind its colon."""
    first = text[:1]
    if not first or first.islower():
        return None
    if len(text) <= MAX_HEADING and (found := _kind(text)):
        return Heading(found[0], text, "", found[1])
    match = _COLON.search(text, 1, MAX_HEADING)
    colon = match.start() if match else 0
    tail = text[colon + 1 :].strip() if colon else ""
    if tail and (found := _kind(text[: colon + 1].strip())):
        return Heading(found[0], text[: colon + 1], tail, found[1])
    return None


def is_usual(text: str) -> bool:
    """Whether other pages commonly have a section of that name, such as ``References``."""
    core = _core(text)
    return core in USUAL or bool(_PHRASES.fullmatch(core))


def is_chapter(text: str) -> bool:
    """Whether a usual name is one that chapters of papers have: ``Introduction``."""
    return _core(text) in CHAPTERS


def is_inner(text: str) -> bool:
    """Whether a line sets off a part of one opinion: ``Pros``."""
    return len(text) < 20 and _core(text) in INNER


def looks_like_heading(text: str) -> bool:
    """Whether a line that no markup marks could be a heading of its own: short, and no sentence."""
    if len(text) > 80 or text.count(" ") > 9 or not text or text[-1] in '.!;,…。！]”"':
        return False
    first = text.lstrip(QUOTES)[:1]
    if not (is_capital(first) or first.isdigit()) or "://" in text or "@" in text:
        return False
    if _NUMBERED.match(text):
        return False
    return text[-1] != ")" or _ends_in_aside(text)


def _ends_in_aside(text: str) -> bool:
    """Whether the brackets at the end name nobody: ``Markets (part 2)``, but not ``(sid)``."""
    qualifier = _QUALIFIER.search(text)
    if qualifier is None or any(is_name(part) for part in split_names(qualifier[1])):
        return False
    return " " in qualifier[1] or not qualifier[1].isalpha()


def is_nothing(text: str) -> bool:
    """Whether a line belongs to the layout: a rule, or the footer of the archive."""
    if len(text) > 200:
        return False
    if text[:1].isalnum():
        ends = text[-7:].casefold() == "archive" or text[:9].casefold() == "copyright"
        return ends and bool(_FOOTER.fullmatch(text))
    return bool(_NOTHING.fullmatch(text) or _FOOTER.fullmatch(text))


def is_people_label(text: str) -> bool:
    """Whether a line says that the names of the contributors follow."""
    return len(text) < 40 and bool(_PEOPLE.fullmatch(text.rstrip(" :*")))


def people_behind_label(text: str) -> str | None:
    """The names on the line that says that they follow: ``Contributors: Ana, Ben``."""
    match = _COLON.search(text, 1, 40)
    if match is None or not _PEOPLE.fullmatch(text[: match.start()].rstrip()):
        return None
    return text[match.end() :].strip() or None


def can_stand(text: str) -> bool:
    """Whether a text stays a text on a line of its own: it would begin no section there."""
    is_people = is_people_label(text) or people_behind_label(text) is not None
    return not is_people and known_heading(text) is None
