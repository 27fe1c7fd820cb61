"""From a record to a page of text in the shape that the archive itself has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.archive.grammar.code_lines import is_code_line
from bot.archive.grammar.drafts import with_next
from bot.archive.grammar.head import Head, read_head
from bot.archive.grammar.headings import is_usual, looks_like_heading
from bot.archive.grammar.links import collect_links, texts_of
from bot.archive.grammar.people import merge_people
from bot.archive.grammar.plain import text_source
from bot.archive.grammar.reader import paper_authors, take_names
from bot.archive.grammar.sections import split_sections
from bot.archive.grammar.voices import is_topic
from bot.archive.lines import Line
from bot.archive.outline import SECTION_LEVEL, is_bare_heading, outline
from bot.archive.record import Contributor, Link, PageDate, PageWarning, PaperRecord, SectionKind

_BULLETS = ("•", "◦", "▪")
_TOPICAL = (SectionKind.COMMUNITY_OPINIONS, SectionKind.IN_DEPTH)
_RULES = {2: "-", 3: "~"}


def write_page(record: PaperRecord, *, with_contacts: bool = False) -> str:
    """A page that ``read_source`` reads as the same record; contacts only where asked for.

    A heading that its words alone would not show is underlined, points are bullets.
    """
    if not with_contacts:
        people = tuple(replace(person, contacts=()) for person in record.contributors)
        record = replace(record, contributors=people)
    parts = _archive_head(record)
    if is_code_line(record.title) or not _says(parts, record):
        parts = _keyed_head(record)
    parts += _extra_lines(record)
    parts += _body(record)
    year = f"© {record.date.year} " if record.date else "© "
    parts += [f"{year}{record.code.prefix}", f"{record.code.prefix} — Paper Archive"]
    return "\n\n".join(parts) + "\n"


def _banner(record: PaperRecord) -> str:
    year = f"{record.date.year:04d}" if record.date else ""
    return f"{record.code.prefix} {year}#{record.code.number:03d}"


def _archive_head(record: PaperRecord) -> list[str]:
    """The head as the archive's own pages have it."""
    date = record.date
    month = f"{date.year:04d}. {date.month:02d}" if date and date.month else str(date or "")
    meta = "· ".join(filter(None, (str(record.code), record.chapter, month, record.category)))
    parts = [_banner(record), record.title]
    parts.append(f"{record.category}\n{meta}" if record.category else meta)
    parts += [record.abstract] if record.abstract else []
    if record.contributors:
        parts.append("Contributors\n" + "·".join(person.name for person in record.contributors))
    gap = " " * 12
    if date and date.day:
        parts.append(f"{record.title}{gap}{_long_date(date)}")
    byline = ", ".join(map(_in_byline, record.contributors))
    is_needed = any(
        person.contacts or person.role != "contributor" for person in record.contributors
    )
    columns = [record.subtitle or "", byline if is_needed else ""]
    if any(columns):
        parts.append(gap.join(filter(None, columns)))
    return parts


def _long_date(date: PageDate) -> str:
    months = "January February March April May June July August September October November December"
    return f"{date.day} {months.split()[(date.month or 1) - 1]} {date.year:04d}"


def _in_byline(person: Contributor) -> str:
    kinds = {"email": "{}", "telegram": "tg: {}"}
    found = [kinds.get(one.kind, one.kind + ": {}").format(one.value) for one in person.contacts]
    if person.role not in ("contributor", "reviewer"):
        found.insert(0, person.role)
    contacts = f" ({', '.join(found)})" if found else ""
    name = f"[{person.name}**]" if person.role == "reviewer" else person.name
    return name + contacts


def _keyed_head(record: PaperRecord) -> list[str]:
    """The head with the name of each part, for what could be taken for something else."""
    named = {
        "Title": record.title,
        "Subtitle": record.subtitle,
        "Code": str(record.code),
        "Chapter": record.chapter,
        "Date": record.date,
        "Category": record.category,
        "Abstract": record.abstract,
    }
    parts = [_banner(record)] + [f"{key}: {value}" for key, value in named.items() if value]
    for person in record.contributors:
        contacts = (f"{contact.kind}: {contact.value}" for contact in person.contacts)
        parts.append(" | ".join([f"Contributor ({person.role}): {person.name}", *contacts]))
    return parts


def _extra_lines(record: PaperRecord) -> list[str]:
    """What the archive's head has no place for, if the rest of the page does not say it."""
    parts: list[str] = []
    if record.paper_authors != paper_authors(record.sections):
        parts += [f"Paper author: {name}" for name in record.paper_authors]
    found = collect_links([record.abstract or "", *texts_of(record.sections)], ())
    parts += [_link(link) for link in record.links if link not in found]
    return parts


def _link(link: Link) -> str:
    return f"Link: {link.url} {link.label or ''}".rstrip()


def _says(parts: Sequence[str], record: PaperRecord) -> bool:
    """Whether this head is read as the record's head and nothing else."""
    warnings: list[PageWarning] = []
    lines, names = take_names(text_source("\n\n".join(parts)).lines, warnings)
    lines, segments = split_sections(lines)
    head = read_head(lines, names, warnings)
    return not segments and not warnings and _fields_of(head) == _fields_of_record(record)


def _fields_of(head: Head) -> tuple[object, ...]:
    date = head.date or head.month
    return (
        (head.code and head.code[0]) or (head.bare_code and head.bare_code[0]),
        head.title and head.title[0],
        head.subtitle,
        head.abstract,
        head.category,
        head.chapter,
        date and date[0],
        merge_people(head.people),
        head.links,
        head.paper_authors,
    )


def _fields_of_record(record: PaperRecord) -> tuple[object, ...]:
    return (
        record.code,
        record.title,
        record.subtitle,
        record.abstract,
        record.category,
        record.chapter,
        record.date,
        record.contributors,
        [],
        [],
    )


def _body(record: PaperRecord) -> Iterator[str]:
    lines = list(outline(record))
    sections = iter(zip(record.sections, _marks(record, lines), strict=True))
    kind, is_marked, is_in_bullet = SectionKind.OTHER, False, False
    for line in lines:
        if line.level == SECTION_LEVEL:
            section, is_marked = next(sections)
            kind = section.kind
            yield _underlined(line) if is_marked else line.text
        elif line.level:
            is_bare = not is_marked and kind is SectionKind.COMMUNITY_OPINIONS
            yield line.text if is_bare else _underlined(line)
        elif line.bullet:
            sign = _BULLETS[min(line.bullet, len(_BULLETS)) - 1]
            yield f"{' ' * 4 * line.bullet}{sign}    {line.text}"
        else:
            yield f"    {line.text}" if is_in_bullet else line.text
        is_in_bullet = line.bullet == 1 or (is_in_bullet and not line.level and not line.bullet)


def _marks(record: PaperRecord, lines: Sequence[Line]) -> list[bool]:
    """For each section whether its heading must be underlined to be read as what it is."""
    starts = [n for n, line in enumerate(lines) if line.level == SECTION_LEVEL]
    marks: list[bool] = []
    for section, first, last in reversed(
        list(zip(record.sections, starts, [*starts, len(lines)][1:], strict=True))
    ):
        is_before_marked = bool(marks and marks[-1]) and section.kind in _TOPICAL
        is_known = is_bare_heading(section.heading) and not is_before_marked
        marks.append(not is_known or _needs_mark(lines[first + 1 : last], section.kind))
    return marks[::-1]


def _needs_mark(lines: Sequence[Line], kind: SectionKind) -> bool:
    """Whether a section holds lines that could be taken for headings, or topics that could not."""
    is_community = kind is SectionKind.COMMUNITY_OPINIONS
    for line, following in with_next(lines):
        if line.level and not (is_community and is_topic(replace(line, level=0), following)):
            return True
        if line.bullet or not looks_like_heading(line.text):
            continue
        if is_usual(line.text) or not (line.level or is_community):
            return True
    return False


def _underlined(line: Line) -> str:
    return f"{line.text}\n{_RULES[line.level] * min(80, max(3, len(line.text)))}"
