"""A page together with what members said and let be published, whether printed on it or not yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.archive.record import Item, PaperRecord, Section, SectionKind
from bot.archive.speaking import HEADING, Speech, printed
from bot.core import parts
from bot.core.records import record_of
from storage.opinions import Opinion
from storage.papers import PaperContent


def printed_keys(content: PaperContent) -> set[str]:
    """The opinions that stand on the page."""
    return {item.opinion for row in content.sections for item in row.items if item.opinion}


def live_record(content: PaperContent, opinions: Sequence[Opinion]) -> PaperRecord:
    """The page with every public opinion under its topic; those on pages tell which."""
    by_key = {one.key: one for one in opinions}
    record = record_of(content)
    sections = [
        replace(
            section,
            items=tuple(
                _marked(item, by_key.get(stored.opinion or ""))
                for item, stored in zip(section.items, row.items, strict=True)
            ),
        )
        for section, row in zip(record.sections, content.sections, strict=True)
    ]
    printed = printed_keys(content)
    waiting = [_item(one) for one in opinions if one.key not in printed]
    if not waiting:
        return replace(record, sections=tuple(sections))
    kinds = [section.kind for section in sections]
    if SectionKind.COMMUNITY_OPINIONS in kinds:
        place = kinds.index(SectionKind.COMMUNITY_OPINIONS)
        section = sections[place]
        sections[place] = replace(section, items=_by_topic(section.items, waiting))
    else:
        section = Section(SectionKind.COMMUNITY_OPINIONS, HEADING, items=_by_topic((), waiting))
        sections.append(section)
    return replace(record, sections=tuple(sections))


def members_section(opinions: Sequence[Opinion]) -> tuple[Section, ...]:
    """What members think, beside what those think who made the page."""
    items = _by_topic((), [_item(one) for one in opinions])
    return (Section(SectionKind.OPINIONS, "Opinions of members", items=items),) if items else ()


def _marked(item: Item, opinion: Opinion | None) -> Item:
    if opinion is None or opinion.page_start is None:
        return item
    return replace(item, page_start=opinion.page_start, page_end=opinion.page_end)


def _item(opinion: Opinion) -> Item:
    name = opinion.name if opinion.is_named else None
    item = Item(
        printed(Speech(opinion.key, opinion.text, name)),
        topic=opinion.topic,
        page_start=opinion.page_start,
        page_end=opinion.page_end,
        attributed_to=(name,) if name else (),
    )
    pages = parts.of_item(item)
    return replace(item, label=pages.short) if pages and not item.topic else item


def _by_topic(items: Sequence[Item], more: Sequence[Item]) -> tuple[Item, ...]:
    """Each behind the others of its topic; new topics at the end, what has none at the start."""
    groups: dict[str | None, list[Item]] = {None: []}
    for item in (*items, *more):
        groups.setdefault(item.topic, []).append(item)
    return tuple(item for group in groups.values() for item in group)
