"""/opinion: what a member says of a paper, and what its author may do with it at any time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from bot.archive.record import SectionKind
from bot.chat.commands import Arg, Data, LongText, PaperRef, command
from bot.chat.errors import Conflict, Invalid, NotAllowed
from bot.chat.invocation import Actor, MessageRef, Origin
from bot.chat.reply import Action, Ask, AskField, Choice, FieldKind, Reply
from bot.chat.text import clean, one_line
from bot.core import parts
from bot.core.context import Context
from bot.core.opinion_changes import changed
from bot.core.opinion_words import MAX_TEXT, MAX_TOPIC, Words, code_in, known_topic, read_words
from bot.core.papers import find_head
from bot.core.people import acting, make_known
from bot.core.questions import ask, opinion_card
from bot.core.records import record_of
from storage.opinions import (
    CHOOSE,
    PRIVATE,
    SAID,
    OpinionDraft,
    source_of,
)
from storage.people import ASK, Person

_HOUR, _MOST_IN_HOUR = timedelta(hours=1), 30
TEXT = Arg("What you think; p. 5 or 25-27 before it names pages", max_length=MAX_TEXT)


def complete_topic(ctx: Context, typed: str) -> list[Choice]:
    """Topics are in the database, so that what is typed is offered as it is."""
    topic = one_line(typed)[:MAX_TOPIC]
    return [Choice(topic, topic)] if topic else []


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody said, and the message or call that it came by."""

    words: Words
    source: str
    author: Actor
    url: str | None = None


@command(
    "opinion",
    "Say what you think of a paper; you decide who may read it",
    data=Data.WRITE,
    private=True,
    first=True,
    on_message="Save as opinion",
    examples=("/opinion WPRC-006 p. 25 Veracity bonds need a judge.",),
)
def give_opinion(
    ctx: Context,
    what: Annotated[PaperRef | None, Arg("Code or title; nothing for the newest")] = None,
    text: Annotated[LongText | None, TEXT] = None,
    pages: Annotated[str | None, Arg("Pages, such as 25-27", max_length=20)] = None,
    topic: Annotated[
        str | None, Arg("A topic, old or new", complete=complete_topic, max_length=MAX_TOPIC)
    ] = None,
) -> Reply:
    person = acting(ctx)
    call = ctx.invocation
    said, is_from_message = text or "", False
    if not said and call.origin is not Origin.BUTTON and call.message_text:
        said, is_from_message = call.message_text, True
    is_card = is_from_message and call.message_author is None and replied_paper(ctx) is not None
    if is_card or not said.strip():
        # Whoever picks the card of a paper wants to say something of it.
        return _form(ctx, what)
    words = read_words(said, ctx.catalogue, topics_of(ctx, _code(ctx, what, Words(said))))
    words = replace(words, code=_code(ctx, what, words))
    if pages:
        words = replace(words, pages=pages_of(pages))
    if topic:
        words = replace(words, topic=topic_of(ctx, words.code or "", topic))
    source = source_of_call(ctx)
    if not is_from_message or call.message is None:
        return keep(ctx, person, Given(words, source, call.actor))
    author = call.message_author
    if author is None:
        raise Invalid("Nobody's own words are in that message: pick one that a member wrote.")
    given = Given(words, source_of_message(call.message), author, call.message_url)
    if (author.platform, author.account_id) == (call.actor.platform, call.actor.account_id):
        return keep(ctx, person, given)
    return _said_aloud(ctx, given)


def source_of_call(ctx: Context) -> str:
    """The same for the same command, pressed or typed once, however often it is handled."""
    call = ctx.invocation
    return source_of(call.actor.platform, "call", call.actor.account_id, call.id)


def source_of_message(message: MessageRef) -> str:
    """The same for the same message, however often and by whatever way it comes."""
    place = message.place
    chat = place.thread_id or place.chat_id
    return source_of(place.platform, "message", chat, message.message_id)


def _form(ctx: Context, what: PaperRef | None) -> Reply:
    code = _code(ctx, what, Words(""))
    fields = (AskField("text", f"What you think of {code}", FieldKind.LONG_TEXT),)
    return Reply(
        ask=Ask(Action("Give an opinion", "opinion", (code,)), f"Opinion on {code}", fields)
    )


def _code(ctx: Context, what: PaperRef | None, words: Words) -> str:
    """The paper: as it was said, else what was replied to, else the thread's, else the newest."""
    if what is not None:
        return find_head(ctx, what).code
    found = words.code or replied_paper(ctx) or thread_paper(ctx)
    return found or find_head(ctx, None).code


def replied_paper(ctx: Context, message_id: str | None = None) -> str | None:
    """The paper whose card was replied to or pressed."""
    message = ctx.invocation.message
    if message is None:
        return None
    place = message.place
    chat = place.thread_id or place.chat_id
    post = ctx.uow.posts.by_message(place.platform, chat, message_id or message.message_id)
    return post.subject_key if post and post.subject_kind == "paper" else None


def thread_paper(ctx: Context) -> str | None:
    """The paper that a thread is about: by its name, or since it was begun on the paper's card."""
    place, name = ctx.invocation.place, ctx.invocation.thread_name
    if place.thread_id is None:
        return None
    if name and (code := code_in(name, ctx.catalogue)):
        return code
    post = ctx.uow.posts.by_message(place.platform, place.chat_id, place.thread_id)
    return post.subject_key if post and post.subject_kind == "paper" else None


def pages_of(text: str) -> parts.Pages:
    pages = parts.parse_pages(text)
    if pages is None or pages.end > 1_000_000:
        raise Invalid(f"“{clean(text)}” names no pages. Write 25 or 25-27.")
    return pages


def topics_of(ctx: Context, code: str) -> list[str]:
    """The topics under which opinions on a paper stand already: on its page and beside it."""
    found: dict[str, None] = {}
    content = ctx.uow.papers.content(code)
    for section in record_of(content).sections if content else ():
        if section.kind is SectionKind.COMMUNITY_OPINIONS:
            found.update(dict.fromkeys(item.topic for item in section.items if item.topic))
    shown = (one.topic for one in ctx.uow.opinions.public(code))
    return list(found | dict.fromkeys(topic for topic in shown if topic))


def topic_of(ctx: Context, code: str, text: str) -> str:
    topic = one_line(text)
    if not topic or len(topic) > MAX_TOPIC:
        raise Invalid(f"A topic has 1 to {MAX_TOPIC} characters.")
    return known_topic(topic, topics_of(ctx, code)) or topic


def keep(ctx: Context, person: Person, given: Given) -> Reply:
    """Keeps a member's own words, and asks who may read them unless that is settled."""
    known = ctx.uow.opinions.by_source(given.source)
    if known is not None:
        if known.person_id != person.id or known.withdrawn_at is not None:
            raise Conflict("This was taken as an opinion before, and taken back.")
        return opinion_card(known, "This is an opinion of yours already.")
    refuse(ctx, person, given.words)
    visibility = person.standing if person.standing != ASK else PRIVATE
    added = ctx.uow.opinions.add(
        _draft(
            given, person, visibility=visibility, question=CHOOSE if visibility == PRIVATE else None
        ),
        ctx.now,
    )
    if added is None:
        raise Conflict("This was taken as an opinion a moment ago. See /profile.")
    if added.is_public:
        changed(ctx, None, added)
    return opinion_card(added)


def _draft(
    given: Given,
    person: Person,
    *,
    visibility: str,
    question: str | None,
    proposed: str | None = None,
    proposed_by: int | None = None,
) -> OpinionDraft:
    words, pages = given.words, given.words.pages
    return OpinionDraft(
        code=words.code or "",
        person_id=person.id,
        platform=given.author.platform,
        text="" if proposed else clean(words.text).strip(),
        source=given.source,
        visibility=visibility,
        topic=words.topic,
        page_start=pages.start if pages else None,
        page_end=pages.end if pages else None,
        url=given.url,
        question=question,
        proposed=proposed,
        proposed_by=proposed_by,
    )


def refuse(ctx: Context, person: Person, words: Words) -> None:
    """Raises a UserError for what is not taken: too long, too much, twice, or barred."""
    if person.barred_at is not None:
        raise NotAllowed("The organisers take no opinions from you at present. Ask one of them.")
    text = clean(words.text).strip()
    if not text:
        raise Invalid("There are no words in that. Write what you think.")
    if len(text) > MAX_TEXT:
        raise Invalid(
            f"That is too long: an opinion has at most {MAX_TEXT:,} characters, this has "
            f"{len(text):,}. Give it in parts."
        )
    if ctx.uow.opinions.given_since(person.id, ctx.now - _HOUR) >= _MOST_IN_HOUR:
        raise Conflict(
            f"That is more than {_MOST_IN_HOUR} opinions in an hour. Go on a little later."
        )
    same = " ".join(text.split()).casefold()
    for one in ctx.uow.opinions.of_person(person.id):
        if one.code == words.code and " ".join(one.text.split()).casefold() == same:
            raise Conflict(
                "You have said this already.", actions=(Action("Show it", "mine", (one.key,)),)
            )


def _said_aloud(ctx: Context, given: Given) -> Reply:
    """What another one wrote: an organiser may propose it, and its author decides."""
    if not ctx.is_organiser:
        raise NotAllowed("You can save your own messages. An organiser can propose another's.")
    author = ctx.uow.people.by_account(given.author.platform, given.author.account_id)
    author = author or make_known(ctx.uow, given.author, ctx.now, is_member=False)
    return propose(ctx, author, given)


def propose(ctx: Context, author: Person, given: Given) -> Reply:
    """Asks somebody whether this is theirs; until they agree it stands nowhere."""
    if ctx.uow.opinions.by_source(given.source) is not None:
        raise Conflict("This is known already; its author decides about it.")
    refuse(ctx, author, given.words)
    by = acting(ctx)
    added = ctx.uow.opinions.add(
        _draft(
            given,
            author,
            visibility=PRIVATE,
            question=SAID,
            proposed=clean(given.words.text).strip(),
            proposed_by=by.id,
        ),
        ctx.now,
    )
    if added is not None:
        ask(ctx.uow, added, ctx.now)
        ctx.uow.audit.note(ctx.now, "said aloud", added.code, by=by.id, about=author.id)
    return Reply(text=(f"{author.name} is asked in private. Until they agree it stands nowhere.",))
