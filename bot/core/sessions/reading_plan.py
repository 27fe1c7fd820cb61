"""What to read before a session, for whoever has two minutes or an evening."""

from __future__ import annotations

from bot.archive.record import PaperRecord, SectionKind
from bot.core import parts
from bot.core.records import record_of
from storage.unit_of_work import UnitOfWork

_WORDS_A_MINUTE = 200
_KEPT = 64
_plans: dict[tuple[int, str, int, int], str] = {}


def reading_plan(uow: UnitOfWork, code: str | None) -> str:
    """``Lite summary: 2 minutes; pages 25–27 are the heart.``; empty where there is no page."""
    head = uow.papers.head(code) if code else None
    if head is None or code is None:
        return ""
    # The same for everybody who is reminded, and reading a page takes longer than sending does.
    key = (uow.club_id, code, head.revision, head.opinions)
    if key not in _plans:
        content = uow.papers.content(code)
        if len(_plans) >= _KEPT:
            _plans.clear()
        _plans[key] = plan_of(record_of(content)) if content else ""
    return _plans[key]


def plan_of(record: PaperRecord) -> str:
    words = []
    for kind in (SectionKind.LITE_SUMMARY, SectionKind.SUMMARY):
        length = sum(
            len(section.text.split()) + sum(len(item.text.split()) for item in section.items)
            for section in record.sections
            if section.kind is kind
        )
        if length:
            minutes = max(1, round(length / _WORDS_A_MINUTE))
            unit = "minute" if minutes == 1 else "minutes"
            words.append(f"{parts.LABELS[kind]}: {minutes} {unit}")
            break
    if heart := _heart(record):
        verb = "is" if heart.start == heart.end else "are"
        noun = "page" if heart.start == heart.end else "pages"
        words.append(f"{noun} {heart} {verb} the heart")
    return "; ".join(words) + "." if words else ""


def _heart(record: PaperRecord) -> parts.Pages | None:
    """The pages of which most is said: in depth, and in what people think of them."""
    weight: dict[parts.Pages, int] = {}
    said = []
    for section in record.sections:
        for item in section.items:
            pages = parts.of_item(item)
            if pages is None:
                continue
            if section.kind is SectionKind.IN_DEPTH:
                weight[pages] = weight.get(pages, 0) + len(item.text)
            else:
                said.append(item)
    for pages in weight:
        weight[pages] += sum(len(item.text) for item in said if pages.overlaps(item))
    return max(weight, key=lambda pages: (weight[pages], -pages.start), default=None)
