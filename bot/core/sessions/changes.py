"""What organisers do to a session: save, move, change, cancel, and tell people of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from bot.chat.commands import Access, Arg, Data, command
from bot.chat.errors import Conflict
from bot.chat.reply import Action, Reply, Style
from bot.chat.text import counted
from bot.core.announce import targets, trouble_in
from bot.core.context import Context
from bot.core.people import acting
from bot.core.sessions.card import for_organisers, session_card
from bot.core.sessions.news import NEWS, known
from bot.core.sessions.preparing import (
    ACT,
    FIELDS,
    ask_for,
    draft_card,
    found,
    read_change,
    refuse_change,
)
from bot.core.sessions.reminding import CHANGED, OF_ITS_TIME, announce, take_back
from bot.core.sessions.rsvps import refill, touched
from bot.core.sessions.series import announced_from, begin_series, continue_series, template_of
from bot.core.sessions.words import title_of
from storage.deliveries import PENDING
from storage.rsvps import NO
from storage.session_rows import CANCELLED, DRAFT, PROPOSED, SCHEDULED, ClubSession

GATHER_NEWS = timedelta(minutes=10)
"""Changes within so long go out as one notice."""
_UNDO_FOR = timedelta(minutes=1)
_SOON = timedelta(minutes=30)
_SURE = Arg("Whether this is meant")


@command(
    "save-session",
    "Save a session",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def save_session(ctx: Context, number: Annotated[int, ACT]) -> Reply:
    """From here on it is announced, and everything else follows by itself."""
    person = acting(ctx)
    session = found(ctx, number)
    if session.state not in (DRAFT, PROPOSED):
        raise Conflict("This session is saved already.", actions=_show(session))
    if session.starts_at <= ctx.now:
        raise Conflict("That time is past. Set another one.", actions=(_alter(session, "when"),))
    if session.state == PROPOSED and session.code is None and session.title is None:
        raise Conflict(
            "Choose the paper first; “none” is fine too.", actions=(_alter(session, "paper"),)
        )
    session = ctx.uow.sessions.set(
        session,
        state=SCHEDULED,
        announce_at=ctx.now,
        looked_at=ctx.now,
        look_at=ctx.now,
        created_by=session.created_by or person.id,
    )
    begin_series(ctx.uow, session)
    saved = ctx.uow.sessions.by_id(session.id) or session
    continue_series(ctx.uow, saved, ctx.now)
    ctx.uow.audit.note(ctx.now, "scheduled", f"session {number}", by=person.id)
    ctx.uow.wake()
    said = f"Saved. {_announced_words(ctx)}"
    return session_card(ctx.uow, saved, ctx.now, said=(said,), actions=for_organisers(saved, ctx))


def _announced_words(ctx: Context) -> str:
    """Where it goes, as far as is known at this moment."""
    reached = targets(ctx.uow.places.all())
    if not reached:
        return "There is nowhere to announce it yet."
    troubles = " ".join(trouble for target in reached if (trouble := trouble_in(ctx, target.place)))
    return f"It is announced in {counted(len(reached), 'place')}. {troubles}".strip()


def _show(session: ClubSession) -> tuple[Action, ...]:
    return (Action("Show the session", "session", (str(session.number),)),)


def _alter(session: ClubSession, name: str) -> Action:
    return Action(f"Set the {name}", "alter", (str(session.number), name), Style.PRIMARY)


@command(
    "alter",
    "Change one thing about a session",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def alter(
    ctx: Context,
    number: Annotated[int, ACT],
    field: Annotated[FIELDS, Arg("What")],
    value: Annotated[str | None, Arg("What it is to be", max_length=300)] = None,
) -> Reply:
    session = found(ctx, number)
    refuse_change(ctx, session, field)
    if value is None:
        return ask_for(session, field, ctx)
    changes = read_change(ctx, session, field, value)
    if all(getattr(session, name) == new for name, new in changes.items()):
        return _after_change(ctx, session, "That is what it was.")
    changed = change(ctx, session, changes)
    over = _over_words(ctx, changed) if "capacity" in changes else ""
    return _after_change(ctx, changed, f"Changed. {over}".strip())


def _over_words(ctx: Context, session: ClubSession) -> str:
    """That more people go than there are seats, since the room has become smaller."""
    going = ctx.uow.rsvps.count(session.id).going
    if session.capacity is None or going <= session.capacity:
        return ""
    return (
        f"{going} are going, {going - session.capacity} more than there are seats: they keep their "
        "seats, and nobody else gets one until there is room."
    )


def change(ctx: Context, session: ClubSession, changes: dict[str, object]) -> ClubSession:
    """Changes a session, with everything that follows from it but telling people."""
    if session.state != SCHEDULED:
        return ctx.uow.sessions.set(session, **changes)
    more: dict[str, object] = {}
    if NEWS & set(changes) and (session.told is None or session.told.get("sent")):
        more["told"] = known(session) | _not_heard_yet(ctx, session)
    starts_at = changes.get("starts_at", session.starts_at)
    is_moved = isinstance(starts_at, datetime) and starts_at != session.starts_at
    if isinstance(starts_at, datetime) and is_moved:
        more |= {"moves": session.moves + 1, "looked_at": ctx.now}
        if session.announced_at is None and session.announce_at is not None:
            more["announce_at"] = min(session.announce_at, announced_from(starts_at, ctx.now))
        take_back(ctx.uow, session, ctx.now, OF_ITS_TIME)
        ctx.uow.rsvps.ask_to_confirm(session.id)
    changed = ctx.uow.sessions.set(session, **changes, **more)
    if is_moved and changed.announced_at is not None:
        announce(ctx.uow, changed, ctx.now)
    if changes.get("rule"):
        begin_series(ctx.uow, changed)
        changed = ctx.uow.sessions.by_id(changed.id) or changed
        continue_series(ctx.uow, changed, ctx.now)
    person = ctx.person
    ctx.uow.audit.note(
        ctx.now, "changed", f"session {session.number}", by=person.id if person else None
    )
    if "capacity" in changes:
        refill(ctx, changed)
    else:
        touched(ctx, changed)
    return ctx.uow.sessions.by_id(session.id) or changed


def _not_heard_yet(ctx: Context, session: ClubSession) -> dict[str, object]:
    """What some still believe, since the last notice waits for the end of their quiet hours."""
    sent = ctx.uow.deliveries.of_subject(CHANGED, str(session.number))
    if session.told is None or not any(one.state == PENDING for one in sent):
        return {}
    return {name: value for name, value in session.told.items() if name != "sent"}


def _after_change(ctx: Context, session: ClubSession, said: str) -> Reply:
    reply = draft_card(ctx, session, said)
    told = session.told
    if session.state != SCHEDULED or told is None or told.get("sent"):
        return reply
    count = _concerned(ctx, session)
    if not count:
        return reply
    if session.tell_at is not None:
        soon = "It goes out with the notice that is on its way."
        return replace(reply, text=(f"{said} {soon}",))
    people = counted(count, "person", "people")
    ask = Action(f"Tell {people}", "tell", (str(session.number),), Style.PRIMARY)
    words = f"{said} Tell {people}? Changes within ten minutes go out as one notice."
    return replace(reply, text=(words,), actions=(ask, *reply.actions))


def _concerned(ctx: Context, session: ClubSession) -> int:
    return sum(one.answer != NO for one in ctx.uow.rsvps.of_session(session.id))


@command(
    "tell",
    "Tell people what has changed",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def tell_change(ctx: Context, number: Annotated[int, ACT]) -> Reply:
    session = found(ctx, number)
    if session.state != SCHEDULED or session.told is None or session.told.get("sent"):
        raise Conflict("There is nothing to tell about it.", actions=_show(session))
    if session.tell_at is None:
        is_soon = session.starts_at - ctx.now < _SOON
        at = ctx.now if is_soon else ctx.now + GATHER_NEWS
        ctx.uow.sessions.mark(session.id, tell_at=at, look_at=ctx.now)
        ctx.uow.wake()
        session = replace(session, tell_at=at)
    is_at_once = session.tell_at is not None and session.tell_at <= ctx.now
    said = (
        "They are told now, since it begins soon."
        if is_at_once
        else "They are told in ten minutes. What you change until then goes with it."
    )
    return Reply(
        text=(said,),
        actions=(
            Action("Change more", "prepare", (str(number),)),
            *_show(session),
        ),
    )


@command(
    "cancel-session",
    "Cancel a session",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def cancel_session(
    ctx: Context,
    number: Annotated[int, ACT],
    sure: Annotated[Literal["yes"] | None, _SURE] = None,
) -> Reply:
    """Nobody is told within the first minute, so that a slip of the finger can be undone."""
    session = found(ctx, number)
    refuse_change(ctx, session, "state")
    count = _concerned(ctx, session)
    people = counted(count, "person", "people")
    people = f"{people} who said yes or maybe will be told" if count else "nobody has said yes"
    if sure is None:
        title = title_of(session, ctx.catalogue.by_code)
        return Reply(
            text=(f"Cancel {title}? {people[0].upper()}{people[1:]}.",),
            actions=(
                Action("Yes, cancel it", "cancel-session", (str(number), "yes"), Style.DANGER),
                Action("No", "session", (str(number),)),
            ),
        )
    cancelled = call_off(ctx, session)
    if session.series_id is not None:
        continue_series(ctx.uow, cancelled, ctx.now)
    said = "Cancelled. Nobody has heard of it yet, so nobody is told."
    if cancelled.tell_at is not None:
        said = "Cancelled. People are told in a minute; until then you can undo it unnoticed."
    return Reply(
        text=(said,),
        actions=(Action("Undo", "uncancel", (str(number),), Style.PRIMARY), *_show(session)),
    )


def call_off(ctx: Context, session: ClubSession) -> ClubSession:
    """Cancels it; whoever knows of it is told a little later."""
    take_back(ctx.uow, session, ctx.now)
    is_known = session.announced_at is not None or _concerned(ctx, session) > 0
    tell_at = ctx.now + _UNDO_FOR if is_known else None
    cancelled = ctx.uow.sessions.set(
        session, state=CANCELLED, cancelled_at=ctx.now, tell_at=tell_at, look_at=tell_at
    )
    if tell_at is None:
        ctx.uow.mirrors.touch(session.id, ctx.now)
    person = ctx.person
    by = person.id if person else None
    ctx.uow.audit.note(ctx.now, "cancelled", f"session {session.number}", by=by)
    ctx.uow.wake()
    return cancelled


@command(
    "uncancel",
    "Let a cancelled session take place after all",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def uncancel(ctx: Context, number: Annotated[int, ACT]) -> Reply:
    session = found(ctx, number)
    if session.state != CANCELLED:
        raise Conflict("This session is not cancelled.", actions=_show(session))
    if session.starts_at <= ctx.now:
        again = (Action("Schedule a session", "schedule"),)
        raise Conflict("Its time is past. Schedule another one.", actions=again)
    if session.announce_at is None:
        # It was never saved, so it is proposed again and nothing follows from it.
        proposed = ctx.uow.sessions.set(session, state=PROPOSED, cancelled_at=None, told=None)
        return draft_card(ctx, proposed, "It is proposed again.")
    is_known = session.announced_at is not None or _concerned(ctx, session) > 0
    was_told = session.tell_at is None and is_known
    restored = ctx.uow.sessions.set(
        session,
        state=SCHEDULED,
        cancelled_at=None,
        tell_at=None,
        # What had changed before and was told to nobody is still to be told.
        told=known(session) | {"cancelled": True} if was_told else session.told,
        # Reminders that were taken back are planned anew, under keys of their own.
        moves=session.moves + 1,
        looked_at=ctx.now,
        look_at=ctx.now,
    )
    if restored.announced_at is not None:
        announce(ctx.uow, restored, ctx.now)
    touched(ctx, restored)
    ctx.uow.wake()
    return _after_change(ctx, restored, "It takes place after all.")


@command(
    "keep-defaults",
    "Begin each new session like this one",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def keep_defaults(ctx: Context, number: Annotated[int, ACT]) -> Reply:
    session = found(ctx, number)
    settings = ctx.uow.reminders.settings()
    kept = {
        name: value
        for name, value in template_of(session).items()
        if name not in ("title", "plan", "host_id")
    }
    ctx.uow.reminders.save(replace(settings, defaults=kept))
    return draft_card(ctx, session, "Each new session begins with this length, place and so on.")
