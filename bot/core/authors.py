"""What an author may do with an opinion, at any time: publish, change, withdraw, answer."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.chat.commands import Arg, Data, LongText, PaperRef, command
from bot.chat.errors import Conflict, Invalid, NotFound
from bot.chat.reply import Action, Ask, AskField, FieldKind, Reply, Style
from bot.chat.text import clean
from bot.core import parts
from bot.core.context import Context
from bot.core.opinion_changes import changed, taken_back
from bot.core.opinion_lists import own_opinions
from bot.core.opinion_words import MAX_TOPIC
from bot.core.opinions import TEXT, pages_of, topic_of, topics_of
from bot.core.papers import find_head
from bot.core.people import acting
from bot.core.questions import opinion_card
from storage.opinions import (
    CHOOSE,
    DELETED,
    EDITED,
    MEMBERS,
    NAMED,
    NAMELESS,
    PRIVATE,
    SAID,
    WORDING,
    Opinion,
)

_MOST_OFFERED = 20
KEY = Arg("Which opinion", max_length=20)


def own(ctx: Context, key: str) -> Opinion:
    """The asker's own opinion; a forged key finds nothing, whosever it is."""
    actor = ctx.invocation.actor
    person = ctx.uow.people.by_account(actor.platform, actor.account_id)
    found = ctx.uow.opinions.by_key(key)
    if person is None or found is None or found.person_id != person.id:
        raise NotFound("There is no such opinion of yours. See /profile.")
    if found.withdrawn_at is not None:
        raise Conflict("You have withdrawn this opinion; nothing of it is kept.")
    return found


@command("consent", "Say who may read an opinion", data=Data.WRITE, private=True, hidden=True)
def consent(
    ctx: Context,
    key: Annotated[str, KEY],
    choice: Annotated[Literal["named", "nameless", "members", "private"], Arg("Who may read it")],
) -> Reply:
    before = own(ctx, key)
    if before.question in (SAID,) or not before.text:
        raise Conflict(
            "Say first whether this is yours.", actions=(Action("Show it", "mine", (key,)),)
        )
    if before.visibility == choice and before.question != CHOOSE:
        return opinion_card(before)
    question = None if before.question == CHOOSE else before.question
    after = ctx.uow.opinions.change(
        before, ctx.now, visibility=choice, question=question, is_stuck=False
    )
    changed(ctx, before, after)
    return opinion_card(after, _thanks(after))


def _thanks(opinion: Opinion) -> str:
    return {
        NAMED: f"Published, as said by {opinion.name}.",
        NAMELESS: "Published without a name, and without a way back to you.",
        MEMBERS: "Only members of the club can read it.",
        PRIVATE: "It stays private.",
    }[opinion.visibility]


@command("follow", "Answer a question about an opinion", data=Data.WRITE, private=True, hidden=True)
def follow(
    ctx: Context,
    key: Annotated[str, KEY],
    answer: Annotated[Literal["yes", "no", "named", "nameless"], Arg("The answer")],
) -> Reply:
    before = own(ctx, key)
    if before.question not in (EDITED, DELETED, WORDING, SAID):
        return opinion_card(before, "This was answered already.")
    settled: dict[str, object] = {
        "question": None,
        "proposed": None,
        "proposed_by": None,
        "is_stuck": False,
    }
    if answer == "no":
        if before.question == SAID:
            ctx.uow.opinions.withdraw(before, ctx.now)
            ctx.uow.audit.note(ctx.now, "refused by its author", before.code)
            return Reply(text=("Dropped. Nothing of it is kept.",))
        ctx.uow.opinions.mark(before, **settled)
        return opinion_card(own(ctx, key), "It stays as it was.")
    if before.proposed:
        settled["text"] = before.proposed
    if before.question == SAID:
        settled["visibility"] = NAMELESS if answer == "nameless" else NAMED
    after = ctx.uow.opinions.change(before, ctx.now, **settled)
    changed(ctx, before, after)
    return opinion_card(after, _thanks(after))


@command("reword", "Change an opinion of yours", data=Data.WRITE, private=True, hidden=True)
def reword(
    ctx: Context,
    key: Annotated[str, KEY],
    text: Annotated[LongText | None, TEXT] = None,
    pages: Annotated[
        str | None, Arg("Pages, such as 25-27; none for no pages", max_length=20)
    ] = None,
) -> Reply:
    before = own(ctx, key)
    if text is None and pages is None:
        start, end = before.page_start, before.page_end
        known = parts.Pages(start, end).slug if start is not None and end is not None else ""
        words = before.proposed if before.question == SAID else before.text
        fields = (
            AskField("text", "What you think", FieldKind.LONG_TEXT, value=words or ""),
            AskField("pages", "Pages, or none", is_required=False, value=known),
        )
        action = Action("Change your opinion", "reword", (key,))
        return Reply(ask=Ask(action, f"Your opinion on {before.code}", fields))
    said = clean(text or before.text).strip()
    if not said:
        raise Invalid("There are no words in that. Press Withdraw to take it back.")
    found = pages_of(pages) if pages and pages.casefold() != "none" else None
    settled: dict[str, object] = {"is_stuck": False, "proposed": None, "proposed_by": None}
    # Who writes it anew has made it their own, and still says who may read it.
    settled["question"] = CHOOSE if before.question in (CHOOSE, SAID) else None
    after = ctx.uow.opinions.change(
        before,
        ctx.now,
        text=said,
        page_start=found.start if found else None,
        page_end=found.end if found else None,
        **settled,
    )
    changed(ctx, before, after)
    return opinion_card(after, "Changed." if not after.question else "")


@command(
    "topic", "Put an opinion of yours under a topic", data=Data.WRITE, private=True, hidden=True
)
def set_topic(
    ctx: Context,
    key: Annotated[str, KEY],
    name: Annotated[str | None, Arg("The topic", max_length=MAX_TOPIC)] = None,
) -> Reply:
    """Offers the topics that there are, and a new one."""
    before = own(ctx, key)
    if name is None:
        known = topics_of(ctx, before.code)[:_MOST_OFFERED]
        return Reply(
            text=("Under which topic?" if known else "There is no topic yet: name the first one.",),
            actions=(
                *(Action(topic, "topic", (key, topic)) for topic in known),
                Action("New topic", "newtopic", (key,), Style.PRIMARY),
                Action("Back", "mine", (key,)),
            ),
        )
    after = ctx.uow.opinions.change(before, ctx.now, topic=topic_of(ctx, before.code, name))
    changed(ctx, before, after)
    return opinion_card(after)


@command("newtopic", "Name a new topic", data=Data.WRITE, private=True, hidden=True)
def new_topic(
    ctx: Context,
    key: Annotated[str, KEY],
    name: Annotated[str, Arg("The new topic", max_length=MAX_TOPIC)],
) -> Reply:
    return set_topic.handler(ctx, key, name)


@command(
    "about",
    "Say that an opinion is about another paper",
    data=Data.WRITE,
    private=True,
    hidden=True,
)
def set_paper(
    ctx: Context,
    key: Annotated[str, KEY],
    what: Annotated[PaperRef, Arg("Code or title of the paper")],
) -> Reply:
    before = own(ctx, key)
    after = ctx.uow.opinions.change(before, ctx.now, code=find_head(ctx, what).code)
    changed(ctx, before, after)
    return opinion_card(after)


@command("withdraw", "Take an opinion back", data=Data.WRITE, private=True, hidden=True)
def withdraw(
    ctx: Context,
    key: Annotated[str, KEY],
    sure: Annotated[Literal["yes"] | None, Arg("Whether this is meant")] = None,
) -> Reply:
    before = own(ctx, key)
    if sure is None:
        return Reply(
            text=("Take this opinion back? Nothing of it is kept, and this cannot be undone.",),
            actions=(
                Action("Yes, withdraw it", "withdraw", (key, "yes"), Style.DANGER),
                Action("No", "mine", (key,)),
            ),
        )
    taken_back(ctx, [before])
    return Reply(text=("Withdrawn. Nothing of it is kept here.",))


@command(
    "quiet", "Be asked nothing more about opinions", data=Data.WRITE, private=True, hidden=True
)
def stop_asking(ctx: Context, key: Annotated[str | None, KEY] = None) -> Reply:
    person = acting(ctx)
    ctx.uow.people.set(person.id, is_quiet=True)
    for one in ctx.uow.opinions.waiting(person.id):
        if one.question == CHOOSE:
            ctx.uow.opinions.mark(one, question=None, is_stuck=False)
    return Reply(
        text=("You are asked nothing more. What you say is private until you say otherwise.",),
        actions=(Action("My opinions", "mine"),),
    )


@command("mine", "Your own opinions", data=Data.WRITE, private=True, hidden=True)
def show_own(
    ctx: Context, key: Annotated[str | None, Arg("Which one, or waiting", max_length=20)] = None
) -> Reply:
    """One of them, the next that waits for a word, or all."""
    if key and key != "waiting":
        return opinion_card(own(ctx, key))
    actor = ctx.invocation.actor
    person = ctx.uow.people.by_account(actor.platform, actor.account_id)
    if key == "waiting" and person:
        for one in ctx.uow.opinions.waiting(person.id):
            ctx.uow.opinions.mark(one, is_stuck=False)
            return opinion_card(one)
    return own_opinions(ctx, ctx.uow.opinions.of_person(person.id) if person else [])
