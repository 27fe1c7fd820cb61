"""/deliveries: what is to be sent, what was sent, what was not, and what nobody knows."""

from __future__ import annotations

from typing import Annotated

from bot.chat.commands import Access, Arg, Data, command
from bot.chat.errors import Conflict
from bot.chat.reply import Action, Block, Card, Field, Reply
from bot.chat.text import Bold, Span, Text, When, WhenStyle
from bot.core.announce import name_of
from bot.core.context import Context
from bot.core.deliveries import place_of
from storage.deliveries import (
    CANCELLED,
    EXPIRED,
    FAILED,
    PENDING,
    SENT,
    UNKNOWN,
    Delivery,
)

_SHOWN = 40
_LABELS = {
    PENDING: "To be sent",
    SENT: "Sent",
    UNKNOWN: "Unknown",
    FAILED: "Failed",
    EXPIRED: "Too late",
    CANCELLED: "Taken back",
}
_NAMES = {
    "announced": "Card of session",
    "rsvp": "RSVP reminder of session",
    "nudge": "Nudge for session",
    "day": "Reminder of session",
    "hour": "Last call of session",
    "after": "Request for opinions on session",
    "changed": "Change of session",
    "called-off": "Cancellation of session",
    "seat": "A seat in session",
}
_OPEN = (PENDING, UNKNOWN, FAILED, EXPIRED)
_AGAIN = (UNKNOWN, FAILED, EXPIRED)


@command(
    "deliveries",
    "What was sent, what was not, and what is to be",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
)
def list_deliveries(ctx: Context) -> Reply:
    """The counts, and each one that somebody may have to look at, newest first."""
    counts = ctx.uow.deliveries.counts()
    if not counts:
        return Reply(
            text=("Nothing was sent unasked so far. /announce tells all places of the club.",)
        )
    fields = tuple(Field(label, (str(counts.get(state, 0)),)) for state, label in _LABELS.items())
    found = ctx.uow.deliveries.listed(_OPEN, _SHOWN)
    body = [_block(ctx, one) for one in found] or [Block(("Everything that was due is sent.",))]
    left = sum(counts.get(state, 0) for state in _OPEN) - len(found)
    if left > 0:
        body.append(Block((f"And {left} more.",)))
    failed = counts.get(FAILED, 0) + counts.get(EXPIRED, 0)
    retry = (Action("Retry all that failed", "retry", ("failed",)),) if failed else ()
    return Reply(
        card=Card("Deliveries", fields, tuple(body)),
        actions=(*retry, Action("Look again", "deliveries")),
        again=ctx.again(),
        page=ctx.invocation.page,
    )


def _block(ctx: Context, one: Delivery) -> Block:
    """One delivery: what, where, what became of it, and a way to try again."""
    where = name_of(ctx, place_of(one))
    if one.is_private:
        # To whom it goes, and so who has not answered, is between them and the bot.
        where = f"somebody in private on {one.platform.capitalize()}"
    what = _NAMES.get(one.kind, one.kind.capitalize())
    about = f"{what} {one.subject} to {where}"
    spans: list[Span] = [Bold(_LABELS[one.state]), f": {about}, "]
    at = one.settled_at or one.due_at
    spans.append(When(at, WhenStyle.DATE_TIME))
    if one.error:
        spans.append(f" — {one.error}")
    if one.state == UNKNOWN:
        spans.append(". It may have arrived: look there before you send it again")
    text: Text = (*spans, ".")
    if one.state not in _AGAIN:
        return Block(text)
    return Block(text, (Action(f"Retry {one.id}", "retry", (str(one.id),)),))


@command(
    "retry",
    "Send again what failed",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def retry_deliveries(
    ctx: Context, which: Annotated[str, Arg("A number, or failed", max_length=20)]
) -> Reply:
    """One by its number, or all that failed; what is unknown only one by one."""
    if which == "failed":
        ids = [one.id for one in ctx.uow.deliveries.listed((FAILED, EXPIRED), 1_000)]
    else:
        ids = [int(which)] if which.isdecimal() and len(which) < 10 else []
    count = ctx.uow.deliveries.retry(ids, ctx.now)
    look = (Action("Look again", "deliveries"),)
    if not count:
        raise Conflict("There is nothing to send again here: it was sent meanwhile.", actions=look)
    what = "1 message is" if count == 1 else f"{count} messages are"
    return Reply(text=(f"{what} on the way again.",), actions=look)
