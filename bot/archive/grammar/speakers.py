"""Who said what where many speak: names in brackets behind what was said, or before a colon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.archive.grammar.drafts import Body, ItemDraft
from bot.archive.grammar.letters import QUOTES, is_capital
from bot.archive.grammar.names import read_names, speakers

_SAID = re.compile(
    r"[(（]([^()（）]{1,80})[)）][.!?;,…。；]{1,3}\s*(?=[^\s.!?;…(（)\]”])"
    r"|(?<=[.!?…”])\s[(（]([^()（）]{1,80})[)）]\s(?=[^\s(（])"
)
"""Brackets behind a sentence that is not the last, with the full stop behind or before them."""


def _said_inside(
    text: str, known: Mapping[str, str] | None = None
) -> Iterator[tuple[int | None, tuple[str, ...]]]:
    """Who is named in a text, and where the next voice begins; None if the sentence goes on."""
    for match in _SAID.finditer(text):
        following = text[match.end()]
        begins = is_capital(following) or following.isdigit() or following in QUOTES
        goes_on = match[0].rstrip()[-1] in ",;；" or not begins
        if names := read_names(match[1] or match[2], known):
            yield (None if goes_on else match.end()), names


def split_voices(text: str, known: Mapping[str, str]) -> list[str]:
    """A paragraph cut behind each person whom the page knows: ``Yes (Sid). No (Ana).`` is two."""
    pieces, start = [], 0
    for place, names in _said_inside(text, known):
        if place is not None and all(name.casefold() in known for name in names):
            pieces.append(text[start:place].strip())
            start = place
    return [*pieces, text[start:].strip()]


def has_voices_inside(text: str) -> bool:
    """Whether a text could be cut, whoever is known."""
    return _SAID.search(text) is not None


def learn_names(items: Iterable[ItemDraft], named: Mapping[str, str]) -> dict[str, str]:
    """All who are known to speak, by case-folded name: those named, and those who end an item.

    A bracket in mid-text names a person only where the text ends with one, too: most hold things.
    """
    known = dict(named)
    groups: dict[str | None, list[tuple[str, ...]]] = {}
    lasts = []
    for item in items:
        lasts.append(item.texts[-1] if item.texts else "")
        _learn(speakers(lasts[-1]), known)
        before = read_names(item.label or "", known) if not item.number else ()
        groups.setdefault(item.topic, []).append(before)
    for last in lasts:
        if speakers(last, known):
            for place, names in _said_inside(last, known):
                _learn(names if place else (), known)
    for group in groups.values():
        everybody = [name for before in group for name in before]
        if all(group) and any(name.casefold() in known for name in everybody):
            _learn(everybody, known)
    return known


def _learn(names: Iterable[str], known: dict[str, str]) -> None:
    for name in names:
        known.setdefault(name.casefold(), name)


def is_changed_by(known: Mapping[str, str], body: Body) -> bool:
    """Whether a section reads otherwise once these people are known."""
    return any(speakers(text, known) for text in body.texts) or any(
        len(split_voices(text, known)) > 1 for item in body.items for text in item.texts
    )


def said_by(item: ItemDraft, known: Mapping[str, str]) -> tuple[str, ...]:
    """Who said an item: the names in brackets in it and at its end, or whom it begins with."""
    last = item.texts[-1] if item.texts else ""
    ends = speakers(last, known)
    inside = [
        name for _, names in _said_inside(last, known) for name in names if name.casefold() in known
    ]
    return tuple(dict.fromkeys((*inside, *ends))) or said_before(item.label, known)


def said_before(label: str | None, known: Mapping[str, str]) -> tuple[str, ...]:
    """The people before a colon, if the page knows all of them."""
    names = read_names(label, known) if label else ()
    return names if all(name.casefold() in known for name in names) else ()
