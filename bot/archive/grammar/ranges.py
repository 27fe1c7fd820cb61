"""Page ranges in headings: ``Topic:6-9Text``, ``[28-31]``, ``p. 6–9``, ``Pages 47-56: Topic:``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.archive.grammar.headings import is_nothing
from bot.archive.grammar.labels import leading_number, split_label
from bot.archive.grammar.letters import COLONS, FULL_STOP, QUOTES, is_balanced, is_capital
from bot.archive.grammar.plain import without_bullets
from bot.archive.grammar.vocabulary import NO_TOPIC_END

_PREFIX = r"(?:(?i:pages?|pgs?\.?|pp?\.?|seiten?|p[áa]ginas?|p[áa]gs?\.?|pagine)|S\.)"
_DASH = r"\s?(?:[-–—‒−‐‑]|to\b|bis\b|until\b)\s?"
_RANGE = re.compile(
    rf"(?P<strong>\[(?:p\. )?(?P<a1>\d{{1,4}})(?:-(?P<b1>\d{{1,4}}))?\](?=:|$))"
    rf"|(?P<bracket>[\[(]\s?(?P<mark>{_PREFIX}\s?)?(?P<a2>\d{{1,4}})(?:{_DASH}(?P<b2>\d{{1,4}}))?"
    rf"(?:\s?[,;&]\s?(?:\d{{1,4}}{_DASH})?(?P<c2>\d{{1,4}})){{0,6}}\s?[\])])"
    rf"|(?P<prefixed>(?<![^\W_]){_PREFIX}\s?(?P<a3>\d{{1,4}})(?:{_DASH}(?P<b3>\d{{1,4}}))?(?![\d%]|[-–.,]\d))"
    r"|(?P<bare>(?<![\d.,/$€£#+-])(?P<a4>\d{1,4})\s?[-–—‒−‐‑]\s?(?P<b4>\d{1,4})(?![\d%]|[-–.,/:]\d))"
    rf"|(?P<single>(?<=[{COLONS}])\s?(?P<a5>\d{{1,4}})(?![\d%]|[-–.,/:]\d)(?=\s*$|[^\W\d_a-z]|\s?:\s))"
)
_ALONE = re.compile(rf"(?:{_PREFIX}\s?)?(\d{{1,4}})(?:{_DASH}(\d{{1,4}}))?")
_CAMEL = re.compile(r"[a-z]{1,2}-?[A-Z]")
"""A name such as ``cToken`` that begins a text in spite of its first letter."""
_DIGIT = re.compile(r"\d")
_WINDOW = 260
_SEPARATORS = " :：-–—·|•,.="
_LEADING_OVER = " :：-–—·|•,"
_SENTENCE_END = re.compile(rf"{FULL_STOP}|[!;]\s|\?\s*\S|[。！]")
MAX_TOPIC = 120


@dataclass(frozen=True, slots=True)
class PageHeading:
    """A topic (None where only pages stand) with its pages, as printed, and the text behind it."""

    topic: str | None
    start: int
    end: int
    text: str

    @property
    def is_backward(self) -> bool:
        return self.start > self.end


def clean_topic(text: str) -> str | None:
    """A topic without the punctuation that leads over to its pages or its text."""
    text = text.strip(" ")
    text = text.rstrip(_LEADING_OVER).removesuffix("**").rstrip(_LEADING_OVER)
    return text.lstrip("* ") or None


def behind_pages(text: str) -> str:
    """The text behind a page range without the punctuation between them."""
    while (stripped := without_bullets(text.lstrip(_SEPARATORS))) != text:
        text = stripped
    return text


def _is_year(page: str) -> bool:
    return len(page) == 4 and 1900 <= int(page) <= 2100


def _is_title_like(topic: str) -> bool:
    words = [word for word in topic.split() if len(word) > 3] or topic.split()
    capitals = sum(is_capital(word.lstrip(QUOTES)[:1]) or word[0].isdigit() for word in words)
    return capitals * 2 >= len(words)


def topic_of(text: str) -> tuple[str | None, str]:
    """The topic that a text behind a page range begins with, and the rest of it."""
    label, rest = split_label(text)
    if label is not None:
        return clean_topic(label), behind_pages(rest)
    is_topic = len(text) <= MAX_TOPIC and text.count(" ") < 12 and not text.endswith(tuple(".!;,…"))
    if text and is_topic and is_capital(text.lstrip(QUOTES)[:1]) and not _SENTENCE_END.search(text):
        return clean_topic(text), ""
    return None, text


def find_pages(text: str) -> PageHeading | None:
    """Reads a paragraph that begins with a heading that has pages; None for every other one.

    A range in running text is none: years, ``ERC-20``, ``10x-20x``, and whatever a sentence says.
    """
    found = _find(text)
    return found if found and (not found.text or can_be_written(found)) else None


def read_pages(text: str) -> tuple[int, int] | None:
    """Reads a text that is nothing but pages: ``6-9``, ``p. 12``, ``12``."""
    match = _ALONE.fullmatch(text.strip(" []()"))
    if match is None or not int(match[1]):
        return None
    return int(match[1]), int(match[2] or match[1])


def with_pages(topic: str | None, start: int, end: int, text: str) -> str:
    """A heading with its pages in the plainest notation, and the text behind it."""
    pages = f"[p. {start}]" if start == end else f"[{start}-{end}]"
    return f"{topic or ''} {pages}".lstrip() + (f": {text}" if text else "")


def can_be_written(found: PageHeading) -> bool:
    """Whether the plainest notation says the same."""
    start, end = sorted((found.start, found.end))
    again = PageHeading(found.topic, start, end, found.text)
    return _find(with_pages(found.topic, start, end, found.text)) == again


def _find(text: str) -> PageHeading | None:
    if not _DIGIT.search(text, 0, _WINDOW):
        return None
    head = text[:_WINDOW]
    for tries, match in enumerate(_RANGE.finditer(head)):
        if tries == 6:
            return None
        start, end = _pages(match)
        if _stands_as_heading(text, match, start, end):
            rest = behind_pages(text[match.end() :])
            topic = clean_topic(text[: match.start()])
            return PageHeading(topic, int(start), int(end), rest)
    return None


def find_pages_in_heading(text: str) -> PageHeading | None:
    """The same for a line that is a heading anyway: pages at its end need no further sign."""
    match = re.search(r"\s*\[(?:p\. )?(\d{1,4})(?:-(\d{1,4}))?\]$", text)
    if match and int(match[1]) and int(match[2] or match[1]):
        topic = clean_topic(text[: match.start()])
        return PageHeading(topic, int(match[1]), int(match[2] or match[1]), "")
    return find_pages(text)


def _pages(match: re.Match[str]) -> tuple[str, str]:
    for n in "12345":
        if start := match[f"a{n}"]:
            last = match["c2"] if n == "2" else None
            return start, last or (match[f"b{n}"] if n != "5" else None) or start
    raise AssertionError(match)


def _stands_as_heading(text: str, match: re.Match[str], start: str, end: str) -> bool:
    if not (int(start) and int(end)):
        return False
    is_range = start != end
    kind = match.lastgroup or ""
    kind = next(name for name in ("strong", "bracket", "prefixed", "bare", "single") if match[name])
    has_prefix = kind == "prefixed" or bool(kind == "bracket" and match["mark"])
    if not has_prefix and (_is_year(start) and (_is_year(end) or not is_range)):
        return False
    before, rest = text[: match.start()], text[match.end() :]
    topic = clean_topic(before)
    if topic is None:
        return before.strip(" *") == "" and _can_lead(kind, is_range or has_prefix, rest)
    if not _can_be_topic(topic, before, rest, kind):
        return False
    if kind == "strong":
        return True
    return _can_follow(topic, before, rest, kind, is_range or has_prefix)


def _can_lead(kind: str, is_certain: bool, rest: str) -> bool:
    """Whether pages may stand first: ``Pages 6-9: Topic``."""
    if kind == "strong":
        return True
    after = behind_pages(rest)
    separated = rest.strip() == "" or rest.lstrip()[0] in _SEPARATORS
    if kind == "bare":
        return (
            after == "" or (separated and bool(topic_of(after)[0])) or bool(split_label(after)[0])
        )
    return is_certain and (separated or is_capital(after[:1]) or after[:1] in QUOTES)


def _can_be_topic(topic: str, before: str, rest: str, kind: str) -> bool:
    if is_nothing(topic) or not any(map(str.isalpha, topic)):
        return False
    if len(topic) > MAX_TOPIC or topic.count(" ") > 13 or not is_balanced(topic):
        return False
    if _SENTENCE_END.search(topic, leading_number(topic)):
        return False
    has_colon = any(colon in topic for colon in COLONS)
    is_plain = kind == "strong" or (kind == "bracket" and _is_title_like(topic))
    return not has_colon or is_plain or rest.strip(_SEPARATORS) == ""


def _can_follow(topic: str, before: str, rest: str, kind: str, is_certain: bool) -> bool:
    """Whether pages may stand between this topic and this text."""
    after = rest.lstrip()[:1]
    ends = after == "" or after in _SEPARATORS or bool(_CAMEL.match(rest))
    if not (ends or is_capital(after) or after in QUOTES or after.isdigit()):
        return kind != "bare" and before.rstrip()[-1:] in COLONS
    if before.rstrip()[-1:] in COLONS and kind != "bracket":
        return True
    if kind == "bracket" and is_certain and after in ("", ":"):
        return True
    last_word = topic.rsplit(" ", 1)[-1].casefold()
    is_apart = kind == "bracket" and rest[:1].isspace()
    if last_word in NO_TOPIC_END or (after.isdigit() and not is_apart):
        return False
    if kind == "bracket":
        return is_certain or _is_title_like(topic)
    if kind == "prefixed":
        return is_capital(topic[0]) or topic[0].isdigit()
    is_glued = not before[-1].isspace()
    return is_glued or _is_title_like(topic)
