"""Between the archive's record and the rows that keep it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from bot.archive.record import (
    Contact,
    Contributor,
    Item,
    Link,
    PageDate,
    PaperCode,
    PaperRecord,
    Point,
    Section,
    SectionKind,
)
from storage.contacts import ContactRow
from storage.papers import PaperContent, PaperDraft
from storage.revisions import ContributorRow, LinkRow
from storage.sections import ItemRow, SectionRow


def draft_of(record: PaperRecord) -> PaperDraft:
    """The rows of a record. The outline is the kinds of its sections, each once, in order."""
    sections = tuple(_section_row(section) for section in record.sections)
    contributors = tuple(ContributorRow(one.name, one.role) for one in record.contributors)
    links = tuple(LinkRow(link.url, link.label) for link in record.links)
    summaries = (s.text for s in record.sections if s.kind is SectionKind.SUMMARY)
    return PaperDraft(
        number=record.code.number,
        code=str(record.code),
        title=record.title,
        subtitle=record.subtitle,
        abstract=record.abstract,
        category=record.category,
        chapter=record.chapter,
        date=str(record.date) if record.date else None,
        summary=next(summaries, ""),
        outline=list(dict.fromkeys(section.kind.value for section in record.sections)),
        paper_authors=record.paper_authors,
        digest=digest(record),
        contributors=contributors,
        contacts=tuple(
            ContactRow(one.name, contact.kind, contact.value)
            for one in record.contributors
            for contact in one.contacts
        ),
        links=links,
        sections=sections,
    )


def digest(record: PaperRecord) -> str:
    """SHA-256 of everything on the page that is public: the same for the same page."""
    public = (
        str(record.code),
        record.title,
        record.subtitle,
        record.abstract,
        record.category,
        record.chapter,
        str(record.date),
        [(one.name, one.role) for one in record.contributors],
        record.paper_authors,
        [(link.url, link.label) for link in record.links],
        [_section_values(section) for section in record.sections],
    )
    return hashlib.sha256(json.dumps(public, ensure_ascii=False).encode()).hexdigest()


def _section_values(section: Section) -> tuple[object, ...]:
    items = [
        (
            (item.number, item.topic, item.label, item.page_start, item.page_end, item.text),
            item.attributed_to,
            _point_values(item.points),
        )
        for item in section.items
    ]
    return section.kind.value, section.heading, section.text, section.attributed_to, items


def _point_values(points: Iterable[Point]) -> list[object]:
    return [
        {"label": point.label, "text": point.text, "points": _point_values(point.points)}
        for point in points
    ]


def _section_row(section: Section) -> SectionRow:
    items = tuple(
        ItemRow(
            text=item.text,
            number=item.number,
            topic=item.topic,
            label=item.label,
            page_start=item.page_start,
            page_end=item.page_end,
            attributed_to=item.attributed_to,
            points=_point_values(item.points),
        )
        for item in section.items
    )
    return SectionRow(
        section.kind.value, section.heading, section.text, section.attributed_to, items
    )


def record_of(content: PaperContent, contacts: Sequence[ContactRow] = ()) -> PaperRecord:
    """The record that was saved; with contacts only where these are given."""
    head = content.head
    code = PaperCode.parse(head.code)
    if code is None:
        raise ValueError(f"not a code: {head.code!r}")
    return PaperRecord(
        code=code,
        title=head.title,
        subtitle=head.subtitle,
        abstract=head.abstract,
        category=head.category,
        chapter=head.chapter,
        date=PageDate.parse(head.date) if head.date else None,
        contributors=tuple(
            Contributor(
                by.name,
                by.role,
                tuple(Contact(one.kind, one.value) for one in contacts if one.name == by.name),
            )
            for by in head.contributors
        ),
        paper_authors=tuple(content.paper_authors),
        links=tuple(Link(link.url, link.label) for link in content.links),
        sections=tuple(_section(row) for row in content.sections),
    )


def _section(row: SectionRow) -> Section:
    items = tuple(
        Item(
            text=item.text,
            number=item.number,
            topic=item.topic,
            label=item.label,
            page_start=item.page_start,
            page_end=item.page_end,
            attributed_to=tuple(item.attributed_to),
            points=_points(item.points),
        )
        for item in row.items
    )
    return Section(SectionKind(row.kind), row.heading, row.text, tuple(row.attributed_to), items)


def _points(stored: object) -> tuple[Point, ...]:
    """Points as they come out of a JSON column."""
    if not isinstance(stored, Sequence):
        return ()
    return tuple(
        Point(one["label"], one["text"], _points(one["points"]))
        for one in stored
        if isinstance(one, Mapping)
    )
