"""/deliveries: what is to be sent, what was sent, what was not, and what nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.chat.commands import Access, Arg, Data, command
from bot.chat.errors import Conflict
from bot.chat.reply import Action, Block, Card, Field, Reply
from bot.chat.text import Bold, Span, Text, When, WhenStyle, counted
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
_AGAIN = (UNKNOWN, FAILED)
_MOST_AT_ONCE = 1_000


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
    again = {one.id for one in _of_use(ctx, found)}
    body = [_block(ctx, one, can_retry=one.id in again) for one in found] or [
        Block(("Everything that was due is sent.",))
    ]
    left = sum(counts.get(state, 0) for state in _OPEN) - len(found)
    if left > 0:
        body.append(Block((f"And {left} more.",)))
    failed = _of_use(ctx, ctx.uow.deliveries.listed((FAILED,), _MOST_AT_ONCE))
    retry = (Action("Retry all that failed", "retry", ("failed",)),) if failed else ()
    return Reply(
        card=Card("Deliveries", fields, tuple(body)),
        actions=(*retry, Action("Look again", "deliveries")),
        again=ctx.again(),
        page=ctx.invocation.page,
    )


def _of_use(ctx: Context, found: Sequence[Delivery]) -> list[Delivery]:
    """What failed or is unknown and would still be news to whom it is for."""
    open_ones = [
        one
        for one in found
        if one.state in _AGAIN and (one.expires_at is None or one.expires_at > ctx.now)
    ]
    elsewhere = ctx.uow.deliveries.said_elsewhere(open_ones)
    return [one for one in open_ones if one.id not in elsewhere]


def _block(ctx: Context, one: Delivery, *, can_retry: bool) -> Block:
    """One delivery: what, where, what became of it, and a way to try again."""
    where = name_of(ctx, place_of(one))
    if one.is_private:
        # To whom it goes, and so who has not answered, is between them and the bot.
        where = f"somebody in private on {one.platform.capitalize()}"
    what = _NAMES.get(one.kind, one.kind.capitalize())
    about = f"{what} {one.subject} to {where}"
    spans: list[Span] = [f"{one.id}. ", Bold(_LABELS[one.state]), f": {about}, "]
    at = one.settled_at or one.due_at
    spans.append(When(at, WhenStyle.DATE_TIME))
    if one.error:
        spans.append(f" — {one.error}")
    if one.state == UNKNOWN:
        spans.append(". It may have arrived: look there before you send it again")
    text: Text = (*spans, ".")
    if not can_retry:
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
    """One by its number, or all that failed; what is unknown only one by one.

    What nobody would want any more, and what was said in a place instead, is left as it is.
    """
    if which == "failed":
        found = ctx.uow.deliveries.listed((FAILED,), _MOST_AT_ONCE)
    else:
        number = int(which) if which.isdecimal() and len(which) < 10 else 0
        found = [one for one in (ctx.uow.deliveries.by_id(number),) if one is not None]
    ids = [one.id for one in _of_use(ctx, found)]
    count = ctx.uow.deliveries.retry(ids, ctx.now)
    look = (Action("Look again", "deliveries"),)
    if not count:
        raise Conflict(
            "There is nothing to send again here: it was sent or said elsewhere meanwhile, or it "
            "is too late for it.",
            actions=look,
        )
    what = counted(count, "message is", "messages are")
    left = len(found) - count
    more = counted(left, "more is", "more are")
    rest = f" {more} too late, or was said in the place already." if left else ""
    return Reply(text=(f"{what} on the way again.{rest}",), actions=look)
