"""Small questions about characters that every rule of the grammar asks."""

from __future__ import annotations

import re

COLONS = ":："
QUOTES = "“\"'‘«„「[("
SENTENCE_END = ".?!…;。？！"
CLOSING = ')]”"’»'

FULL_STOP = r"(?<!\b[^\W\d_])(?<!\bvs)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bSt)(?<!\bProf)\.\s"
"""A full stop that ends a sentence, and no initial or title: ``Aidan N. Gomez``, ``Dr. Who``."""

_PAIRS = {")": "(", "]": "[", "”": "“", "»": "«"}
_BRACKETS = re.compile("[" + re.escape("()[]“”«»") + "]")


def is_capital(char: str) -> bool:
    """True for a letter that can begin a name: upper case, or of a script without cases."""
    return char.isalpha() and not char.islower()


def brackets(text: str) -> list[tuple[int, int]]:
    """The outermost pairs of brackets and quotation marks, in order; an unpaired one is ignored."""
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for match in _BRACKETS.finditer(text):
        char = match[0]
        if char not in _PAIRS:
            if len(opened) < 50:
                opened.append((char, match.start()))
            continue
        depth = next((n for n in range(len(opened)) if opened[-1 - n][0] == _PAIRS[char]), None)
        if depth is None:
            continue
        start = opened[-1 - depth][1]
        del opened[len(opened) - 1 - depth :]
        while pairs and pairs[-1][0] > start:
            pairs.pop()
        pairs.append((start, match.end()))
    return pairs


def is_balanced(text: str) -> bool:
    """Whether every round and square bracket has its partner."""
    opened: list[str] = []
    for match in _BRACKETS.finditer(text):
        char = match[0]
        if char in "([":
            opened.append(char)
        elif char in ")]" and (not opened or opened.pop() != _PAIRS[char]):
            return False
    return not opened
