"""People in running text: which words are names, and who said what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.archive.grammar.letters import is_capital
from bot.archive.grammar.vocabulary import NOT_PEOPLE, PARTICLES

_SEPARATOR = re.compile(
    r"\s*(?:[·•|;,&/+、，]|\s(?:and|und|et|y|e|with|mit)\s)\s*(?:(?:and|und|et|y|e)\s)?\s*"
)
_SPEAKER = re.compile(r"[\s.]?[(（]([^()（）]{1,80})[)）]\s*[.!?…。]?[\"”]?$")
_LEAD = re.compile(r"(?:by|from|per|via|said|says|von|par|por|@)\s*", re.IGNORECASE)
_DASH = re.compile(r"\s+[—–-]\s+(?=\S)")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’.\-]*(?:['’.\-][^\W\d_]+)*\.?")


def is_name(text: str, known: Mapping[str, str] | None = None) -> bool:
    """Whether the words are a person's name: capitals, or a script without them; no acronym.

    A name that the page knows already is one in any case (``sid``, ``JB``).
    """
    if known and text.casefold() in known:
        return True
    words = text.split()
    if not 0 < len(words) <= 4 or len(text) > 50 or text.casefold() in NOT_PEOPLE:
        return False
    if text.isascii() and text.isupper() and len(text) <= 6:
        return False
    if text.endswith(("’s", "'s", "’", "'")) or not (is_capital(words[0][0]) or len(words) > 1):
        return False
    return all(
        _WORD.fullmatch(word)
        and not word.endswith(("’s", "'s"))
        and (is_capital(word[0]) or word in PARTICLES)
        for word in words
    ) and any(is_capital(word[0]) for word in words)


def split_names(text: str) -> list[str]:
    """The parts of a list of names, at whatever separates them."""
    return [part for part in (part.strip() for part in _SEPARATOR.split(text)) if part]


def read_names(text: str, known: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The names in a list of nothing but names, in the page's own spelling; empty if it is not."""
    text = text.strip()
    lead = _LEAD.match(text)
    parts = split_names(text[lead.end() :] if lead and not is_name(text, known) else text)
    names = [part.lstrip("@") for part in parts]
    if not 0 < len(names) <= 12 or not all(is_name(name, known) for name in names):
        return ()
    spelling = known or {}
    return tuple(dict.fromkeys(spelling.get(name.casefold(), name) for name in names))


def speakers(text: str, known: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Who is named in the brackets that end a text: ``... smaller models (Sid).``"""
    if not text[-4:].rstrip('.!?…。"” ').endswith((")", "）")):
        return ()
    match = _SPEAKER.search(text, max(0, len(text) - 90))
    return read_names(match[1], known) if match else ()


def split_by_dash(text: str) -> tuple[str, str] | None:
    """A name and what a dash sets off from it: ``Kobi Gurkan — cryptographer``."""
    match = _DASH.search(text, 0, 60)
    if match is None or not is_name(text[: match.start()]):
        return None
    return text[: match.start()], text[match.end() :]


def begins_with_name(text: str) -> bool:
    """Whether a line begins with a name that a colon or a dash sets off."""
    colon = text.find(":", 0, 60)
    return (colon > 0 and is_name(text[:colon])) or split_by_dash(text) is not None


def spellings(names: Iterable[str]) -> dict[str, str]:
    """Case-folded names to the spelling that came first."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(name.casefold(), name)
    return known
