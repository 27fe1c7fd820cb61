"""Who and what can be reached: people who block the bot, places that move or put it out.

Each of these is an event of a platform, and each may be told more than once.
"""

from __future__ import annotations

from typing import Annotated

from bot.chat.commands import Arg, Command, Data, command
from bot.chat.invocation import Event, PlaceRef
from bot.chat.reply import Reply
from bot.core.context import Context
from bot.core.founding import home_of


@command(
    Event.PLACE_MOVED,
    "A group has another id now",
    data=Data.WRITE,
    hidden=True,
    clubless=True,
)
def move_place(ctx: Context, to: Annotated[PlaceRef, Arg("Where it is now")]) -> Reply:
    """Everything that belongs to the place goes with it."""
    place = ctx.invocation.place
    ctx.uow.reach.move(place.platform, place.chat_id, to.chat_id)
    return Reply()


def _marks(event: Event, summary: str, *, is_gone: bool, is_place: bool) -> Command:
    @command(event, summary, data=Data.WRITE, hidden=True, clubless=True)
    def mark(ctx: Context) -> Reply:
        call = ctx.invocation
        at = ctx.now if is_gone else None
        if is_place:
            home = home_of(call.place)
            ctx.uow.reach.set_place(home.platform, home.chat_id, at)
        else:
            ctx.uow.reach.set_person(call.actor.platform, call.actor.account_id, at)
        return Reply()

    return mark


lose_person = _marks(
    Event.BOT_BLOCKED, "Somebody wants no more messages", is_gone=True, is_place=False
)
regain_person = _marks(
    Event.BOT_UNBLOCKED, "Somebody takes messages again", is_gone=False, is_place=False
)
lose_place = _marks(Event.BOT_REMOVED, "The bot was put out", is_gone=True, is_place=True)
regain_place = _marks(Event.BOT_ADDED, "The bot was let in", is_gone=False, is_place=True)
