"""From lines to a record: head, sections, and what only the whole page can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.archive.grammar.code_lines import is_code_line
from bot.archive.grammar.drafts import Body, ItemDraft
from bot.archive.grammar.fields import Fields, read_fields
from bot.archive.grammar.head import Head, read_head
from bot.archive.grammar.head_keys import is_key
from bot.archive.grammar.headings import can_stand, is_people_label, people_behind_label
from bot.archive.grammar.in_depth import read_in_depth
from bot.archive.grammar.links import collect_links, texts_of, web_link
from bot.archive.grammar.names import is_name, speakers, spellings, split_names
from bot.archive.grammar.people import merge_people, read_people
from bot.archive.grammar.prose import read_prose
from bot.archive.grammar.sections import Segment, join_paragraphs, split_bare, split_sections
from bot.archive.grammar.speakers import is_changed_by, learn_names, said_before, said_by
from bot.archive.grammar.voices import read_voices
from bot.archive.lines import Line, SourcePage
from bot.archive.record import (
    NotAPage,
    PageDate,
    PageWarning,
    PaperCode,
    PaperRecord,
    ParsedPage,
    Section,
    SectionKind,
)

MAX_SECTIONS = 2000
_VOICES = (SectionKind.COMMUNITY_OPINIONS, SectionKind.NOTES)


def read_source(page: SourcePage) -> ParsedPage:
    """Reads a page, whatever format it came in.

    Raises NotAPage, with a sentence for the person who brought it, when the text has no code, is
    empty, or is a flood of headings.
    """
    warnings: list[PageWarning] = []
    if not any(line.text for line in page.lines) and not page.fields:
        raise NotAPage("The file is empty. Bring the page as text, HTML or Markdown.")
    fields = read_fields(page.fields, warnings)
    lines, names = take_names(page.lines, warnings)
    if summary := fields.texts.get("summary"):
        lines += [Line(1, "Summary", 2), Line(1, summary)]
    head_lines, segments = split_sections(lines, has_title="title" in fields.texts)
    head = read_head(head_lines, names, warnings, fields.texts.get("title"))
    code = _code(fields, head, segments, warnings)
    people = merge_people(fields.people or head.people)
    sections = _read_sections(segments, [person.name for person in people], warnings)
    abstract = fields.texts.get("abstract") or head.abstract
    given = [*page.links, *fields.links, *head.links]
    links = [link for link in (web_link(one.url, one.label) for one in given) if link]
    record = PaperRecord(
        code=code,
        title=_title(fields, head, code, warnings),
        subtitle=fields.texts.get("subtitle") or head.subtitle,
        abstract=abstract,
        category=fields.texts.get("category") or head.category,
        chapter=fields.texts.get("chapter") or head.chapter,
        date=_date(fields, head, warnings),
        contributors=people,
        paper_authors=tuple(dict.fromkeys(fields.paper_authors or head.paper_authors))
        or paper_authors(sections),
        links=collect_links([abstract or "", *texts_of(sections)], links),
        sections=sections,
    )
    return ParsedPage(record, tuple(sorted(warnings, key=lambda warning: warning.line)))


def paper_authors(sections: Sequence[Section]) -> tuple[str, ...]:
    """The paper's authors as the sections about them name them."""
    names: list[str] = []
    for section in sections:
        if section.kind is not SectionKind.AUTHORS:
            continue
        labels = [item.label for item in section.items if item.label]
        if not labels:
            parts = split_names(section.text.rstrip(".")) if len(section.text) < 400 else []
            items = [item.text for item in section.items]
            labels = next(
                (found for found in (parts, items) if found and all(map(is_name, found))), []
            )
        names += labels
    return tuple(dict.fromkeys(names))


def take_names(lines: Sequence[Line], warnings: list[PageWarning]) -> tuple[list[Line], list[Line]]:
    """Takes out the lines below ``Contributors``, wherever the page has them."""
    rest: list[Line] = []
    names: list[Line] = []
    position = 0
    has_sections = False
    while position < len(lines):
        line = lines[position]
        position += 1
        has_sections = has_sections or line.level == 2
        is_topic = line.level > 2 and has_sections
        if line.bullet or line.column or is_topic:
            rest.append(line)
        elif (tail := people_behind_label(line.text)) and read_people(tail, strict=True):
            names.append(Line(line.number, tail))
        elif is_people_label(line.text):
            first, end = _names_below(lines, position)
            names += lines[first:end]
            if end == first:
                text = "No names can be read below this line; write them like “Ana · Ben”."
                warnings.append(PageWarning(line.number, text))
            else:
                position = end
        else:
            rest.append(line)
    return rest, names


def _names_below(lines: Sequence[Line], position: int) -> tuple[int, int]:
    """From where to where lines list names."""
    while position < len(lines) and not lines[position].text:
        position += 1
    end = position
    following = position
    while following < len(lines) and _is_name_line(lines[following], is_first=end == position):
        end = following = following + 1
        # A list may have empty lines between its items.
        while following < len(lines) and lines[position].bullet and not lines[following].text:
            following += 1
        if lines[position].bullet and following < len(lines) and not lines[following].bullet:
            break
    return position, end


def _is_name_line(line: Line, *, is_first: bool) -> bool:
    if not line.text or line.level or len(line.text) > 1000 or is_code_line(line.text):
        return False
    if not (line.text[0].isalnum() or line.text[0] in "[@") or not can_stand(line.text):
        return False
    if is_key(line.text) or not (is_first or line.bullet or "," in line.text or "·" in line.text):
        return False
    people = read_people(line.text, strict=True)
    return bool(people) and all(
        is_name(person.name) or (len(people) > 1 and person.name.replace(" ", "").isalpha())
        for person in people
    )


def _code(
    fields: Fields, head: Head, segments: Sequence[Segment], warnings: list[PageWarning]
) -> PaperCode:
    is_page = any(segment.kind is not SectionKind.OTHER for segment in segments)
    bare = head.bare_code if is_page or fields.texts else None
    named = head.code or bare
    found = fields.code or (named and named[0]) or (head.banner and head.banner[0])
    if found is None and not segments:
        raise NotAPage(
            "This is no archive page: it has neither a code nor a heading that is known."
        )
    if found is None:
        raise NotAPage("The page has no code. Put a line such as `WPRC-006 · AI` at its top.")
    for other, line in (place for place in (named, head.banner) if place):
        if other != found:
            text = f"The page calls itself {other} here; {found} is taken."
            warnings.append(PageWarning(line, text))
    return found


def _title(fields: Fields, head: Head, code: PaperCode, warnings: list[PageWarning]) -> str:
    title = fields.texts.get("title") or (head.title[0] if head.title else "")
    if not title:
        warnings.append(PageWarning(1, f"The page has no title; it is listed as {code}."))
    return title or str(code)


def _date(fields: Fields, head: Head, warnings: list[PageWarning]) -> PageDate | None:
    """The most exact date of the page; the banner's year is the archive's and dates no paper."""
    found = fields.date or (head.date and head.date[0]) or (head.month and head.month[0])
    if found is None:
        return None
    if head.month and not _agrees(found, head.month[0]):
        text = f"This line says {head.month[0]} and the page is dated {found}; {found} is taken."
        warnings.append(PageWarning(head.month[1], text))
    if head.date and not _agrees(found, head.date[0]):
        text = f"This line says {head.date[0]} and the front matter {found}; {found} is taken."
        warnings.append(PageWarning(head.date[1], text))
    if head.banner and head.banner_year not in (None, found.year):
        text = f"The year {head.banner_year} is the archive's; the page is dated {found}."
        warnings.append(PageWarning(head.banner[1], text))
    return found


def _agrees(one: PageDate, other: PageDate) -> bool:
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(a == b for a, b in pairs if a is not None and b is not None)


def _read_sections(
    segments: Sequence[Segment], contributors: Sequence[str], warnings: list[PageWarning]
) -> tuple[Section, ...]:
    parts: list[Segment] = []
    for segment in segments:
        join_paragraphs(segment)
        parts += split_bare(segment)
        if len(parts) > MAX_SECTIONS:
            raise NotAPage(
                f"The file has more than {MAX_SECTIONS:,} headings, so it is no page of one paper. "
                "Bring one page in a file."
            )
    named = spellings([*contributors, *(name for part in parts for name in part.names)])
    bodies = [_read_body(part, named, warnings) for part in parts]
    voices = [n for n, part in enumerate(parts) if part.kind in _VOICES]
    known = learn_names((item for n in voices for item in bodies[n].items), named)
    for n in voices if len(known) > len(named) else ():
        if is_changed_by(known, bodies[n]):
            bodies[n] = _read_body(parts[n], known, warnings)
    return tuple(
        Section(
            kind=part.kind,
            heading=part.heading,
            text="\n\n".join(body.texts),
            attributed_to=part.names,
            items=tuple(
                item.finish(_said_by(item, part.kind, known, named)) for item in body.items
            ),
        )
        for part, body in zip(parts, bodies, strict=True)
    )


def _read_body(part: Segment, named: Mapping[str, str], warnings: list[PageWarning]) -> Body:
    match part.kind:
        case SectionKind.COMMUNITY_OPINIONS:
            return read_voices(part.lines, has_topics=True, named=named)
        case SectionKind.NOTES:
            return read_voices(part.lines, has_topics=False, named=named)
        case SectionKind.IN_DEPTH:
            return read_in_depth(part.lines, warnings)
        case _:
            return read_prose(part.lines, part.kind, named)


def _said_by(
    item: ItemDraft, kind: SectionKind, known: Mapping[str, str], named: Mapping[str, str]
) -> tuple[str, ...]:
    """Who said an item, in those sections where it matters."""
    if kind in _VOICES:
        return said_by(item, known)
    if kind is not SectionKind.OPINIONS:
        return ()
    last = item.texts[-1] if item.texts else ""
    ends = tuple(name for name in speakers(last, named) if name.casefold() in named)
    return ends or said_before(item.label, named) or said_before(item.topic, named)
