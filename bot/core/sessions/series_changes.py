"""The end of a series: nothing more of it is made, and what was made stays or is called off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from bot.chat.commands import Access, Arg, Data, command
from bot.chat.errors import Conflict
from bot.chat.reply import Action, Reply, Style
from bot.chat.text import Bold, counted
from bot.core.context import Context
from bot.core.sessions.changes import call_off
from bot.core.sessions.preparing import ACT, found
from bot.core.sessions.repeats import repeat_words
from storage.session_rows import SCHEDULED, ClubSession

_WHAT = Arg("What becomes of those that are there already")


@command(
    "end-series",
    "End a series of sessions",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def end_series(
    ctx: Context,
    number: Annotated[int, ACT],
    later: Annotated[Literal["keep", "cancel"] | None, _WHAT] = None,
) -> Reply:
    """From the named session on: it takes place itself."""
    session = found(ctx, number)
    series = ctx.uow.sessions.series(session.series_id) if session.series_id else None
    if series is None or series.ended_at is not None:
        raise Conflict("It is not one of a series, or the series has ended.", actions=_show(number))
    following = [
        one
        for one in ctx.uow.sessions.of_series(series.id)
        if one.starts_at > max(session.starts_at, ctx.now) and one.state == SCHEDULED
    ]
    if later is None:
        return _question(number, repeat_words(series.rule), following)
    ctx.uow.sessions.set_series(series.id, ended_at=ctx.now)
    person = ctx.person
    ctx.uow.audit.note(
        ctx.now, "ended", f"series of session {number}", by=person.id if person else None
    )
    if later == "cancel":
        for one in following:
            call_off(ctx, one)
    gone = f" {_count(following)} cancelled." if later == "cancel" and following else ""
    return Reply(
        text=(f"The series has ended; nothing more is made of it.{gone}",),
        actions=(*_show(number), Action("Coming sessions", "sessions")),
    )


def _question(number: int, rule: str, following: Sequence[ClubSession]) -> Reply:
    buttons = [Action("End it", "end-series", (str(number), "keep"), Style.DANGER)]
    if following:
        others = "that one" if len(following) == 1 else f"those {len(following)}"
        buttons = [
            Action(f"End it, cancel {others}", "end-series", (str(number), "cancel"), Style.DANGER),
            Action(f"End it, keep {others}", "end-series", (str(number), "keep")),
        ]
    after = f" {_count(following)} planned after this one." if following else ""
    return Reply(
        text=("End the series ", Bold(rule), f"?{after}"),
        actions=(*buttons, Action("No", "prepare", (str(number),))),
    )


def _count(sessions: Sequence[ClubSession]) -> str:
    return counted(len(sessions), "session is", "sessions are")


def _show(number: int) -> tuple[Action, ...]:
    return (Action("Show the session", "session", (str(number),)),)
