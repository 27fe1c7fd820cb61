"""What is said without a command. Most of it is talk, and talk is left alone."""

from __future__ import annotations

from bot.chat.commands import Data, command
from bot.chat.reply import Reply
from bot.core.context import Context
from bot.core.help import show_club


@command("message", "What is said without a command", data=Data.READ, hidden=True)
def hear_message(ctx: Context) -> Reply:
    """Whoever writes to the bot in private sees what to press; an empty reply is no answer."""
    if not ctx.invocation.place.is_private:
        return Reply()
    return show_club.handler(ctx)
