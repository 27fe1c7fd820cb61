"""/reminders preview: who is to get what, where and at which hour, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.reply import Action, Block, Card, Reply
from bot.chat.text import Bold, Span, Text, counted
from bot.core.announce import name_of
from bot.core.context import Context
from bot.core.dates import to_local
from bot.core.page_view import shown
from bot.core.sessions.audience import (
    AFTER,
    DAY,
    HOUR,
    NUDGE,
    Member,
    Wanted,
    nowhere,
    wanted,
    within_limit,
)
from bot.core.sessions.card import RSVP
from bot.core.sessions.reminding import members_of, places_of, plan_of
from bot.core.sessions.words import title_of
from storage.session_rows import CANCELLED, DRAFT, PROPOSED, SCHEDULED, ClubSession

LABELS: Mapping[str, str] = {
    RSVP: "RSVP reminder in the place",
    NUDGE: "Private nudge to those who have not answered",
    DAY: "Reminder to those who come",
    HOUR: "Last call to those who come",
    AFTER: "Request for opinions afterwards",
}
_HOURS = 6
_NOTHING = {
    CANCELLED: "It is cancelled: no reminders are sent about it.",
    DRAFT: "It is not saved yet: nothing is sent about it.",
    PROPOSED: "It is not announced yet: nothing is sent about it.",
}


def preview(ctx: Context, session: ClubSession) -> Reply:
    """Who gets what, where, at which hour of theirs; and who cannot be reached."""
    members, places = members_of(ctx.uow, session), places_of(ctx.uow)
    plan = plan_of(ctx.uow, session)
    zone = ctx.catalogue.club.time_zone
    by_id = {member.person.id: member for member in members}
    coming = [one for one in wanted(session, plan, members, places, zone) if one.at > ctx.now]
    coming = within_limit(coming, by_id)
    coming += [one for one in nowhere(session, plan, members, places, zone) if one.at > ctx.now]
    blocks = [Block(line) for line in _lines(ctx, session, coming, by_id, zone)]
    silent = sum(member.rsvp is None for member in members)
    of_all = f"{counted(len(members), 'member')} {'has' if silent == 1 else 'have'}"
    number = str(session.number)
    return Reply(
        text=()
        if blocks
        else (_NOTHING.get(session.state, "Nothing is left to be sent about it."),),
        card=Card(
            f"What is sent about {title_of(session, ctx.catalogue.by_code)}"[:250],
            body=(*blocks, Block((f"{silent} of {of_all} not answered.",))),
        ),
        actions=(
            Action("Change the plan", "reminders", ("plan", number)),
            Action("Show the session", "session", (number,)),
        ),
        again=ctx.again("preview", number),
        page=ctx.invocation.page,
    )


def _lines(
    ctx: Context,
    session: ClubSession,
    coming: Sequence[Wanted],
    members: Mapping[int, Member],
    zone: str,
) -> list[Text]:
    """In the order of time. Who has not answered is nobody's business but theirs: they are counted
    in one line.
    """
    found: list[Text] = []
    at = session.announce_at
    is_new = session.state == SCHEDULED and session.announced_at is None
    if is_new and at is not None and places_of(ctx.uow):
        local = to_local(at, zone)
        found.append((Bold("Announcement"), f", in each place, {local:%a %-d %b %H:%M} ({zone})"))
    nudges = [one for one in coming if one.kind == NUDGE]
    for one in sorted(coming, key=lambda one: one.at):
        if one.kind != NUDGE:
            found.append(_preview_line(ctx, one, members, zone))
        elif nudges:
            found.append(_nudge_line(nudges, members, zone))
            nudges = []
    return found


def _nudge_line(nudges: Sequence[Wanted], members: Mapping[int, Member], zone: str) -> Text:
    """How many get it, and at which hours of theirs."""
    hours = []
    for one in sorted(nudges, key=lambda one: one.at):
        own = members[one.person_id or 0].person.time_zone or zone
        hours.append(f"{to_local(one.at, own):%a %-d %b %H:%M} ({own})")
    shown_hours = list(dict.fromkeys(hours))
    more = " and at other hours" if len(shown_hours) > _HOURS else ""
    when = "; ".join(shown_hours[:_HOURS])
    return (Bold(LABELS[NUDGE]), f" to {len(nudges)}, in private, {when}{more}")


def _preview_line(
    ctx: Context, one: Wanted, members: Mapping[int, Member], zone: str
) -> tuple[Span, ...]:
    label: Span = Bold(LABELS[one.kind])
    if one.person_id is None:
        local = to_local(one.at, zone)
        where = name_of(ctx, one.place) if one.place else "nowhere"
        names = ", ".join(shown(members[number].person.name) for number in one.people)
        to = f" to {names}" if names else ""
        return (label, f"{to}, in {where}, {local:%a %-d %b %H:%M} ({zone})")
    member = members[one.person_id]
    own = member.person.time_zone or zone
    local = to_local(one.at, own)
    name = shown(member.person.name)
    if one.place is None:
        return (label, f" to {name}, {local:%a %-d %b %H:%M} ({own}): cannot be reached")
    how = f"in private on {one.place.platform.capitalize()}, {local:%a %-d %b %H:%M} ({own})"
    return (label, f" to {name}, {how}")
