"""Events of other calendars become proposed sessions, and those of Luma are followed.

An event is known by its id, so that it becomes one session however often and by whichever way it
comes in. What Luma changes is changed here like by an organiser's own hand, so that moves are
counted, people are asked to confirm, and one notice goes out. What is missing from a calendar is
not cancelled: a feed may show a part only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.chat.errors import Invalid
from bot.chat.reply import Action, Block, Card, Reply, Style
from bot.chat.text import Bold, Text, When, counted
from bot.core.calendars.reading import CalendarFile, NotACalendar, read_calendar
from bot.core.context import Context
from bot.core.dates import to_local
from bot.core.luma.events import Proposal, proposal_of
from bot.core.page_view import shown
from bot.core.sessions.changes import cancel_session, change, tell_change
from bot.core.sessions.words import is_over, label_of
from storage.session_rows import CANCELLED, DRAFT, PROPOSED, SCHEDULED, ClubSession

DEFAULT_MINUTES = 90
_MOST_AT_ONCE = 50
_SHOWN = 20


@dataclass(slots=True)
class Taken:
    """What became of the events of a calendar."""

    proposed: list[ClubSession] = field(default_factory=list)
    followed: list[ClubSession] = field(default_factory=list)
    cancelled: list[ClubSession] = field(default_factory=list)
    known: list[ClubSession] = field(default_factory=list)
    past: int = 0
    """Events that are over, and those that were cancelled before they were sessions."""
    left: int = 0
    """More than are proposed at once; they come with the next reading."""
    refused: Sequence[str] = ()


def take_in(ctx: Context, calendar: CalendarFile, *, code: str | None = None) -> Taken:
    """Proposes what is new and follows what Luma changed; twice is the same as once."""
    taken = Taken(refused=calendar.refused)
    events = sorted(calendar.events, key=lambda event: event.starts_at)
    proposals = [proposal_of(event) for event in events]
    known = [(one, session) for one in proposals if (session := _known(ctx, one)) is not None]
    # Rows are locked in the order in which everybody does: sessions by number, then the club.
    for number in sorted({session.number for _, session in known}):
        ctx.uow.sessions.locked(number)
    for proposal, session in known:
        _follow(ctx, session, proposal, taken)
    followed = {proposal.uid for proposal, _ in known}
    _propose_all(ctx, [one for one in proposals if one.uid not in followed], code, taken)
    return taken


def _propose_all(
    ctx: Context, proposals: Sequence[Proposal], code: str | None, taken: Taken
) -> None:
    new = [one for one in proposals if not (_is_over(ctx, one) or one.is_cancelled)]
    taken.past += len(proposals) - len(new)
    taken.left = max(0, len(new) - _MOST_AT_ONCE)
    if not new:
        return
    # Two who bring in the same event wait for each other here, and the second one finds it.
    ctx.uow.sessions.lock()
    for proposal in new[:_MOST_AT_ONCE]:
        known = _known(ctx, proposal)
        if known is not None:
            taken.known.append(known)
        else:
            taken.proposed.append(_propose(ctx, proposal, code))


def _is_over(ctx: Context, proposal: Proposal) -> bool:
    lasts = timedelta(minutes=proposal.minutes or DEFAULT_MINUTES)
    return proposal.starts_at + lasts <= ctx.now


def _known(ctx: Context, proposal: Proposal) -> ClubSession | None:
    """The session that stands for an event already, also where only its page was set by hand."""
    if proposal.luma_id is None:
        return ctx.uow.sessions.by_event(proposal.uid)
    known = ctx.uow.sessions.by_luma(proposal.luma_id)
    if known is not None or proposal.page is None:
        return known
    by_hand = [
        one
        for one in ctx.uow.sessions.by_page(proposal.page)
        if one.luma_id is None and one.state != CANCELLED and not is_over(one, ctx.now)
    ]
    return by_hand[0] if by_hand else None


def _propose(ctx: Context, proposal: Proposal, code: str | None) -> ClubSession:
    zone = proposal.zone or ctx.catalogue.club.time_zone
    defaults: dict[str, object] = {"minutes": DEFAULT_MINUTES}
    defaults |= ctx.uow.reminders.settings().defaults
    if proposal.luma_id is not None:
        # Where it is says Luma, also where Luma says nothing.
        defaults |= {"place": None, "url": None}
    given = {
        name: value
        for name, value in (
            *(("minutes", proposal.minutes), ("place", proposal.place), ("url", proposal.url)),
        )
        if value is not None
    }
    return ctx.uow.sessions.add(
        ctx.now,
        **defaults | given,
        state=PROPOSED,
        code=code,
        local_start=to_local(proposal.starts_at, zone).isoformat(timespec="minutes"),
        time_zone=zone,
        starts_at=proposal.starts_at,
        luma_id=proposal.luma_id,
        luma_url=proposal.page,
        event_title=proposal.title or None,
        event_uid=None if proposal.luma_id else proposal.uid,
    )


def _follow(ctx: Context, known: ClubSession, proposal: Proposal, taken: Taken) -> None:
    session = ctx.uow.sessions.locked(known.number)
    if session is None or is_over(session, ctx.now):
        taken.past += 1
        return
    if proposal.luma_id is None or session.state == CANCELLED:
        # A file is brought in once; from then on its session is the club's own.
        taken.known.append(session)
        return
    if proposal.is_cancelled:
        if session.state == DRAFT:
            taken.known.append(session)
            return
        cancel_session.handler(ctx, session.number, "yes")
        taken.cancelled.append(session)
        return
    noted = _noted(session, proposal)
    changes = _changes(session, proposal)
    if noted:
        session = ctx.uow.sessions.set(session, **noted)
    if not changes:
        (taken.followed if "luma_id" in noted else taken.known).append(session)
        return
    changed = change(ctx, session, changes)
    taken.followed.append(changed)
    if changed.state == SCHEDULED and changed.announced_at is not None:
        _tell(ctx, changed)


def _noted(session: ClubSession, proposal: Proposal) -> dict[str, object]:
    """What is kept of an event without anybody being told."""
    values: dict[str, object] = {
        "luma_id": proposal.luma_id,
        "luma_url": proposal.page or session.luma_url,
        "event_title": proposal.title or session.event_title,
    }
    return {name: value for name, value in values.items() if getattr(session, name) != value}


def _changes(session: ClubSession, proposal: Proposal) -> dict[str, object]:
    values: dict[str, object] = {
        "starts_at": proposal.starts_at,
        "minutes": proposal.minutes or session.minutes,
        "place": proposal.place,
        "url": proposal.url,
    }
    changes = {name: value for name, value in values.items() if getattr(session, name) != value}
    if "starts_at" in changes:
        local = to_local(proposal.starts_at, session.time_zone)
        changes["local_start"] = local.isoformat(timespec="minutes")
    return changes


def _tell(ctx: Context, session: ClubSession) -> None:
    """One notice for all that changes within ten minutes, as after a change by hand."""
    told = session.told
    if told is None or told.get("sent") or session.tell_at is not None:
        return
    if (told.get("starts_at"), told.get("place")) != (
        session.starts_at.isoformat(),
        session.place,
    ):
        tell_change.handler(ctx, session.number)


def missing_words(ctx: Context, calendar: CalendarFile) -> str:
    """What was in the feed once and is not now, for organisers: it is cancelled by nobody."""
    there = {proposal_of(event).luma_id for event in calendar.events}
    coming = ctx.uow.sessions.coming(ctx.now, (SCHEDULED, PROPOSED))
    missing = [str(one.number) for one in coming if one.luma_id and one.luma_id not in there]
    if not missing:
        return ""
    what = "Session" if len(missing) == 1 else "Sessions"
    return (
        f" {what} {', '.join(missing[:_SHOWN])}: not in it any more; nothing was changed. Cancel "
        "here what does not take place."
    )


def read_file(ctx: Context, content: bytes, name: str, hint: str = "") -> CalendarFile:
    """The calendar in a file or behind an address; raises Invalid with what is wrong with it."""
    try:
        return read_calendar(content, ctx.catalogue.club.time_zone)
    except NotACalendar as error:
        raise Invalid(f"{name} was not brought in. {error} {hint}".rstrip()) from None


def taken_words(taken: Taken) -> str:
    """What became of a calendar, in a sentence or two."""
    parts = [
        _counted(len(taken.proposed), "new session is proposed", "new sessions are proposed"),
        _counted(len(taken.followed), "session has changed", "sessions have changed"),
        _counted(len(taken.cancelled), "is cancelled", "are cancelled"),
        _counted(len(taken.known), "is known already", "are known already"),
        _counted(taken.past, "is over or cancelled", "are over or cancelled"),
        _counted(taken.left, "more comes next time", "more come next time"),
        _counted(len(taken.refused), "cannot be a session", "cannot be sessions"),
    ]
    said = "; ".join(part for part in parts if part)
    return f"{said}." if said else "There is no event in it."


def _counted(count: int, one: str, many: str) -> str:
    return counted(count, one, many) if count else ""


def taken_reply(ctx: Context, taken: Taken) -> Reply:
    """What an organiser sees who brought a calendar in."""
    shown_ones = [*taken.proposed, *taken.followed, *taken.cancelled, *taken.known][:_SHOWN]
    blocks = [_block(ctx, one) for one in shown_ones]
    blocks += [Block((reason,)) for reason in taken.refused]
    hint = " Choose the paper of each and save it; only then it is announced."
    words = taken_words(taken) + (hint if taken.proposed else "")
    return Reply(
        text=(words,),
        card=Card("From the calendar", body=tuple(blocks)) if blocks else None,
        actions=(Action("Coming sessions", "sessions"), Action("Luma calendar", "luma")),
    )


def _block(ctx: Context, session: ClubSession) -> Block:
    number = str(session.number)
    is_open = session.state in (DRAFT, PROPOSED)
    action = Action(
        label_of(session, ctx.catalogue.by_code),
        "prepare" if is_open else "session",
        (number,),
        Style.PRIMARY if is_open else Style.PLAIN,
    )
    text: Text = (Bold(shown(session.event_title or f"Session {number}")), "\n")
    return Block((*text, When(session.starts_at)), (action,))
