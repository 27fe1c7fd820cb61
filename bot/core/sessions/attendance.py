"""Attendance: who was there, noted by the host in one tap each; nobody is ever listed as absent."""

from __future__ import annotations

from typing import Annotated

from bot.chat.commands import Access, Arg, Data, command
from bot.chat.errors import Conflict, NotFound
from bot.chat.reply import Action, Block, Card, Reply
from bot.chat.text import counted
from bot.core.context import Context
from bot.core.page_view import shown
from bot.core.sessions.words import title_of
from storage.rsvps import NO
from storage.session_rows import SCHEDULED, ClubSession


@command(
    "attendance",
    "Who was there",
    data=Data.WRITE,
    private=True,
    hidden=True,
    access=Access.MEMBER,
)
def note_attendance(
    ctx: Context,
    number: Annotated[int, Arg("The session's number")],
    person_id: Annotated[int | None, Arg("Who was there")] = None,
) -> Reply:
    """A tap says that somebody was there, the next tap takes it back. For host and organisers."""
    session = ctx.uow.sessions.by_number(number)
    if session is None:
        raise NotFound("There is no such session. See /sessions.")
    own = ctx.person.id if ctx.person else None
    if not ctx.is_organiser and (own is None or session.host_id != own):
        raise Conflict("Attendance is noted by the host and by organisers.")
    if session.state != SCHEDULED:
        raise Conflict("This session does not take place.")
    if session.starts_at > ctx.now:
        raise Conflict("It has not begun yet; come back when people are there.")
    if person_id is not None:
        answers = {one.person_id: one for one in ctx.uow.rsvps.of_session(session.id)}
        if person_id not in answers:
            raise NotFound("That person has not answered this session.")
        is_there = None if answers[person_id].was_there else True
        ctx.uow.rsvps.set_there(session.id, person_id, is_there)
    return _card(ctx, session)


def _card(ctx: Context, session: ClubSession) -> Reply:
    answers = [one for one in ctx.uow.rsvps.of_session(session.id) if one.answer != NO]
    people = {one.id: one for one in ctx.uow.people.some([one.person_id for one in answers])}
    number = str(session.number)
    blocks = []
    for one in answers:
        person = people.get(one.person_id)
        if person is None:
            continue
        mark = "✓ " if one.was_there else ""
        label = f"{mark}{shown(person.name)}"[:40]
        action = Action(label, "attendance", (number, str(person.id)))
        blocks.append(Block((label,), (action,)))
    count = sum(bool(one.was_there) for one in answers)
    there = counted(count, "person was there", "people were there")
    return Reply(
        text=(f"{there}. Tap a name to note it; tap again to take it back.",),
        card=Card(title_of(session, ctx.catalogue.by_code), body=tuple(blocks)),
        actions=(Action("Show the session", "session", (number,)),),
        again=ctx.again(number),
        page=ctx.invocation.page,
    )
