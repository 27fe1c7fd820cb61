"""/schedule, /session and /sessions: what is planned, and what was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from bot.chat.commands import Access, Arg, Data, PaperRef, SessionRef, command
from bot.chat.errors import Invalid, NotAllowed
from bot.chat.invocation import Attachment
from bot.chat.reply import HERE, PRIVATE, Action, Ask, AskField, Block, Card, Reply, Style
from bot.chat.text import Bold, Span, When, counted
from bot.core.context import Context
from bot.core.dates import is_when, read_when, to_local, to_utc
from bot.core.luma.calendar import address_in, take_file, take_link
from bot.core.luma.events import is_link
from bot.core.people import acting
from bot.core.sessions.card import count_words, for_organisers, session_card
from bot.core.sessions.preparing import draft_card
from bot.core.sessions.rsvps import WHICH, answer_words, find_session, is_open_to
from bot.core.sessions.words import as_known, is_over, label_of, life, title_of
from storage.rsvps import GOING, MAYBE, NO, Rsvp
from storage.session_rows import CANCELLED, PROPOSED, SCHEDULED, ClubSession

DEFAULT_MINUTES = 90
_DRAFTS_FOR = timedelta(days=2)
_SHOWN = 20


def is_when_or_link(text: str) -> bool:
    return is_link(text) or is_when(text)


@command(
    "schedule",
    "Plan a session: which paper, and when",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    examples=("/schedule WPRC-006 next thu 7pm", "/schedule 3 Dec 19:00"),
    fetches=address_in,
)
def schedule(
    ctx: Context,
    what: Annotated[PaperRef | None, Arg("The paper; nothing where it is not chosen yet")] = None,
    when: Annotated[
        str | None,
        Arg(
            "When: next thu 7pm, 3 Dec 19:00; or a link to a calendar",
            accepts=is_when_or_link,
            max_length=300,
        ),
    ] = None,
    file: Annotated[
        Attachment | None, Arg("A calendar file instead, such as one of Luma's")
    ] = None,
) -> Reply:
    """Shows what was understood; nobody else sees it before it is saved."""
    person = acting(ctx)
    code = what.code if what else None
    if file is not None:
        return take_file(ctx, file, code)
    if when is not None and is_link(when):
        return take_link(ctx, when, code)
    if when is None:
        return _form(ctx, what)
    zone = ctx.catalogue.club.time_zone
    defaults = ctx.uow.reminders.settings().defaults
    local = _read(ctx, what, when, zone)
    ctx.uow.sessions.drop_drafts(ctx.now - _DRAFTS_FOR)
    given: dict[str, object] = {"minutes": DEFAULT_MINUTES, "host_id": person.id}
    session = ctx.uow.sessions.add(
        ctx.now,
        **given | defaults,
        code=code,
        local_start=local.isoformat(timespec="minutes"),
        time_zone=zone,
        starts_at=to_utc(local, zone),
        created_by=person.id,
    )
    return draft_card(ctx, session)


def _read(ctx: Context, what: PaperRef | None, when: str, zone: str) -> datetime:
    """A day without a time is at the hour of the session before. What cannot be read can be
    written once more, without the paper, which was understood.
    """
    latest = [one for one in ctx.catalogue.sessions if one.state == SCHEDULED]
    usual = to_local(latest[-1].starts_at, zone).time() if latest else None
    try:
        return read_when(when, ctx.now, zone, usual)
    except Invalid as error:
        again = Action("Write it once more", "schedule", (what.code if what else "",))
        raise Invalid(*(str(span) for span in error.text), actions=(again,)) from None


def _form(ctx: Context, what: PaperRef | None) -> Reply:
    """The two answers that make a session."""
    paper = AskField("what", "The paper's code or title, if it is chosen", is_required=False)
    fields = (
        *(() if what else (paper,)),
        AskField("when", f"When, in {ctx.catalogue.club.time_zone}: next thu 7pm", max_length=200),
    )
    action = Action("Schedule a session", "schedule", (what.code if what else "",))
    return Reply(ask=Ask(action, "Schedule a session", fields))


@command(
    "session",
    "The next session, or a named one",
    data=Data.READ,
    ranked=True,
    first=True,
    examples=("/session", "/session 3", "/session WPRC-006"),
)
def show_session(ctx: Context, which: Annotated[SessionRef | None, WHICH] = None) -> Reply:
    session = find_session(ctx, which)
    said: tuple[Span, ...] = ()
    person = ctx.person
    own = ctx.uow.rsvps.one(session.id, person.id) if person else None
    if own is not None and ctx.invocation.place.is_private:
        said = (answer_words(ctx, session, own),)
    known = as_known(session, ctx.now)
    actions = for_organisers(session, ctx)
    if ctx.invocation.place.is_private:
        return session_card(ctx.uow, known, ctx.now, said=said, actions=actions)
    # What everybody sees has one button for organisers; the rest is behind it, for them alone.
    more = (Action("Organise", "organise", (str(session.number),)),) if actions else ()
    shown = session_card(ctx.uow, known, ctx.now, actions=more)
    is_public = session.state == SCHEDULED or session.announced_at is not None
    return shown if is_public else replace(shown, audience=PRIVATE)


@command(
    "organise",
    "What organisers do with a session",
    data=Data.READ,
    private=True,
    ranked=True,
    hidden=True,
)
def organise(ctx: Context, number: Annotated[int, Arg("The session's number")]) -> Reply:
    """For organisers, and for whoever hosts it."""
    session = find_session(ctx, SessionRef(number))
    actions = for_organisers(session, ctx)
    if not actions:
        raise NotAllowed(f"This is for organisers of {ctx.catalogue.club.name}.")
    return session_card(ctx.uow, session, ctx.now, actions=actions)


@command(
    "sessions",
    "Coming sessions, past ones, or your own",
    data=Data.READ,
    ranked=True,
    examples=("/sessions", "/sessions mine", "/sessions past"),
)
def list_sessions(
    ctx: Context,
    which: Annotated[Literal["coming", "past", "mine"], Arg("Which ones")] = "coming",
) -> Reply:
    if which == "mine":
        return _own(ctx)
    found = (
        ctx.uow.sessions.past(ctx.now, (SCHEDULED, CANCELLED), _SHOWN)
        if which == "past"
        else _coming(ctx)
    )
    blocks = [_block(ctx, one) for one in found]
    others = {"coming": ("past", "Past sessions"), "past": ("coming", "Coming sessions")}[which]
    return Reply(
        text=() if blocks else (f"There are no {which} sessions.",),
        card=Card(f"{which.capitalize()} sessions", body=tuple(blocks)) if blocks else None,
        actions=(
            Action(others[1], "sessions", (others[0],)),
            Action("My sessions", "sessions", ("mine",)),
            *((Action("Schedule a session", "schedule"),) if ctx.is_organiser else ()),
        ),
        # What is proposed only is not for everybody who reads along.
        audience=PRIVATE if any(one.state == PROPOSED for one in found) else HERE,
        again=ctx.again(which),
        page=ctx.invocation.page,
    )


def _coming(ctx: Context) -> list[ClubSession]:
    states = (SCHEDULED, CANCELLED, PROPOSED) if ctx.is_organiser else (SCHEDULED, CANCELLED)
    found = ctx.uow.sessions.coming(ctx.now, states)
    return [one for one in found if is_open_to(ctx, one)][:_SHOWN]


def _block(ctx: Context, session: ClubSession, own: Rsvp | None = None) -> Block:
    session = as_known(session, ctx.now)
    state = life(session, ctx.now)
    spans: list[Span] = [
        Bold(title_of(session, ctx.catalogue.by_code)),
        "\n",
        When(session.starts_at),
    ]
    if state != "announced":
        spans.append(f" · {state}")
    if own is not None:
        spans.append(" · you wait for a seat" if own.is_waiting else f" · you said {own.answer}")
    elif session.state == SCHEDULED:
        spans.append(f" · {count_words(session, ctx.uow.rsvps.count(session.id))}")
    label = label_of(session, ctx.catalogue.by_code)
    command = "prepare" if session.state == PROPOSED else "session"
    return Block(tuple(spans), (Action(label, command, (str(session.number),)),))


def _own(ctx: Context) -> Reply:
    """What somebody has answered: to what is to come, by answer; then what was."""
    person = ctx.person
    answers = ctx.uow.rsvps.of_person(person.id) if person else []
    found = [
        (session, one)
        for one in answers
        if (session := ctx.uow.sessions.by_id(one.session_id)) is not None
    ]
    coming = [pair for pair in found if not is_over(pair[0], ctx.now)]
    blocks = []
    for answer, heading in ((GOING, "Going"), (MAYBE, "Maybe"), (NO, "Not coming")):
        chosen = sorted(
            (pair for pair in coming if pair[1].answer == answer),
            key=lambda pair: pair[0].starts_at,
        )
        if chosen:
            blocks.append(Block((Bold(heading),), is_heading=True))
            blocks += [_block(ctx, session, one) for session, one in chosen]
    past = [pair for pair in found if is_over(pair[0], ctx.now) and pair[1].answer == GOING]
    if past:
        blocks.append(Block((f"And {counted(len(past), 'that is over', 'that are over')}.",)))
    return Reply(
        text=() if blocks else ("You have not answered any session yet.",),
        card=Card("Your sessions", body=tuple(blocks)) if blocks else None,
        actions=(
            Action("Coming sessions", "sessions", style=Style.PRIMARY),
            Action("My reminders", "reminders", ("mine",)),
        ),
        audience=PRIVATE,
    )
