"""/rsvp: who comes, by one tap or by words; and what follows from each answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from bot.chat.commands import Arg, Data, SessionRef, command
from bot.chat.errors import Conflict, NotFound
from bot.chat.invocation import Origin
from bot.chat.reply import Action, File, Reply
from bot.chat.text import When, plain
from bot.core.calendars.event import CalendarEvent, write_calendar
from bot.core.context import Context
from bot.core.people import acting
from bot.core.sessions.card import ANNOUNCED, RSVP, SESSION, answer_buttons, session_card
from bot.core.sessions.reminding import SESSION_KINDS, tell_promoted
from bot.core.sessions.seats import Answered, answer, fill, leave
from bot.core.sessions.words import as_known, closes_at, ends_at, is_over, title_of, where_of
from storage.mirrors import CARD, EVENT
from storage.people import Person
from storage.reminders import LUMA_ONLY
from storage.rsvps import GOING, MAYBE, NO, Rsvp
from storage.session_rows import CANCELLED, DRAFT, SCHEDULED, ClubSession

GATHER = timedelta(seconds=0.4)
"""Taps that come together are shown together."""
GATHER_LOOKS = timedelta(seconds=1)
"""What they change of the reminders is looked at once for all: that reads the whole club."""
LISTED = (Action("Coming sessions", "sessions"),)
_MEANT = {
    **dict.fromkeys(("yes", "y", "yeah", "yep", "sure", "in", "come", "coming", "+", "+1"), GOING),
    **dict.fromkeys(("perhaps", "possibly", "unsure", "m", "?"), MAYBE),
    **dict.fromkeys(("n", "nope", "can't", "can’t", "cant", "cannot", "out", "-"), NO),
}
WHICH = Arg("Its number, or a paper's code; nothing for the next one")


def find_session(ctx: Context, which: SessionRef | None) -> ClubSession:
    """The session that is meant: the named one, else the next. Raises NotFound, also for one that
    is not theirs to see yet.
    """
    if which is not None:
        found = ctx.uow.sessions.by_number(which.number)
        if found is None or (found.state == DRAFT and not ctx.is_organiser):
            raise NotFound("There is no such session. See /sessions.", actions=LISTED)
        if not is_open_to(ctx, found):
            raise NotFound("This session is not announced yet. See /sessions.", actions=LISTED)
        return found
    planned = ctx.uow.sessions.coming(ctx.now, (SCHEDULED, CANCELLED))
    coming = [one for one in planned if as_known(one, ctx.now).state == SCHEDULED]
    if not coming:
        plan = (Action("Schedule a session", "schedule"),) if ctx.is_organiser else ()
        raise NotFound(
            "No session is planned at present.",
            actions=(Action("Past sessions", "sessions", ("past",)), *plan),
        )
    return coming[0]


def is_open_to(ctx: Context, session: ClubSession) -> bool:
    """Whether whoever asks may see it: what was never announced is for organisers alone."""
    if session.state == SCHEDULED or ctx.is_organiser:
        return True
    return session.state == CANCELLED and session.announced_at is not None


def open_session(ctx: Context, which: SessionRef | None) -> ClubSession:
    """The same, locked, and only while one can still answer it."""
    number = find_session(ctx, which).number
    session = ctx.uow.sessions.locked(number)
    if session is None or session.state != SCHEDULED:
        if session is not None and as_known(session, ctx.now).state == SCHEDULED:
            raise Conflict(
                "An organiser is changing this session just now. Press again in a minute."
            )
        is_cancelled = session is not None and session.state == CANCELLED
        said = "This session is cancelled." if is_cancelled else "It is not saved yet."
        raise Conflict(said, actions=LISTED)
    if is_over(session, ctx.now):
        raise Conflict("This session is over.", actions=(Action("The next one", "session"),))
    return session


@command(
    "rsvp",
    "Say whether you come to a session",
    data=Data.WRITE,
    private=True,
    examples=("/rsvp yes", "/rsvp maybe 3"),
)
def rsvp(
    ctx: Context,
    reply: Annotated[
        Literal["going", "maybe", "no"] | None, Arg("Whether you come", also=_MEANT)
    ] = None,
    which: Annotated[SessionRef | None, WHICH] = None,
    guests: Annotated[int | None, Arg("How many you bring along")] = None,
) -> Reply:
    person = acting(ctx)
    session = open_session(ctx, which)
    if reply is None:
        return _asked(ctx, session)
    if reply != NO and ctx.now >= closes_at(session):
        raise Conflict("It is too late to say yes. Ask whoever hosts it.")
    _refuse_where_luma_counts(ctx, session, person)
    _heal(ctx, session)
    answered = answer(ctx.uow, session, person.id, reply, ctx.now, guests=guests)
    follow_up(ctx, session, answered)
    return _told(ctx, session, person, answered)


def _refuse_where_luma_counts(ctx: Context, session: ClubSession, person: Person) -> None:
    """Raises Conflict for somebody who chose that only Luma's list counts for them."""
    if session.luma_url is None:
        return
    choice = ctx.uow.reminders.choice(person.id)
    if choice.luma != LUMA_ONLY or choice.luma_mark is None:
        return
    raise Conflict(
        "You chose that only Luma's list counts for you. Say it there, and it follows here: "
        f"{session.luma_url}",
        actions=(Action("Count my answers here as well", "guestlist", ("both",)),),
    )


def follow_up(ctx: Context, session: ClubSession, answered: Answered) -> None:
    """The cards follow, those whose turn it is hear of it, and reminders are looked at anew."""
    if not answered.has_changed:
        return
    touched(ctx, session, [one.person_id for one in answered.promoted], kinds=(CARD,))


def touched(
    ctx: Context,
    session: ClubSession,
    promoted: Sequence[int] = (),
    *,
    kinds: Sequence[str] = (CARD, EVENT),
) -> None:
    """`kinds` are the mirrors that follow: a server's calendar shows no counts."""
    ctx.uow.mirrors.touch(session.id, ctx.now + GATHER, kinds)
    ctx.uow.sessions.look_by(session.id, ctx.now + GATHER_LOOKS, ctx.now)
    tell_promoted(ctx.uow, session, promoted, ctx.now)


def _heal(ctx: Context, session: ClubSession) -> None:
    """A card in a place that is pressed is kept in step from now on, if it was not already.

    Only one that can be shown again as it was: what has words of its own, such as a notice, stays.
    """
    call = ctx.invocation
    message = call.message
    if call.origin is not Origin.BUTTON or message is None or ctx.home is None:
        return
    place = message.place
    if place.is_private or place.platform == "console":
        return
    number, mirrors = str(session.number), ctx.uow.mirrors
    if mirrors.is_kept(session.id, place.platform, place.chat_id, message.message_id):
        return
    post = ctx.uow.posts.by_message(
        place.platform, place.thread_id or place.chat_id, message.message_id
    )
    if post is None or (post.subject_kind, post.subject_key) != (SESSION, number):
        return
    sent_as = ctx.uow.deliveries.kind_of_message(
        SESSION_KINDS, number, place.platform, message.message_id
    )
    if sent_as not in (None, ANNOUNCED, RSVP):
        return
    mirrors.add(
        ctx.uow.club_id,
        session.id,
        CARD,
        place.platform,
        place.chat_id,
        message_id=message.message_id,
        intro=sent_as,
        thread_id=place.thread_id,
        server_id=place.server_id,
        due_at=ctx.now + GATHER,
    )


def _asked(ctx: Context, session: ClubSession) -> Reply:
    """The one thing that is still to be said, with a button for each answer."""
    title = title_of(session, ctx.catalogue.by_code)
    show = Action("Show the session", "session", (str(session.number),))
    return Reply(
        text=(title, ", ", When(session.starts_at), ". Will you come?"),
        actions=(*answer_buttons(session), show),
    )


def _told(ctx: Context, session: ClubSession, person: Person, answered: Answered) -> Reply:
    said = answer_words(ctx, session, answered.rsvp)
    number = str(session.number)
    choice = ctx.uow.reminders.choice(person.id)
    actions = []
    if session.guests and answered.rsvp.answer == GOING:
        actions += [
            Action(
                f"I bring {count}" if count else "I come alone", "rsvp", (GOING, number, str(count))
            )
            for count in range(min(session.guests, 3) + 1)
            if count != answered.rsvp.guests
        ]
    if answered.rsvp.answer != NO and choice.where not in ("discord", "telegram"):
        actions.append(Action("Notify me", "notify", (number,)))
    call = ctx.invocation
    if call.origin is Origin.BUTTON and call.place.is_private:
        # The card takes the place of what was pressed, so that nothing there is out of date.
        bring = [action for action in actions if action.command == "rsvp"]
        return session_card(ctx.uow, session, ctx.now, said=(said,), actions=bring)
    return Reply(
        text=(said,),
        is_brief=True,
        actions=(
            *actions,
            Action("Show the session", "session", (number,)),
            Action("My sessions", "sessions", ("mine",)),
        ),
    )


def answer_words(ctx: Context, session: ClubSession, one: Rsvp) -> str:
    """What somebody's answer means for them."""
    title = title_of(session, ctx.catalogue.by_code)
    along = f", with {one.guests} more" if one.guests else ""
    if one.answer == GOING and one.is_waiting:
        ahead = [
            other
            for other in ctx.uow.rsvps.of_session(session.id)
            if other.is_waiting and other.number < one.number
        ]
        before = f"{len(ahead)} before you" if ahead else "you are the first in line"
        return (
            f"{title}: all seats are taken, so you are on the waitlist{along}; {before}. "
            "You are told as soon as a seat is yours."
        )
    if one.answer == GOING:
        return f"{title}: you are going{along}."
    if one.answer == MAYBE:
        return f"{title}: maybe. Say so again when you know."
    return f"{title}: you cannot come. Thank you for saying so."


@command("calendar", "A session for your calendar", data=Data.READ, hidden=True, private=True)
def give_calendar(ctx: Context, which: Annotated[SessionRef | None, WHICH] = None) -> Reply:
    """A file, made at the moment at which it is asked for."""
    session = find_session(ctx, which)
    club = ctx.catalogue.club
    event = CalendarEvent(
        uid=f"session-{session.number}@{club.prefix.casefold()}-{club.id}.wprc-bot",
        title=f"{club.name}: {title_of(session, ctx.catalogue.by_code)}",
        starts_at=session.starts_at,
        ends_at=ends_at(session),
        zone=session.time_zone,
        place=session.place or session.url or plain(where_of(session)) or None,
        url=session.url or session.luma_url,
        text=title_of(session, ctx.catalogue.by_code),
        is_cancelled=as_known(session, ctx.now).state == CANCELLED,
        sequence=session.revision,
    )
    content = write_calendar(event, ctx.now)
    name = f"{club.prefix.casefold()}-session-{session.number}.ics"
    return Reply(
        text=("For your calendar, as it stands on ", When(ctx.now), ". If it moves, ask again."),
        files=(File(name, content, "text/calendar"),),
    )


def give_up_seats(ctx: Context, person: Person) -> None:
    """Somebody leaves the club: their seats go on to those who wait."""
    for one in ctx.uow.rsvps.of_person(person.id):
        found = ctx.uow.sessions.by_id(one.session_id)
        session = ctx.uow.sessions.locked(found.number) if found else None
        if session is None or is_over(session, ctx.now):
            continue
        promoted = leave(ctx.uow, session, person.id)
        touched(ctx, session, [other.person_id for other in promoted], kinds=(CARD,))


def refill(ctx: Context, session: ClubSession) -> None:
    """The room has changed: whoever waits may have a seat now."""
    promoted = fill(ctx.uow, session)
    touched(ctx, session, [one.person_id for one in promoted])
