"""Bringing papers into the archive from a chat: a title, a few details, or a whole page file."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot import archive
from bot.archive.record import NotAPage, PageDate, PaperCode, PaperRecord, Section, SectionKind
from bot.chat.commands import Access, Arg, Data, LongText, PaperRef, command
from bot.chat.errors import Conflict, Invalid, NotAllowed
from bot.chat.invocation import Attachment
from bot.chat.reply import Action, Reply
from bot.chat.text import clean, one_line
from bot.core.binding import form
from bot.core.context import Context
from bot.core.papers import card_reply, find_head
from bot.core.records import draft_of, record_of
from storage.papers import PaperHead

MAX_TITLE = 200
_HEADINGS = {SectionKind.SUMMARY: "Summary", SectionKind.LITE_SUMMARY: "Lite Summary"}


@command(
    "newpaper",
    "Add a paper: a title is enough, or send the page as a file",
    data=Data.WRITE,
    access=Access.ORGANISER,
    examples=("/newpaper Attention Is All You Need", "/newpaper @page.txt"),
)
def add_paper(
    ctx: Context,
    title: Annotated[
        str | None, Arg("The paper's title; a page file has its own", max_length=MAX_TITLE)
    ] = None,
    file: Annotated[
        Attachment | None, Arg("The page as text, HTML or Markdown, instead of a title")
    ] = None,
) -> Reply:
    if file is not None:
        return _import_page(ctx, file)
    words = one_line(title or "")
    if not words:
        return Reply(ask=form(ctx.command(ctx.invocation.command), {}))
    code = PaperCode(ctx.catalogue.club.prefix, ctx.uow.papers.next_number())
    head = _save(ctx, PaperRecord(code, words))
    return _answer(ctx, head, f"{code} is in the archive. More can follow, now or later.")


def _import_page(ctx: Context, file: Attachment) -> Reply:
    try:
        page = archive.read_page(file.content, file.name)
    except NotAPage as error:
        raise Invalid(f"{file.name} was not brought in. {error}") from None
    club = ctx.catalogue.club
    if page.record.code.prefix != club.prefix:
        raise NotAllowed(
            f"{file.name} is a page of {page.record.code.prefix}; this club's codes begin with "
            f"{club.prefix}. Change the code on the page, or bring it in at its own club."
        )
    before = ctx.catalogue.by_code(str(page.record.code))
    head = _save(ctx, page.record)
    if before is None:
        said = f"{head.code} is in the archive now."
    elif before.revision == head.revision:
        said = f"{head.code} says the same as before: nothing was changed."
    else:
        said = f"{head.code} has been revised; revision {before.revision} is kept as well."
    notes = [f"Line {one.line}: {one.text}" for one in page.warnings[:5]]
    return _answer(ctx, head, "\n".join([said, *notes]))


def _save(ctx: Context, record: PaperRecord) -> PaperHead:
    by = ctx.person.id if ctx.person else None
    ctx.uow.papers.save(draft_of(record), ctx.now, by)
    head = ctx.uow.papers.head(str(record.code))
    if head is None:
        raise Conflict(f"{record.code} was removed meanwhile. Try once more.")
    return head


def _answer(ctx: Context, head: PaperHead, said: str) -> Reply:
    reply = card_reply(ctx, head)
    details = Action("Add details", "details", (head.code,))
    return replace(reply, text=(said,), actions=(*reply.actions, details), again=None, page=1)


@command(
    "details",
    "Add to a paper what is known of it",
    data=Data.WRITE,
    access=Access.ORGANISER,
    hidden=True,
    private=True,
)
def add_details(
    ctx: Context,
    what: Annotated[PaperRef, Arg("Code or title")],
    category: Annotated[str | None, Arg("Category, such as AI or Crypto", max_length=60)] = None,
    date: Annotated[str | None, Arg("Date: 2024-06-28, 2024-06 or 2024", max_length=10)] = None,
    summary: Annotated[LongText | None, Arg("Summary, a few sentences")] = None,
    lite: Annotated[LongText | None, Arg("Lite summary, what one can read in two minutes")] = None,
) -> Reply:
    """What is given replaces what the page had; the rest of the page stays."""
    head = find_head(ctx, what)
    given = {"category": category, "date": date, "summary": summary, "lite": lite}
    if not any(given.values()):
        return Reply(ask=form(ctx.command(ctx.invocation.command), {"what": PaperRef(head.code)}))
    content = ctx.uow.papers.content(head.code)
    if content is None:
        raise Conflict(f"{head.code} was removed meanwhile. See /papers.")
    record = record_of(content)
    if category:
        record = replace(record, category=one_line(category))
    if date:
        record = replace(record, date=_date(date))
    for kind, text in ((SectionKind.SUMMARY, summary), (SectionKind.LITE_SUMMARY, lite)):
        if text:
            record = _with_section(record, kind, clean(text).strip())
    # What was typed is read as a page would be, so that exporting and importing change nothing.
    record = archive.read_page(archive.write_page(record).encode()).record
    return _answer(ctx, _save(ctx, record), f"{head.code} has been revised.")


def _date(text: str) -> PageDate:
    try:
        return PageDate.parse(text.strip())
    except ValueError:
        raise Invalid(
            f"“{clean(text)}” is no date that can be kept. Write 2024-06-28, 2024-06 or 2024."
        ) from None


def _with_section(record: PaperRecord, kind: SectionKind, text: str) -> PaperRecord:
    """The record with the first section of this kind saying something else, or with a new one."""
    sections = list(record.sections)
    for position, section in enumerate(sections):
        if section.kind is kind:
            sections[position] = Section(kind, section.heading, text)
            return replace(record, sections=tuple(sections))
    place = 0 if kind is SectionKind.SUMMARY else min(1, len(sections))
    sections.insert(place, Section(kind, _HEADINGS[kind], text))
    return replace(record, sections=tuple(sections))
