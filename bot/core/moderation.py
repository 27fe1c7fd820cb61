"""What organisers may do with what was published, and the log in which all of it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.chat.commands import Access, Arg, Data, LongText, PaperRef, PersonRef, command
from bot.chat.errors import Conflict, NotFound
from bot.chat.reply import Action, Ask, AskField, Block, Card, FieldKind, Reply
from bot.chat.text import Bold, Span, When, clean, one_line
from bot.core.context import Context
from bot.core.digests import public_opinion
from bot.core.opinion_changes import changed
from bot.core.opinion_words import MAX_TEXT, read_words
from bot.core.opinions import Given, propose, source_of_call, topics_of
from bot.core.page_view import shown
from bot.core.papers import find_head
from bot.core.people import acting
from bot.core.questions import NOTICE, ask, tell
from storage.opinions import WORDING, Opinion

_KEY = Arg("Which one", max_length=20)
_ENTRIES = 200


@command(
    "said",
    "Note what somebody said aloud; it stands nowhere until they agree",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    examples=("/said Ana WPRC-006 Veracity bonds need a judge.",),
)
def note_said(
    ctx: Context,
    who: Annotated[PersonRef, Arg("The member who said it")],
    what: Annotated[PaperRef, Arg("Code or title")],
    text: Annotated[LongText, Arg("What they said, as it would be printed", max_length=MAX_TEXT)],
) -> Reply:
    code = find_head(ctx, what).code
    words = read_words(text, ctx.catalogue, topics_of(ctx, code))
    person = ctx.uow.people.by_id(who.id)
    if person is None or person.left_at is not None:
        raise NotFound(f"{who.name} is not in the club any more.")
    given = Given(replace(words, code=code), source_of_call(ctx), ctx.invocation.actor)
    return propose(ctx, person, given)


@command(
    "hide",
    "Hide a published opinion",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def hide(
    ctx: Context,
    key: Annotated[str, _KEY],
    reason: Annotated[str, Arg("Why, as its author will read it", max_length=300)],
) -> Reply:
    before = public_opinion(ctx, key)
    ctx.uow.opinions.mark(before, hidden_at=ctx.now, hidden_reason=one_line(reason))
    after = _settled(ctx, before, "hid an opinion", one_line(reason))
    return Reply(text=("Hidden. Its author is told why.",), actions=_back(after))


@command(
    "unhide",
    "Show a hidden opinion again",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def unhide(ctx: Context, key: Annotated[str, _KEY]) -> Reply:
    before = public_opinion(ctx, key)
    if before.hidden_at is None:
        raise Conflict("It is shown already.", actions=_back(before))
    ctx.uow.opinions.mark(before, hidden_at=None, hidden_reason=None)
    after = _settled(ctx, before, "showed an opinion again", "")
    return Reply(text=("It can be read again.",), actions=_back(after))


def _settled(ctx: Context, before: Opinion, action: str, detail: str) -> Opinion:
    after = ctx.uow.opinions.by_key(before.key)
    if after is None:
        raise NotFound("That opinion is gone.")
    changed(ctx, before, after)
    by = acting(ctx)
    about = after.person_id if after.is_named else None
    ctx.uow.audit.note(ctx.now, action, after.code, by=by.id, about=about, detail=detail)
    author = ctx.uow.people.by_id(after.person_id) if after.person_id else None
    if author is not None and author.left_at is None:
        mark = ctx.now.isoformat()
        tell(ctx.uow, author, NOTICE, after.key, f"{NOTICE}:{after.key}:{mark}", ctx.now)
    return after


def _back(opinion: Opinion) -> tuple[Action, ...]:
    return (Action("Back", "digest", (opinion.code,)),)


@command(
    "hiddenones",
    "Opinions that are hidden",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def list_hidden(ctx: Context, what: Annotated[PaperRef, Arg("Code or title")]) -> Reply:
    code = find_head(ctx, what).code
    found = ctx.uow.opinions.hidden(code)
    if not found:
        raise NotFound("None is hidden.", actions=(Action("Back", "digest", (code,)),))
    blocks = tuple(
        Block(
            (shown(one.text), f" — {shown(one.hidden_reason or '')}"),
            (Action("Show again", "unhide", (one.key,)),),
        )
        for one in found
    )
    return Reply(
        card=Card(f"{code}: hidden opinions", body=blocks),
        actions=(Action("Back", "digest", (code,)),),
    )


@command(
    "shorten",
    "Propose another wording to an opinion's author",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def propose_wording(
    ctx: Context,
    key: Annotated[str, _KEY],
    text: Annotated[
        LongText | None, Arg("The wording that you propose", max_length=MAX_TEXT)
    ] = None,
) -> Reply:
    """The page keeps what it has until the author agrees."""
    one = public_opinion(ctx, key)
    if one.person_id is None:
        raise Conflict("Its author has left and cannot be asked.", actions=_back(one))
    if text is None:
        field = AskField(
            "text", "The wording that you propose", FieldKind.LONG_TEXT, value=one.text
        )
        return Reply(ask=Ask(Action("Shorten", "shorten", (key,)), "Another wording", (field,)))
    said = clean(text).strip()
    if not said or said == one.text:
        raise Conflict("That is what it says already.", actions=_back(one))
    if one.question is not None:
        raise Conflict("Its author is being asked something already.", actions=_back(one))
    by = acting(ctx)
    ctx.uow.opinions.mark(one, question=WORDING, proposed=said, proposed_by=by.id)
    fresh = ctx.uow.opinions.by_key(key)
    if fresh is not None:
        ask(ctx.uow, fresh, ctx.now)
    ctx.uow.audit.note(ctx.now, "proposed a wording", one.code, by=by.id)
    return Reply(
        text=("Its author is asked in private. Until they agree it stays as it is.",),
        actions=_back(one),
    )


@command(
    "bar",
    "Take no more opinions from a person",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def bar_author(ctx: Context, key: Annotated[str, _KEY]) -> Reply:
    """By an opinion that bears their name: who gave one without is known to nobody."""
    one = public_opinion(ctx, key)
    if not one.is_named or one.person_id is None:
        raise NotFound("Nobody's name is under that.")
    ctx.uow.people.set(one.person_id, barred_at=ctx.now)
    by = acting(ctx)
    ctx.uow.audit.note(ctx.now, "barred from opinions", one.code, by=by.id, about=one.person_id)
    return Reply(
        text=(f"No more opinions are taken from {one.name}. See /members to change that.",),
        actions=_back(one),
    )


@command(
    "audit",
    "What organisers did, and what became of opinions",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
)
def show_audit(ctx: Context) -> Reply:
    entries = ctx.uow.audit.newest(_ENTRIES)
    if not entries:
        raise NotFound("Nothing was done so far that stands in this log.")
    blocks = []
    for one in entries:
        line: list[Span] = [When(one.at), " ", Bold(shown(one.by or "somebody")), f": {one.action}"]
        line.append(f" {one.subject}" if one.subject else "")
        line.append(f", {shown(one.about)}" if one.about else "")
        line.append(f" ({shown(one.detail)})" if one.detail else "")
        blocks.append(Block(tuple(span for span in line if span != "")))
    return Reply(
        card=Card("The log, newest first", body=tuple(blocks)),
        again=ctx.again(),
        page=ctx.invocation.page,
    )
