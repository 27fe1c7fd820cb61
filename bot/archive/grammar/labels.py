"""Labels: the short words before a colon that say what a text is about.

A text may begin with one (``Policy: slows innovation``), and lost line breaks glue several into
one paragraph (``...evade detection.Policy: slows innovation``).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from bot.archive.grammar.letters import (
    CLOSING,
    COLONS,
    QUOTES,
    SENTENCE_END,
    brackets,
    is_balanced,
    is_capital,
)
from bot.archive.grammar.names import is_name
from bot.archive.grammar.vocabulary import SENTENCE_OPENERS

MAX_LABEL = 100
_MAX_GLUED = 80
_MAX_COLONS = 2000
"""In one paragraph; what comes after so many stays as it is."""
_NUMBER = re.compile(r"(?:\(\w{1,7}\)|\d{1,2}[.)]|[ivx]{1,5}[.)]|[a-z]\))(?:\s+|$)")
_NUMBER_ALONE = re.compile(rf"(?:\d{{1,2}}|[ivx]{{1,5}}|[a-z])[.)](?=[{COLONS}])")
_COLON = re.compile(f"[{COLONS}]")
_SENTENCE_END = re.compile(
    r"(?<!\bvs)(?<!\bv)(?<!\b[DMS][rst])(?<!\bProf)\.[”\"’»)]?\s|[?!;…][”\"’»)]?\s|[。？！]"
)
_UNLIKELY = re.compile(r"@|://|,\s(?!et al\.)|\b[eE]\.\s?g\b|\b[iI]\.\s?e\b")
_ABBREVIATED = re.compile(
    r"\b(?:vs|cf|approx|ca|al|e\.\s?g|i\.\s?e|figs?|secs?|eqs?|nos?|pp?|ch)\.$", re.I
)
"""Words whose full stop ends no sentence."""
_INITIAL = re.compile(r"\b[^\W\d_]\.\s")
_FOLLOWS = '\\.?!…;。？！%)\\]”"’»'
_BOUNDARY = re.compile(
    rf"(?<=[{_FOLLOWS}])\s?(?=\S)|(?<=\*\*)\s?(?=\S)"
    r"|(?<=[^\W\d_])(?=[^\W\d_a-z])|(?<=\d{4})(?=[^\W\d_a-z])"
)
_ASIDE = re.compile(r"[\[(].*?[\])]")
_GLUED_END = re.compile(r"[.?!…;](?=[^\W\d_a-z])")


def leading_number(text: str) -> int:
    """How many characters the number takes that a text begins with; 0 if it has none."""
    number = _NUMBER.match(text) or _NUMBER_ALONE.match(text)
    return number.end() if number else 0


class Labelled(NamedTuple):
    """A stretch of text and its label, if it has one."""

    label: str | None
    text: str


def ends_label(text: str, colon: int) -> bool:
    """Whether what follows a colon lets it end a label: no time of day, no address."""
    after = text[colon + 1 : colon + 2]
    return after == "" or after.isspace() or is_capital(after) or after in QUOTES


def is_label(text: str) -> bool:
    """Whether the words before a colon are short and whole enough to be a label."""
    if not 0 < len(text) <= MAX_LABEL or text.count(" ") > 11:
        return False
    number = _NUMBER.match(text)
    words = text[number.end() :] if number else text
    if not words:
        return True
    first = words.lstrip(QUOTES)[:1]
    return (
        (is_capital(first) or first.isdigit())
        and (not _SENTENCE_END.search(words) or _is_name_with_initials(words))
        and not _UNLIKELY.search(words)
        and is_balanced(words)
    )


def _is_name_with_initials(text: str) -> bool:
    """Whether the full stops in a text are those of a name: ``Edward J. Hu, et al.``"""
    if not _INITIAL.search(text):
        return False
    name = text.removesuffix(", et al.")
    return is_name(name) and not _SENTENCE_END.search(_INITIAL.sub("", name))


def split_label(text: str) -> Labelled:
    """Takes the label off the beginning of a text; ``join_label`` puts it back."""
    first = leading_number(text)
    for match in _COLON.finditer(text, 1, MAX_LABEL + 1):
        colon = match.start()
        if not ends_label(text, colon) or not is_balanced(text[first:colon]):
            continue
        label = text[:colon].rstrip()
        return (
            Labelled(label, text[colon + 1 :].strip()) if is_label(label) else Labelled(None, text)
        )
    return Labelled(None, text)


def join_label(label: str | None, text: str) -> str:
    """A text behind its label, as ``split_label`` reads it."""
    return text if label is None else f"{label}: {text}".rstrip()


def _is_glued_label(label: str, *, is_first: bool) -> bool:
    """Whether words in mid-text are a label and no sentence that has a colon in it.

    Three words may be a label as they are, five where the text begins; a longer one shows it by a
    second capital.
    """
    if not is_label(label) or _GLUED_END.search(label) or _NUMBER.match(label) or "**" in label:
        return False
    words = (_ASIDE.sub("", label) if "(" in label or "[" in label else label).split()
    if not words:
        return False
    capitals = sum(is_capital(word.lstrip(QUOTES)[:1]) for word in words[1:])
    is_title = capitals == len(words) - 1
    if words[0].casefold() in SENTENCE_OPENERS and len(words) > 2 and not is_title:
        return False
    return len(words) <= (5 if is_first else 3) or (len(words) <= 9 and capitals > 0)


def _is_boundary(text: str, start: int, lowest: int) -> bool:
    """Whether a label may start here: after a sentence, or after a word that it was glued to."""
    before = text[start - 1]
    if before.isspace():
        before = text[start - 2] if start > 1 else " "
    if before in SENTENCE_END + CLOSING + "*%":
        return before != "." or not _ABBREVIATED.search(text[max(0, start - 10) : start].rstrip())
    word_start = max(text.rfind(" ", lowest, start), lowest - 1) + 1
    word = text[word_start:start]
    if word.isdigit():
        return len(word) == 4
    return len(word) > 1 and word.isalpha() and word.islower()


def _label_start(text: str, lowest: int, colon: int) -> int | None:
    """Where the label that ends at a colon starts; the longest that can be one wins."""
    window = max(lowest, colon - _MAX_GLUED)
    starts = [match.end() for match in _BOUNDARY.finditer(text, max(window, 1), colon)]
    if window == lowest:
        starts.insert(0, lowest + len(text[lowest:colon]) - len(text[lowest:colon].lstrip(" *")))
    for start in starts:
        if not (is_capital(text[start]) or text[start] in QUOTES or text[start].isdigit()):
            continue
        is_first = text[lowest:start].strip(" *") == ""
        if not (is_first or _is_boundary(text, start, lowest)):
            continue
        label = text[start:colon]
        glued_inside = not is_first and text[start - 1].isalpha()
        if glued_inside and " " not in label and len(_word_before(text, start)) < 4:
            continue
        if _is_glued_label(label, is_first=start == 0):
            return start
    return None


def _word_before(text: str, end: int) -> str:
    return text[max(0, end - 20) : end].rsplit(" ", 1)[-1]


def glued_labels(text: str) -> list[Labelled]:
    """Cuts a paragraph at every label in it; what stands before the first has none.

    A label within brackets or quotation marks is part of the text, and so is one that a sentence
    runs into.
    """
    cuts: list[tuple[int, int]] = []
    closed = brackets(text)
    pair = lowest = 0
    for match in islice(_COLON.finditer(text), _MAX_COLONS):
        colon = match.start()
        while pair < len(closed) and closed[pair][1] <= colon:
            pair += 1
        if (pair < len(closed) and closed[pair][0] < colon) or not ends_label(text, colon):
            continue
        start = _label_start(text, lowest, colon)
        lowest = colon + 1
        if start is not None and not _starts_inside(start, closed, pair):
            cuts.append((start, colon))
    return _cut_at(text, cuts)


def _starts_inside(start: int, closed: list[tuple[int, int]], pair: int) -> bool:
    earlier = range(max(0, pair - 20), min(pair, len(closed)))
    return any(closed[n][0] < start < closed[n][1] for n in earlier)


def _cut_at(text: str, cuts: list[tuple[int, int]]) -> list[Labelled]:
    ends = [start for start, _ in cuts] + [len(text)]
    found = [Labelled(None, _without_stars(text[: ends[0]], bool(cuts)))]
    for (start, colon), end in zip(cuts, ends[1:], strict=True):
        body = _without_stars(text[colon + 1 : end], end < len(text))
        found.append(Labelled(text[start:colon].strip(), body))
    return found if found[0].text or len(found) == 1 else found[1:]


def _without_stars(text: str, is_followed: bool) -> str:
    """Drops the stars that mark a remark to come, such as ``** Ana Feedback:``."""
    text = text.strip()
    return text[:-2].rstrip() if is_followed and text.endswith("**") else text
