"""What is said without a command. Most of it is talk, and talk is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.chat.commands import Arg, Data, command
from bot.chat.errors import UserError
from bot.chat.invocation import Actor, Event, MessageRef
from bot.chat.reply import PRIVATE, Reaction, Reply
from bot.chat.text import clean
from bot.core.context import Context
from bot.core.help import show_club
from bot.core.opinion_words import MAX_TEXT, Words, read_words
from bot.core.opinions import (
    Given,
    keep,
    replied_paper,
    source_of_message,
    thread_paper,
    topics_of,
)
from bot.core.people import CONSOLE, acting
from bot.core.questions import ask
from storage.opinions import CHOOSE, DELETED, EDITED, Opinion

TAKEN = Reaction("✍")
REPLY_TO = Arg("The message that this is a reply to", max_length=40)


@command("message", "What is said without a command", data=Data.WRITE, hidden=True)
def hear_message(ctx: Context, reply_to: Annotated[str | None, REPLY_TO] = None) -> Reply:
    """An opinion where it is meant as one; an empty reply is no answer."""
    if (words := _meant(ctx, reply_to)) is not None:
        return _taken(ctx, words)
    place = ctx.invocation.place
    is_chat = place.is_private and place.platform != CONSOLE
    return show_club.handler(ctx) if is_chat else Reply()


def _meant(ctx: Context, reply_to: str | None) -> Words | None:
    """The words of a message that is meant as an opinion; None for talk.

    That is: in private with a paper's code before it, as a reply to a paper's card, and in the
    place for opinions with ``#`` and a code or in the thread of a paper.
    """
    call = ctx.invocation
    words = read_words(call.message_text or "", ctx.catalogue)
    if not words.text or (call.message_text or "").lstrip().startswith("/"):
        return None
    if reply_to is not None and (code := replied_paper(ctx, reply_to)):
        return replace(words, code=words.code or code)
    if call.place.is_private:
        return words if words.is_marked else None
    if not _is_for_opinions(ctx):
        return None
    if words.is_marked:
        return words
    code = thread_paper(ctx)
    return replace(words, code=words.code or code) if code else None


def _is_for_opinions(ctx: Context) -> bool:
    home, place = ctx.home, ctx.invocation.place
    if home is None or home.opinions_chat != place.chat_id:
        return False
    return home.opinions_thread in (None, place.thread_id)


def _taken(ctx: Context, words: Words) -> Reply:
    """A sign on the message, and everything else to the author alone."""
    call = ctx.invocation
    if call.message is None or call.message_author is None:
        # Who writes as the group itself is nobody whose opinion it could be.
        return Reply()
    words = _with_topic(ctx, words)
    given = Given(words, source_of_message(call.message), call.actor, call.message_url)
    if (known := ctx.uow.opinions.by_source(given.source)) is not None:
        # The same message again, from a replay or from another process.
        return Reply() if known.withdrawn_at else Reply(reaction=TAKEN)
    try:
        person = acting(ctx)
        reply = keep(ctx, person, given)
    except UserError as error:
        return Reply(text=error.text, actions=error.actions, audience=PRIVATE)
    added = ctx.uow.opinions.by_source(given.source)
    if call.place.is_private:
        return replace(reply, audience=PRIVATE)
    if added is not None and added.question == CHOOSE:
        ask(ctx.uow, added, ctx.now)
    return Reply(reaction=TAKEN)


def _with_topic(ctx: Context, words: Words) -> Words:
    """Read once more now that the paper is known: its topics may stand before a colon."""
    again = read_words(words.text, ctx.catalogue, topics_of(ctx, words.code or ""))
    return replace(words, text=again.text, topic=again.topic, pages=words.pages or again.pages)


@command(
    Event.MESSAGE_EDITED,
    "A message says something else now",
    data=Data.WRITE,
    hidden=True,
)
def follow_edit(ctx: Context, reply_to: Annotated[str | None, REPLY_TO] = None) -> Reply:
    """Asks the author whether their opinion follows; an opinion that was none may become one."""
    call = ctx.invocation
    known = _known(ctx, call.message, call.actor)
    if known is None:
        words = _meant(ctx, reply_to) if call.message and not _is_taken(ctx, call.message) else None
        return _taken(ctx, words) if words is not None else Reply()
    words = read_words(call.message_text or "", ctx.catalogue, topics_of(ctx, known.code))
    said = clean(words.text).strip()[:MAX_TEXT]
    if not said or said == known.text or said == known.proposed:
        return Reply()
    if known.question not in (None, CHOOSE, EDITED, DELETED):
        return Reply()
    ctx.uow.opinions.mark(known, question=EDITED, proposed=said, proposed_by=None)
    _ask_again(ctx, known)
    return Reply()


@command(
    Event.MESSAGE_DELETED,
    "A message is there no more",
    data=Data.WRITE,
    hidden=True,
)
def follow_deletion(ctx: Context) -> Reply:
    """Asks the author whether their opinion goes too; where it was said nothing can be read now."""
    known = _known(ctx, ctx.invocation.message, None)
    if known is None or known.question == DELETED:
        return Reply()
    ctx.uow.opinions.mark(known, question=DELETED, proposed=None, url=None)
    _ask_again(ctx, known)
    return Reply()


def _is_taken(ctx: Context, message: MessageRef) -> bool:
    return ctx.uow.opinions.by_source(source_of_message(message)) is not None


def _known(ctx: Context, message: MessageRef | None, actor: Actor | None) -> Opinion | None:
    """The opinion that a message is, if it is this person's; not one that was taken back."""
    found = ctx.uow.opinions.by_source(source_of_message(message)) if message else None
    if found is None or found.withdrawn_at is not None or found.person_id is None:
        return None
    if actor is not None:
        person = ctx.uow.people.by_account(actor.platform, actor.account_id)
        if person is None or person.id != found.person_id:
            return None
    return found


def _ask_again(ctx: Context, known: Opinion) -> None:
    fresh = ctx.uow.opinions.by_key(known.key)
    if fresh is not None:
        ask(ctx.uow, fresh, ctx.now)
