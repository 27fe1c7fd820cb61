"""/digest: organisers arrange what members published, topic by topic, before it is printed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.archive.record import Item
from bot.archive.speaking import printed
from bot.chat.commands import Access, Arg, Data, LongText, PaperRef, command
from bot.chat.errors import Conflict, Invalid, NotFound
from bot.chat.reply import Action, Ask, AskField, Block, Card, FieldKind, Reply, Style
from bot.chat.text import Bold, Italic, Span, clean, one_line
from bot.core.context import Context
from bot.core.live import printed_keys
from bot.core.opinion_words import MAX_TOPIC, known_topic
from bot.core.page_view import paragraphs, shown
from bot.core.papers import find_head, title_of
from bot.core.weaving import PAPER, Desktop, laid_out, speech_of
from storage.opinions import PUBLIC, Opinion

MAX_INTRODUCTION = 2_000
TOPIC = Arg("Which topic", max_length=MAX_TOPIC)


@command(
    "digest",
    "Arrange what members think, and print it on the page",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
    examples=("/digest WPRC-006",),
)
def show_digest(
    ctx: Context,
    what: Annotated[PaperRef | None, Arg("Code or title; nothing for the newest")] = None,
) -> Reply:
    desk = laid_out(ctx, what)
    return _desktop_reply(ctx, desk)


def _desktop_reply(ctx: Context, desk: Desktop, said: str = "") -> Reply:
    code, arranged = desk.head.code, desk.arranged
    blocks = [Block((Italic("Introduction"),)), *paragraphs(arranged.introduction or "(none)")]
    number = 0
    for topic in (None, *arranged.topics):
        entries = arranged.of_topic(topic)
        if not entries:
            continue
        if topic is None:
            blocks.append(Block((Italic("Under no topic yet"),), is_heading=True))
        else:
            press = Action(shown(topic)[:60], "heading", (code, topic))
            blocks.append(Block((Bold(shown(topic)),), (press,), is_heading=True))
        for entry in entries:
            number += 1
            blocks.append(_entry_block(entry, number))
    if not arranged.entries:
        blocks.append(Block(("Nothing is published yet, so there is nothing to arrange.",)))
    printed_now = printed_keys(desk.content)
    new = sum(isinstance(one, Opinion) and one.key not in printed_now for one in arranged.entries)
    return Reply(
        text=(said,) if said else (),
        card=Card(
            f"{title_of(desk.head)} — the opinions as they would be printed",
            body=tuple(blocks),
            footer=(f"{new} of them not on the page yet." if new else "All of it is on the page.",),
        ),
        actions=(
            Action("Preview", "preview", (code,)),
            Action("Publish", "print", (code,), Style.PRIMARY),
            Action("Introduction", "introduce", (code,)),
            Action("Hidden ones", "hiddenones", (code,)),
        ),
        again=Action("Again", "digest", (code,)),
        page=ctx.invocation.page if ctx.invocation.command == "digest" else 1,
        revision=desk.head.version,
    )


def _entry_block(entry: Item | Opinion, number: int) -> Block:
    line: list[Span] = [f"{number}. "]
    if isinstance(entry, Opinion):
        line.append(shown(printed(speech_of(entry))))
        return Block(tuple(line), (Action(f"Item {number}", "item", (entry.key,)),))
    label = f"{entry.label}: " if entry.label else ""
    line += [shown(f"{label}{entry.text}"), Italic(" (on the page)")]
    return Block(tuple(line))


def public_opinion(ctx: Context, key: str) -> Opinion:
    """One that anybody may read: what is private stays unknown to organisers."""
    found = ctx.uow.opinions.by_key(key)
    if found is None or found.visibility not in PUBLIC or found.withdrawn_at is not None:
        raise NotFound("That opinion is not published, or not any more. Type /digest again.")
    return found


@command(
    "item",
    "One opinion of a digest",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def show_item(ctx: Context, key: Annotated[str, Arg("Which one", max_length=20)]) -> Reply:
    one = public_opinion(ctx, key)
    state = f"Hidden: {one.hidden_reason}" if one.hidden_at else f"Under {one.topic or 'no topic'}"
    hide = (
        Action("Show again", "unhide", (key,))
        if one.hidden_at
        else Action("Hide", "hide", (key,), Style.DANGER)
    )
    bar = (
        (Action("Take no more from this person", "bar", (key,), Style.DANGER),)
        if one.is_named
        else ()
    )
    return Reply(
        card=Card(
            one.code,
            body=(Block((shown(printed(speech_of(one))),)), Block((Italic(shown(state)),))),
        ),
        actions=(
            Action("Move", "shift", (key,)),
            *((Action("Shorten", "shorten", (key,)),) if one.person_id else ()),
            *(hide, *bar),
            Action("Back", "digest", (one.code,)),
        ),
    )


@command(
    "shift",
    "Move an opinion to a topic",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def move_item(
    ctx: Context,
    key: Annotated[str, Arg("Which one", max_length=20)],
    topic: Annotated[str | None, TOPIC] = None,
) -> Reply:
    one = public_opinion(ctx, key)
    desk = laid_out(ctx, PaperRef(one.code))
    if topic is None:
        return Reply(
            text=("Under which topic?",),
            actions=(
                *(Action(name, "shift", (key, name)) for name in desk.arranged.topics[:20]),
                Action("New topic", "shiftnew", (key,), Style.PRIMARY),
                Action("Back", "item", (key,)),
            ),
        )
    name = known_topic(_topic(topic), desk.arranged.topics) or _topic(topic)
    ctx.uow.opinions.change(one, ctx.now, topic=name)
    ctx.uow.papers.refresh(one.code)
    return _desktop_reply(ctx, laid_out(ctx, PaperRef(one.code)), f"Moved to {name}.")


@command(
    "shiftnew",
    "Move an opinion to a new topic",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def move_item_to_new(
    ctx: Context,
    key: Annotated[str, Arg("Which one", max_length=20)],
    topic: Annotated[str, Arg("The new topic", max_length=MAX_TOPIC)],
) -> Reply:
    return move_item.handler(ctx, key, topic)


def _topic(text: str) -> str:
    topic = one_line(text)
    if not topic or len(topic) > MAX_TOPIC:
        raise Invalid(f"A topic has 1 to {MAX_TOPIC} characters.")
    return topic


@command(
    "heading",
    "A topic of a digest",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def show_heading(
    ctx: Context, what: Annotated[PaperRef, PAPER], topic: Annotated[str, TOPIC]
) -> Reply:
    code = find_head(ctx, what).code
    return Reply(
        text=(Bold(shown(topic)), ": what about it?"),
        actions=(
            Action("Rename, or merge with another", "retitle", (code, topic)),
            Action("Up", "order", (code, topic, "up")),
            Action("Down", "order", (code, topic, "down")),
            Action("Back", "digest", (code,)),
        ),
    )


@command(
    "retitle",
    "Rename a topic; the name of another one merges the two",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def rename_topic(
    ctx: Context,
    what: Annotated[PaperRef, PAPER],
    topic: Annotated[str, TOPIC],
    name: Annotated[
        str, Arg("Its new name; that of another topic merges the two", max_length=MAX_TOPIC)
    ],
) -> Reply:
    desk = laid_out(ctx, what)
    if topic not in desk.arranged.topics:
        raise Conflict("There is no such topic any more. Type /digest again.")
    new = known_topic(_topic(name), [one for one in desk.arranged.topics if one != topic])
    new = new or _topic(name)
    for one in desk.arranged.of_topic(topic):
        if isinstance(one, Opinion):
            ctx.uow.opinions.change(one, ctx.now, topic=new)
    renames = {old: (new if to == topic else to) for old, to in desk.digest.renames.items()}
    topics = tuple(dict.fromkeys(new if one == topic else one for one in desk.arranged.topics))
    changed = replace(desk.digest, topics=topics, renames={**renames, topic: new})
    ctx.uow.digests.save(desk.head.code, changed, ctx.now)
    ctx.uow.papers.refresh(desk.head.code)
    return _desktop_reply(ctx, laid_out(ctx, what), "Renamed.")


@command(
    "order",
    "Move a topic up or down",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def order_topic(
    ctx: Context,
    what: Annotated[PaperRef, PAPER],
    topic: Annotated[str, TOPIC],
    way: Annotated[Literal["up", "down"], Arg("Which way")],
) -> Reply:
    desk = laid_out(ctx, what)
    topics = list(desk.arranged.topics)
    if topic not in topics:
        raise Conflict("There is no such topic any more. Type /digest again.")
    at = topics.index(topic)
    to = max(0, at - 1) if way == "up" else min(len(topics) - 1, at + 1)
    topics.insert(to, topics.pop(at))
    ctx.uow.digests.save(desk.head.code, replace(desk.digest, topics=tuple(topics)), ctx.now)
    return _desktop_reply(ctx, laid_out(ctx, what))


@command(
    "introduce",
    "Write the introduction of the opinions",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def write_introduction(
    ctx: Context,
    what: Annotated[PaperRef, PAPER],
    text: Annotated[LongText | None, Arg("The introduction", max_length=MAX_INTRODUCTION)] = None,
) -> Reply:
    desk = laid_out(ctx, what)
    code = desk.head.code
    if text is None:
        known = desk.arranged.introduction
        field = AskField(
            "text",
            "The introduction",
            FieldKind.LONG_TEXT,
            max_length=MAX_INTRODUCTION,
            value=known,
        )
        return Reply(
            ask=Ask(Action("Introduction", "introduce", (code,)), f"{code}: introduction", (field,))
        )
    words = " ".join(clean(text).split())
    ctx.uow.digests.save(code, replace(desk.digest, introduction=words), ctx.now)
    return _desktop_reply(ctx, laid_out(ctx, what))
