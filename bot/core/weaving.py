"""The section of a page that members' opinions make: arranged, printed, and told to authors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot import archive
from bot.archive.privacy import public
from bot.archive.record import Item, SectionKind
from bot.archive.speaking import Speech, Woven, printed, weave
from bot.chat.commands import Access, Arg, Data, PaperRef, command
from bot.chat.errors import Conflict, NotFound
from bot.chat.reply import Action, Block, Card, File, Reply, Style
from bot.core.context import Context
from bot.core.deliveries import Kind
from bot.core.live import printed_keys
from bot.core.opinion_words import known_topic
from bot.core.page_view import shown
from bot.core.papers import find_head
from bot.core.people import acting
from bot.core.questions import tell
from bot.core.records import draft_of, record_of
from storage.deliveries import Delivery
from storage.digests import Digest
from storage.opinions import Opinion
from storage.papers import PaperContent, PaperHead
from storage.sections import SectionRow
from storage.unit_of_work import UnitOfWork

WOVEN = "woven"
PAPER = Arg("Code or title")


@dataclass(frozen=True, slots=True)
class Arranged:
    """The section as it would be printed: items of the page and opinions, topic by topic."""

    introduction: str
    topics: tuple[str, ...]
    entries: tuple[Item | Opinion, ...]
    """What has no topic comes first."""

    def of_topic(self, topic: str | None) -> list[Item | Opinion]:
        return [one for one in self.entries if one.topic == topic]


def arrange(content: PaperContent, opinions: Sequence[Opinion], digest: Digest) -> Arranged:
    """What the page says of its own, then the opinions, under the topics in their order."""
    kind = SectionKind.COMMUNITY_OPINIONS.value
    position = next((n for n, row in enumerate(content.sections) if row.kind == kind), None)
    section = record_of(content).sections[position] if position is not None else None
    rows = content.sections[position].items if position is not None else ()
    known = {one.key for one in opinions}
    entries: list[Item | Opinion] = []
    order: dict[str, None] = dict.fromkeys(digest.topics)
    by_key = {one.key: one for one in opinions}
    for item, row in zip(section.items if section else (), rows, strict=True):
        if row.opinion in known:
            topic = by_key[row.opinion or ""].topic
            order.update(dict.fromkeys([topic] if topic else []))
            continue
        topic = digest.renames.get(item.topic or "", item.topic or "")
        entries.append(replace(item, topic=topic or None))
        order.update(dict.fromkeys([topic] if topic else []))
    for one in opinions:
        topic = known_topic(one.topic, list(order)) or one.topic if one.topic else None
        entries.append(replace(one, topic=topic))
        order.update(dict.fromkeys([topic] if topic else []))
    used = {one.topic for one in entries}
    topics = tuple(topic for topic in order if topic in used)
    grouped = [one for topic in (None, *topics) for one in entries if one.topic == topic]
    introduction = digest.introduction
    if introduction is None:
        introduction = section.text if section else ""
    return Arranged(introduction, topics, tuple(grouped))


def speech_of(opinion: Opinion) -> Speech:
    name = opinion.name if opinion.is_named else None
    return Speech(opinion.key, opinion.text, name, opinion.topic)


def woven(content: PaperContent, arranged: Arranged) -> Woven:
    """The page with this section on it, as the page itself would be read."""
    entries = [speech_of(one) if isinstance(one, Opinion) else one for one in arranged.entries]
    return weave(record_of(content), arranged.introduction, entries)


@dataclass(frozen=True, slots=True)
class Desktop:
    """Everything that an organiser has before them of one paper."""

    head: PaperHead
    content: PaperContent
    digest: Digest
    arranged: Arranged


def laid_out(ctx: Context, what: PaperRef | None) -> Desktop:
    head = find_head(ctx, what)
    content = ctx.uow.papers.content(head.code)
    if content is None:
        raise NotFound(f"{head.code} is not in the archive any more. See /papers.")
    digest = ctx.uow.digests.of(head.code)
    opinions = ctx.uow.opinions.public(head.code)
    return Desktop(head, content, digest, arrange(content, opinions, digest))


@command(
    "preview",
    "The page as it would be",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def preview(ctx: Context, what: Annotated[PaperRef, PAPER]) -> Reply:
    desk = laid_out(ctx, what)
    made = woven(desk.content, desk.arranged)
    page = archive.write_page(public(made.record))
    code = desk.head.code
    return Reply(
        text=(f"The page as it would be. {_left_out(made)}".strip(),),
        files=(File(f"{code}-preview.txt", page.encode()),),
        actions=(
            Action("Publish", "print", (code,), Style.PRIMARY),
            Action("Back", "digest", (code,)),
        ),
    )


def _left_out(made: Woven) -> str:
    if not made.left_out:
        return ""
    return f"{len(made.left_out)} cannot be printed as they are; shorten them first."


@command(
    "print",
    "Print the opinions on the page",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def publish(ctx: Context, what: Annotated[PaperRef, PAPER]) -> Reply:
    """A new revision of the page; every author sees privately what stands on it of theirs."""
    desk = laid_out(ctx, what)
    if not desk.arranged.entries and not desk.arranged.introduction:
        raise Conflict(f"Nothing on {desk.head.code} is published yet, so nothing can be printed.")
    made = woven(desk.content, desk.arranged)
    before = printed_keys(desk.content)
    by = acting(ctx)
    draft = draft_of(made.record)
    draft = replace(draft, sections=_keyed(draft.sections, made.keys))
    saved = ctx.uow.papers.save(draft, ctx.now, by.id)
    code = desk.head.code
    if saved.outcome == "unchanged":
        return Reply(text=(f"{code} says all of this already.",), actions=_after(code))
    ctx.uow.digests.save(code, replace(desk.digest, introduction=None, renames={}), ctx.now)
    ctx.uow.audit.note(
        ctx.now, "published the opinions", code, by=by.id, detail=f"revision {saved.revision}"
    )
    new = [
        one
        for one in desk.arranged.entries
        if isinstance(one, Opinion) and one.key in made.keys.values() and one.key not in before
    ]
    _tell_authors(ctx, code, saved.revision, new)
    said = f"Revision {saved.revision} of {code} is published. {_left_out(made)}".strip()
    return Reply(text=(said,), actions=_after(code))


def _after(code: str) -> tuple[Action, ...]:
    return (
        Action("Show the page", "paper", (code, "community")),
        Action("Download page", "download", (code,)),
        Action("Back", "digest", (code,)),
    )


def _keyed(sections: Sequence[SectionRow], keys: Mapping[int, str]) -> tuple[SectionRow, ...]:
    """The rows of the section with the keys of the opinions that stand in it."""
    kind = SectionKind.COMMUNITY_OPINIONS.value
    made = list(sections)
    for place, section in enumerate(made):
        if section.kind == kind:
            items = tuple(
                replace(item, opinion=keys.get(position))
                for position, item in enumerate(section.items)
            )
            made[place] = replace(section, items=items)
            break
    return tuple(made)


def _tell_authors(ctx: Context, code: str, revision: int, new: Sequence[Opinion]) -> None:
    for person_id in dict.fromkeys(one.person_id for one in new if one.person_id):
        person = ctx.uow.people.by_id(person_id)
        if person is not None and person.left_at is None:
            key = f"{WOVEN}:{code}:{revision}:{person.id}"
            tell(ctx.uow, person, WOVEN, code, key, ctx.now)


def _compose(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    """What stands on the page of this author's, as it is printed there."""
    uow = uow.of_club(delivery.club_id)
    content = uow.papers.content(delivery.subject)
    if content is None or delivery.person_id is None:
        return None
    printed_now = printed_keys(content)
    theirs = [one for one in uow.opinions.of_person(delivery.person_id) if one.key in printed_now]
    if not theirs:
        return None
    blocks = tuple(
        Block((shown(printed(speech_of(one))),), (Action("Open", "mine", (one.key,)),))
        for one in theirs
    )
    return Reply(
        card=Card(f"On the page of {delivery.subject} now stands of yours", body=blocks),
        actions=(Action("Show the page", "paper", (delivery.subject, "community")),),
    )


WOVEN_KINDS: Mapping[str, Kind] = {WOVEN: Kind(_compose)}
