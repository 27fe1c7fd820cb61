"""From a record to a Markdown page: the head as front matter, each section under its heading."""

from __future__ import annotations

from bot.archive.grammar.links import collect_links, texts_of
from bot.archive.markdown.body import markdown_body
from bot.archive.markdown.front_matter import dump_front_matter
from bot.archive.outline import outline
from bot.archive.record import Contributor, Link, PaperRecord


def write_markdown(record: PaperRecord, *, with_contacts: bool = False) -> str:
    """A page that `read_page` reads as the same record; contacts only where they are asked for."""
    shown = collect_links([record.abstract or "", *texts_of(record.sections)], ())
    head = {
        "code": str(record.code),
        "title": record.title,
        "subtitle": record.subtitle,
        "abstract": record.abstract,
        "category": record.category,
        "chapter": record.chapter,
        "date": str(record.date) if record.date else None,
        "contributors": [_contributor(one, with_contacts) for one in record.contributors],
        "paper_authors": list(record.paper_authors),
        "links": [_link(link) for link in record.links if link not in shown],
    }
    front = dump_front_matter({key: value for key, value in head.items() if value})
    body = markdown_body(outline(record))
    return f"{front}\n{body}\n" if body else front


def _contributor(contributor: Contributor, with_contacts: bool) -> dict[str, object]:
    written: dict[str, object] = {"name": contributor.name, "role": contributor.role}
    if with_contacts and contributor.contacts:
        written["contacts"] = [{one.kind: one.value} for one in contributor.contacts]
    return written


def _link(link: Link) -> dict[str, str]:
    return {"url": link.url} | ({"label": link.label} if link.label else {})
