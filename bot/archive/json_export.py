"""A page as one JSON object, for other programs. `docs/archive-page.md` describes it."""

from __future__ import annotations

from bot.archive.record import Contributor, Item, PaperRecord, Point, Section


def to_json(record: PaperRecord, *, with_contacts: bool = False) -> dict[str, object]:
    """The record as `json.dumps` takes it, null for what is missing; see PAGE_SCHEMA.

    Contributors carry their e-mail addresses and handles only where these are asked for.
    """
    return {
        "code": str(record.code),
        "title": record.title,
        "subtitle": record.subtitle,
        "abstract": record.abstract,
        "category": record.category,
        "chapter": record.chapter,
        "date": str(record.date) if record.date else None,
        "contributors": [_contributor(one, with_contacts) for one in record.contributors],
        "paper_authors": list(record.paper_authors),
        "links": [{"url": link.url, "label": link.label} for link in record.links],
        "sections": [_section(section) for section in record.sections],
    }


def _contributor(contributor: Contributor, with_contacts: bool) -> dict[str, object]:
    shown: dict[str, object] = {"name": contributor.name, "role": contributor.role}
    if with_contacts:
        shown["contacts"] = [
            {"kind": contact.kind, "value": contact.value} for contact in contributor.contacts
        ]
    return shown


def _section(section: Section) -> dict[str, object]:
    return {
        "kind": str(section.kind),
        "heading": section.heading,
        "text": section.text,
        "attributed_to": list(section.attributed_to),
        "items": [_item(item) for item in section.items],
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "number": item.number,
        "topic": item.topic,
        "label": item.label,
        "page_start": item.page_start,
        "page_end": item.page_end,
        "text": item.text,
        "attributed_to": list(item.attributed_to),
        "points": [_point(point) for point in item.points],
    }


def _point(point: Point) -> dict[str, object]:
    return {
        "label": point.label,
        "text": point.text,
        "points": [_point(inner) for inner in point.points],
    }
