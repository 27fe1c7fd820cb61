"""What a change of an opinion brings about: on the page, in the search, and for organisers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.reply import Reply
from bot.core.catalogue import ORGANISER
from bot.core.context import Context
from bot.core.deliveries import Kind
from bot.core.live import printed_keys
from bot.core.questions import tell
from bot.core.records import draft_of, record_of
from storage.deliveries import Delivery
from storage.opinions import Opinion
from storage.papers import PaperContent
from storage.unit_of_work import UnitOfWork

STALE = "stale"


def changed(ctx: Context, before: Opinion | None, after: Opinion) -> None:
    """Lets the page and the search follow what anybody may read of an opinion."""
    if before is not None and before.is_public:
        if _says(before) != _says(after) and _take_off(ctx, before):
            _warn(ctx, before.code)
        if before.code != after.code:
            ctx.uow.papers.refresh(before.code)
    if after.is_public or (before is not None and before.is_public):
        ctx.uow.papers.refresh(after.code)


def _says(opinion: Opinion) -> tuple[object, ...]:
    """What is printed of it."""
    name = opinion.name if opinion.is_named else None
    return opinion.is_public, opinion.text, name, opinion.topic, opinion.code


def taken_back(ctx: Context, opinions: Sequence[Opinion]) -> None:
    """Withdraws opinions for ever, from every revision of their pages."""
    for before in opinions:
        ctx.uow.opinions.withdraw(before, ctx.now)
        if before.is_public or before.hidden_at is not None:
            if _take_off(ctx, before):
                _warn(ctx, before.code)
            ctx.uow.papers.refresh(before.code)


def _take_off(ctx: Context, opinion: Opinion) -> bool:
    """A new revision of the page without it, and none of the old ones with it; whether it was."""
    content = ctx.uow.papers.content(opinion.code)
    if content is None:
        return False
    was_printed = opinion.key in printed_keys(content)
    if was_printed:
        by = ctx.person.id if ctx.person and ctx.is_organiser else None
        record = record_of(without(content, opinion.key))
        ctx.uow.papers.save(draft_of(record), ctx.now, by)
    # An older revision may hold it although the current one does not.
    ctx.uow.forgetting.drop_items([opinion.key])
    return was_printed


def without(content: PaperContent, key: str) -> PaperContent:
    """The page without an opinion; a section in which nothing else stands goes as well."""
    sections = []
    for section in content.sections:
        items = tuple(item for item in section.items if item.opinion != key)
        if items or section.text or len(items) == len(section.items):
            sections.append(replace(section, items=items))
    return replace(content, sections=tuple(sections))


def _warn(ctx: Context, code: str) -> None:
    """Tells organisers that what was taken out of the house says more than the page does."""
    revision = ctx.uow.papers.head(code)
    number = revision.revision if revision else 0
    for person in ctx.uow.people.everyone():
        if ORGANISER in person.roles and person.left_at is None:
            key = f"{STALE}:{code}:{number}:{person.id}"
            tell(ctx.uow, person, STALE, code, key, ctx.now)


def _compose(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    words = (
        f"An opinion was taken off the page of {delivery.subject}. Copies of the page that were "
        "downloaded or exported before still hold it: replace them by new ones."
    )
    return Reply(text=(words,))


STALE_KINDS: Mapping[str, Kind] = {STALE: Kind(_compose)}
