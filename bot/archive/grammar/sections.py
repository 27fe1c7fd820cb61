"""A page cut into its sections, and each section's lines joined to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.archive.grammar.code_lines import is_banner, is_code_line
from bot.archive.grammar.drafts import with_next
from bot.archive.grammar.head_keys import is_abstract_label
from bot.archive.grammar.headings import (
    Heading,
    can_stand,
    is_chapter,
    is_inner,
    is_nothing,
    is_people_label,
    is_usual,
    kind_of,
    known_heading,
    looks_like_heading,
)
from bot.archive.grammar.in_depth import is_bare_topic
from bot.archive.grammar.names import begins_with_name, is_name, speakers, split_names
from bot.archive.grammar.plain import without_bullets
from bot.archive.grammar.ranges import find_pages
from bot.archive.grammar.tables import read_rows
from bot.archive.lines import Line
from bot.archive.record import SectionKind

_VOICES = (SectionKind.COMMUNITY_OPINIONS, SectionKind.NOTES)
_BY_NAME = (SectionKind.AUTHORS, SectionKind.OPINIONS)
_QUIET = (SectionKind.NOTES, SectionKind.JOIN, SectionKind.AUTHORS)
_NUMBER = re.compile(r"\(\w{1,7}\)|(?:^|\s)\d{1,2}[.)]\s")
_AMBIGUOUS = (SectionKind.SUMMARY, SectionKind.WHY, SectionKind.NOTES, SectionKind.AUTHORS)
_WIDTH = 110
"""Rows of a text that was wrapped by hand or by an editor are not longer."""


@dataclass(slots=True)
class Segment:
    """A section's heading and what stands below it."""

    kind: SectionKind
    heading: str
    number: int
    level: int = 0
    names: tuple[str, ...] = ()
    lines: list[Line] = field(default_factory=list)
    """Paragraphs, once ``join_paragraphs`` went over them; lines with the empty ones before."""


def split_sections(
    lines: Sequence[Line], *, has_title: bool = False
) -> tuple[list[Line], list[Segment]]:
    """The lines of the head, and the sections that a known or a marked heading begins."""
    head: list[Line] = []
    segments: list[Segment] = []
    titled = ""
    last_code: int | None = None
    for n, line in enumerate(lines):
        current = segments[-1] if segments else None
        if line.level and not any(map(str.isalnum, line.text)):
            line = replace(line, level=0, text=without_bullets(line.text))
        heading = _heading(line, current)
        if current is None and heading is not None:
            if _is_join(heading) and last_code is None:
                last_code = _last_code(lines)
            # A site's menu above the page may offer to join.
            is_menu = _is_join(heading) and n < (last_code or 0)
            if is_menu or _is_of_head(line, heading, head, has_title, titled):
                heading = None
                titled = titled or (line.text if line.level == 1 else "")
        if heading is None:
            if not (line.level and is_people_label(line.text)):
                (current.lines if current else head).append(line)
        elif isinstance(heading, Line):
            (current.lines if current else head).append(heading)
        else:
            segment = Segment(heading.kind, heading.text, line.number, line.level, heading.names)
            segments.append(segment)
            if heading.tail:
                segment.lines.append(Line(line.number, without_bullets(heading.tail)))
    return head, segments


def _last_code(lines: Sequence[Line]) -> int:
    return max((n for n, line in enumerate(lines) if is_code_line(line.text)), default=0)


def _is_join(heading: Heading | Line) -> bool:
    return isinstance(heading, Heading) and heading.kind is SectionKind.JOIN


def _is_of_head(
    line: Line, heading: Heading | Line, head: list[Line], has_title: bool, titled: str
) -> bool:
    """Whether what looks like the first section is the title, or names the paper's authors."""
    if isinstance(heading, Heading) and heading.kind is not SectionKind.OTHER:
        is_list = heading.kind is SectionKind.AUTHORS and bool(heading.tail)
        is_one = heading.text.casefold() == "paper author:"
        return is_list and (is_one or all(map(is_name, split_names(heading.tail))))
    if is_abstract_label(line.text) or line.text == titled:
        return True
    if line.level == 1:
        return all(above.level != 1 for above in head)
    last = next((above.text for above in reversed(head) if above.text), "")
    if line.level == 2 and is_banner(last) and head[0].level == 1:
        return True
    return not has_title and all(
        is_nothing(above.text) or is_code_line(above.text) for above in head
    )


def _heading(line: Line, current: Segment | None) -> Heading | Line | None:
    """What a line begins: a section, a topic (a line, perhaps without its mark), or nothing."""
    if line.bullet or line.column or is_nothing(line.text):
        return None
    known = known_heading(line.text)
    if known and not (known.tail and not line.level and _is_point(known, current)):
        return known
    if not line.level:
        return None
    if current and current.level and line.level > current.level:
        return line
    if current and not current.level and line.level > 1 and current.kind in _TOPICAL:
        return line
    kind, names = kind_of(line.text)
    return None if is_people_label(line.text) else Heading(kind, line.text, "", names)


_TOPICAL = (SectionKind.COMMUNITY_OPINIONS, SectionKind.IN_DEPTH)


def _is_point(known: Heading, current: Segment | None) -> bool:
    """Within an in-depth summary ``Notes: ...`` is a point and no section."""
    return current is not None and current.kind is SectionKind.IN_DEPTH and known.kind in _AMBIGUOUS


def join_paragraphs(segment: Segment) -> None:
    """Joins the rows of a paragraph, and drops the empty lines and the layout."""
    joined: list[tuple[Line, list[str]]] = []
    above: Line | None = None
    is_in_depth = segment.kind is SectionKind.IN_DEPTH
    for line in read_rows(segment.lines) if is_in_depth else segment.lines:
        if is_nothing(line.text):
            above = None
            continue
        if above is not None and _goes_on(segment, above, line):
            joined[-1][1].append(line.text)
        else:
            joined.append((line, [line.text]))
        above = None if line.level else line
    blocks = (
        line if len(rows) == 1 else replace(line, text=" ".join(rows)) for line, rows in joined
    )
    segment.lines = [line for line in blocks if line.level or line.bullet or _says(line.text)]


def _says(text: str) -> bool:
    return not (is_nothing(text) or is_people_label(text))


def _goes_on(segment: Segment, above: Line, line: Line) -> bool:
    """Whether a row belongs to the paragraph that the row directly above belongs to."""
    if line.level or line.bullet:
        return False
    if line.column:
        return True
    if _NUMBER.match(line.text) or above.text.endswith(":"):
        return False
    if segment.kind in _BY_NAME and begins_with_name(line.text):
        return False
    if segment.kind in _VOICES:
        return _is_wrapped(above, line) and not speakers(above.text)
    if segment.kind is SectionKind.IN_DEPTH:
        return _is_wrapped(above, line) and find_pages(line.text) is None
    return not above.bullet or not looks_like_heading(line.text)


def _is_wrapped(above: Line, line: Line) -> bool:
    """Whether a row looks cut at the width of its page, in the middle of a sentence."""
    row = len(above.text)
    unfinished = not above.text.endswith((".", "?", "!", ":", ";", "”"))
    return (
        40 <= row <= _WIDTH and len(line.text) <= _WIDTH and (unfinished or line.text[:1].islower())
    )


def split_bare(segment: Segment) -> Iterator[Segment]:
    """Cuts a section at the headings in it that nothing marks and nobody knows."""
    current = replace(segment, lines=[])
    has_pages = has_numbers = False
    for block, following in with_next(segment.lines):
        heading = None
        if not block.level and not block.bullet:
            heading = _bare_heading(current, block, following, has_pages, has_numbers)
        if heading is None:
            current.lines.append(block)
            if current.kind is SectionKind.IN_DEPTH and not has_pages:
                has_pages = find_pages(block.text) is not None
            elif current.kind is SectionKind.AUTHORS and not has_numbers:
                has_numbers = bool(_NUMBER.search(block.text))
            continue
        yield current
        current = Segment(heading.kind, heading.text, block.number, segment.level, heading.names)
        has_pages = has_numbers = False
        if heading.tail:
            current.lines.append(Line(block.number, without_bullets(heading.tail)))
    yield current


def _is_usual_here(segment: Segment, block: Line, has_pages: bool) -> bool:
    """Whether a usual name begins a section: where topics stand, it may be one of them."""
    has_topics = segment.kind is SectionKind.COMMUNITY_OPINIONS or (
        segment.kind is SectionKind.IN_DEPTH and not has_pages
    )
    return is_usual(block.text) and not (has_topics and is_chapter(block.text))


def _can_follow(segment: Segment, following: Line) -> bool:
    is_of_topic = segment.kind is SectionKind.IN_DEPTH and find_pages(following.text) is not None
    return not following.level and not is_of_topic and can_stand(following.text)


def _bare_heading(
    segment: Segment, block: Line, following: Line | None, has_pages: bool, has_numbers: bool
) -> Heading | None:
    known = known_heading(block.text)
    if known and not (known.tail and _is_point(known, segment)):
        return known
    if following is None or not looks_like_heading(block.text) or is_inner(block.text):
        return None
    if _is_usual_here(segment, block, has_pages) and _can_follow(segment, following):
        return Heading(SectionKind.OTHER, block.text)
    if segment.level:
        return None
    if following.level or (not following.bullet and looks_like_heading(following.text)):
        return None
    if segment.kind is SectionKind.COMMUNITY_OPINIONS:
        return None
    if segment.kind is SectionKind.IN_DEPTH:
        is_other = (
            has_pages
            and find_pages(block.text) is None
            and is_bare_topic(block, following)
            and find_pages(following.text) is None
        )
        return Heading(SectionKind.OTHER, block.text) if is_other else None
    if segment.kind in _QUIET and not (segment.kind is SectionKind.AUTHORS and has_numbers):
        return None
    if segment.kind is SectionKind.AUTHORS and is_name(block.text.rstrip(": ")):
        return None
    return None if block.text.endswith(":") else Heading(SectionKind.OTHER, block.text)
