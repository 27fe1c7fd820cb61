"""Reading a paper's page: the card, the depth dial and every part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Annotated

from bot import archive
from bot.archive.privacy import public
from bot.archive.record import PaperRecord, Section, SectionKind
from bot.chat.commands import Arg, Data, PaperRef, command
from bot.chat.errors import NotFound
from bot.chat.reply import Action, Block, Card, Choice, Field, File, Reply, Style, Subject
from bot.chat.text import Italic
from bot.core import page_view, parts
from bot.core.context import Context
from bot.core.live import live_record, members_section
from bot.core.records import record_of
from storage.papers import ContributorRow, PaperContent, PaperHead

BACK = "Back to the card"


def _data(arguments: Mapping[str, object]) -> Data:
    """The card comes from the snapshot; every deeper part is read from the database."""
    part = arguments.get("part")
    is_card = not part or parts.parse_kind(str(part)) is SectionKind.SUMMARY
    return Data.CATALOGUE if is_card else Data.READ


def complete_part(ctx: Context, typed: str) -> list[Choice]:
    """The names of the depths, those of the dial first."""
    names = [(parts.LABELS[kind], parts.slug(kind)) for kind in parts.NAMES]
    names.append(("Everything", parts.ALL))
    wanted = typed.casefold().strip()
    return [
        Choice(label, value)
        for label, value in names
        if value.startswith(wanted) or label.casefold().startswith(wanted)
    ]


@command(
    "paper",
    "Read a paper of the club, as deep as you have time for",
    data=_data,
    first=True,
    examples=("/paper WPRC-006", "/paper 6 lite", "/paper 6 p25", "/paper bitcoin opinions"),
)
def show_paper(
    ctx: Context,
    what: Annotated[
        PaperRef | None, Arg("Code or title, or a part of one; nothing for the newest")
    ] = None,
    part: Annotated[
        str | None,
        Arg(
            "lite, in-depth, opinions, community, notes, why, authors, all, pages or a topic",
            complete=complete_part,
            accepts=parts.is_part,
            max_length=200,
        ),
    ] = None,
) -> Reply:
    head = find_head(ctx, what)
    if _data({"part": part}) is Data.CATALOGUE:
        return card_reply(ctx, head)
    return _part_reply(ctx, head, _record(ctx, head), str(part))


def _content(ctx: Context, head: PaperHead) -> PaperContent:
    """The whole page, which may be gone by the time that it is asked for."""
    content = ctx.uow.papers.content(head.code)
    if content is None:
        raise NotFound(f"{head.code} is not in the archive any more. See /papers.")
    return content


def _record(ctx: Context, head: PaperHead) -> PaperRecord:
    """The page with what members said and let be published."""
    return live_record(_content(ctx, head), ctx.uow.opinions.public(head.code))


def find_head(ctx: Context, what: PaperRef | None) -> PaperHead:
    """The paper that is meant; the newest one where nothing was said."""
    head = ctx.catalogue.by_code(what.code) if what else ctx.catalogue.newest()
    if head is not None:
        return head
    if what is None:
        raise NotFound(
            "The archive is empty so far. An organiser adds the first paper with /newpaper."
        )
    raise NotFound(f"There is no paper {what.code} here. See /papers for the list.")


def title_of(head: PaperHead) -> str:
    return f"{head.code} · {page_view.shown(head.title)}"


def card_reply(ctx: Context, head: PaperHead) -> Reply:
    """The card: what the paper is, its summary, and the depth dial."""
    card, actions = _card(head)
    return Reply(
        card=card,
        actions=actions,
        again=ctx.again(head.code),
        page=ctx.invocation.page,
        revision=head.revision,
        subject=Subject("paper", head.code),
    )


def glance_reply(ctx: Context, head: PaperHead) -> Reply:
    """What somebody reads first: the lite summary under the depth dial, else the card."""
    card = card_reply(ctx, head)
    kind = SectionKind.LITE_SUMMARY
    if kind not in head.outline:
        return replace(card, again=Action("Again", "paper", (head.code,)))
    lite = _kind_reply(ctx, head, _record(ctx, head), kind)
    again = Action("Again", "paper", (head.code, parts.slug(kind)))
    return replace(lite, actions=card.actions, again=again)


# The paper of the week is asked for again and again; making its card is most of the answer's cost.
@lru_cache(maxsize=256)
def _card(head: PaperHead) -> tuple[Card, tuple[Action, ...]]:
    body = [Block((Italic(page_view.shown(head.subtitle)),))] if head.subtitle else []
    text = head.summary or head.abstract
    body += page_view.paragraphs(text or "Nobody has written a summary of this paper yet.")
    actions = (
        *_dial(head),
        Action("Download page", "download", (head.code,)),
        Action("Give an opinion", "opinion", (head.code,)),
    )
    return Card(title_of(head), _facts(head), tuple(body)), actions


def _facts(head: PaperHead) -> tuple[Field, ...]:
    facts = [
        ("Category", head.category),
        ("Chapter", head.chapter),
        ("Date", head.date),
        ("Contributors", ", ".join(_credit(one) for one in head.contributors)),
    ]
    return tuple(Field(name, (page_view.shown(value),)) for name, value in facts if value)


def _credit(one: ContributorRow) -> str:
    return one.name if one.role == "contributor" else f"{one.name} ({one.role})"


def _dial(head: PaperHead) -> list[Action]:
    kinds = set(head.outline)
    if head.opinions:
        kinds |= {SectionKind.OPINIONS.value, SectionKind.COMMUNITY_OPINIONS.value}
    return [
        Action(parts.LABELS[kind], "paper", (head.code, parts.slug(kind)), _weight(kind))
        for kind in parts.DIAL
        if kind in kinds
    ]


def _weight(kind: SectionKind) -> Style:
    return Style.PRIMARY if kind is SectionKind.LITE_SUMMARY else Style.PLAIN


def _part_reply(ctx: Context, head: PaperHead, record: PaperRecord, part: str) -> Reply:
    if part.strip().casefold() == parts.ALL:
        blocks = [
            block for section in record.sections for block in page_view.section_blocks(section)
        ]
        return _deep(ctx, head, "the whole page", blocks, parts.ALL)
    if kind := parts.parse_kind(part):
        return _kind_reply(ctx, head, record, kind)
    if pages := parts.parse_pages(part):
        return _pages_reply(ctx, head, record, pages)
    return _topic_reply(ctx, head, record, part)


def _kind_reply(ctx: Context, head: PaperHead, record: PaperRecord, kind: SectionKind) -> Reply:
    sections = [section for section in record.sections if section.kind is kind]
    if kind is SectionKind.OPINIONS:
        sections += members_section(ctx.uow.opinions.public(head.code))
    if not sections:
        raise NotFound(
            f"The page of {head.code} has nothing under “{parts.LABELS[kind]}” yet.",
            *((" It has this:",) if _dial(head) else ()),
            actions=(*_dial(head), _back(head)),
        )
    name = parts.LABELS[kind].lower()
    if any(page_view.has_ranges(section) for section in sections):
        blocks = page_view.range_overview(sections, head.code)
    else:
        is_plain = len(sections) == 1 and sections[0].kind is not SectionKind.OTHER
        blocks = [
            block
            for section in sections
            for block in page_view.section_blocks(
                section, with_heading=not is_plain or bool(section.attributed_to)
            )
        ]
    return _deep(ctx, head, name, blocks, parts.slug(kind))


def _pages_reply(ctx: Context, head: PaperHead, record: PaperRecord, pages: parts.Pages) -> Reply:
    ranges = parts.page_ranges(record)
    sections = parts.about_pages(record, pages)
    word = "page" if pages.start == pages.end else "pages"
    if not sections:
        known = tuple(_range_action(head, known) for known in ranges[:20])
        raise NotFound(
            f"The page of {head.code} says nothing about {word} {pages}.",
            *((" It has these pages:",) if known else ()),
            actions=known or (_back(head),),
        )
    blocks = _blocks(sections)
    return _deep(ctx, head, f"{word} {pages}", blocks, pages.slug, _around(head, ranges, pages))


def _range_action(head: PaperHead, pages: parts.Pages) -> Action:
    return Action(pages.short, "paper", (head.code, pages.slug))


def _around(
    head: PaperHead, ranges: Sequence[parts.Pages], pages: parts.Pages
) -> tuple[Action, ...]:
    """The next pages that the archive speaks of, and the way up to all of them."""
    if pages in ranges:
        after = list(ranges[ranges.index(pages) + 1 :])
    else:
        after = [known for known in ranges if known.start > pages.end]
    following = (_range_action(head, after[0]),) if after else ()
    kind = SectionKind.IN_DEPTH
    up = Action("All page ranges", "paper", (head.code, parts.slug(kind)))
    return (*following, up) if kind in head.outline else following


def _topic_reply(ctx: Context, head: PaperHead, record: PaperRecord, text: str) -> Reply:
    found = parts.find_topic(record, text)
    if not found:
        raise NotFound(
            f"The page of {head.code} has no part or topic “{page_view.shown(text)}”. "
            "Pick a depth, or name pages such as p25:",
            actions=(*_dial(head), _back(head)),
        )
    blocks = [block for name in found[:5] for block in _blocks(parts.about_topic(record, name))]
    return _deep(ctx, head, page_view.shown(found[0]), blocks, parts.topic_slug(found[0]))


def _blocks(sections: Sequence[Section]) -> list[Block]:
    return [
        block
        for section in sections
        for block in page_view.section_blocks(section, with_heading=len(sections) > 1)
    ]


def _deep(
    ctx: Context,
    head: PaperHead,
    name: str,
    blocks: Sequence[Block],
    part: str,
    ways: tuple[Action, ...] = (),
) -> Reply:
    return Reply(
        card=Card(f"{title_of(head)} — {name}", body=tuple(blocks)),
        actions=(*ways, _back(head)),
        again=ctx.again(head.code, part),
        page=ctx.invocation.page,
        revision=head.revision,
        subject=Subject("paper", head.code),
    )


def _back(head: PaperHead) -> Action:
    return Action(BACK, "paper", (head.code,))


@command("download", "The page of a paper as a file", data=Data.READ, hidden=True)
def download_page(ctx: Context, what: Annotated[PaperRef, Arg("Code or title")]) -> Reply:
    """The archive's own text shape, without anybody's contacts."""
    head = find_head(ctx, what)
    page = archive.write_page(public(record_of(_content(ctx, head))))
    return Reply(
        text=(f"{title_of(head)}: the page as text. Send it with /newpaper to bring it in again.",),
        files=(File(f"{head.code}.txt", page.encode()),),
        actions=(_back(head),),
    )
