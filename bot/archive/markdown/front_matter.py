"""The YAML block at the top of a Markdown page: read with limits, written by the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from bot.archive.record import NotAPage

if TYPE_CHECKING:
    import yaml

MAX_FRONT_MATTER = 64 * 1024
"""In characters."""
_MAX_DEPTH = 8
_BLOCK = re.compile(r"\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"\s*---[ \t]*\n\s*[\w ]{1,40}:(?:\s|$)")
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    fields: dict[str, object]
    """By lower-case key with ``_`` for blanks and hyphens. Every plain value is a text or None."""
    body: str
    body_line: int
    """The line of the file on which the body begins, counted from 1."""


def split_front_matter(text: str) -> FrontMatter | None:
    """Takes a page apart; None when it has no front matter.

    Raises NotAPage, with a line number where there is one, for a block that is not closed, too
    long, no YAML or no mapping, or that uses anchors (a few lines of them can grow into gigabytes).
    """
    if not text.lstrip().startswith("---"):
        return None
    match = _BLOCK.match(text)
    if match is None:
        if _OPENING.match(text):
            raise NotAPage("The front matter has no end: put a line `---` after its last key.")
        return None
    block = match[1]
    if len(block) > MAX_FRONT_MATTER:
        raise NotAPage(
            f"The front matter has {len(block):,} characters and may have {MAX_FRONT_MATTER:,}. "
            "Put the text of the page below the second `---`."
        )
    first_line = text.count("\n", 0, match.start(1)) + 1
    loaded = _load(block, first_line) or {}
    if not isinstance(loaded, dict):
        raise NotAPage(
            f"Line {first_line}: front matter must be lines such as `title: AI X Crypto Primer`."
        )
    fields = {re.sub(r"[\s-]+", "_", key.strip().lower()): loaded[key] for key in loaded}
    return FrontMatter(fields, text[match.end() :], text.count("\n", 0, match.end()) + 1)


def dump_front_matter(fields: Mapping[str, object]) -> str:
    """The block with both its `---` lines, its keys in the order given."""
    import yaml

    dumped = yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{dumped}---\n"


def _load(block: str, first_line: int) -> object:
    import yaml

    try:
        return _Builder(yaml.parse(block, Loader=yaml.SafeLoader), first_line).build()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        problem = error.problem or error.context or "unreadable"
        hint = " A text with a colon in it needs quotes." if problem.startswith("mapping") else ""
        raise NotAPage(
            f"Line {line}: the front matter is no sound YAML: {problem}.{hint}"
        ) from None
    except yaml.YAMLError as error:
        problem = str(error).partition("\n")[0]
        raise NotAPage(
            f"Line {first_line}: the front matter is no sound YAML: {problem}."
        ) from None


class _Builder:
    """Makes texts, lists and mappings of YAML, a few levels deep, and nothing else.

    The library would turn the title `1984` into a number, `No` into a truth, a date into an object.
    """

    def __init__(self, events: Iterator[yaml.Event], first_line: int) -> None:
        self._events = events
        self._first_line = first_line

    def build(self) -> object:
        import yaml

        for event in self._events:
            if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                return None if isinstance(event, yaml.StreamEndEvent) else self._value(event, 0)
        return None

    def _value(self, event: yaml.Event, depth: int) -> object:
        import yaml

        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse("anchors and aliases are not read", event)
        if getattr(event, "tag", None):
            self._refuse("tags are not read", event)
        if depth > _MAX_DEPTH:
            self._refuse("lists in lists are not read this deep", event)
        if isinstance(event, yaml.ScalarEvent):
            is_null = event.style is None and event.value in _NULLS
            return None if is_null else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._values(yaml.SequenceEndEvent, depth))
        keys_and_values = self._values(yaml.MappingEndEvent, depth)
        return {str(key): next(keys_and_values) for key in keys_and_values}

    def _values(self, end: type[yaml.Event], depth: int) -> Iterator[object]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield self._value(event, depth + 1)

    def _refuse(self, problem: str, event: yaml.Event) -> NoReturn:
        line = event.start_mark.line if event.start_mark else 0
        raise NotAPage(f"Line {self._first_line + line}: {problem} in front matter.")
