"""Which events a connection asked for, and whose messages it may read."""

from __future__ import annotations

from tests.discord.messages import Message
from tests.discord.places import User
from tests.discord.refusals import Json

GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, GUILD_REACTIONS, GUILD_TYPING = 1 << 9, 1 << 10, 1 << 11
DIRECT_MESSAGES, DIRECT_REACTIONS, MESSAGE_CONTENT = 1 << 12, 1 << 13, 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT


def may_read(message: Message, bot: User, intents: int) -> bool:
    """Whether the bot gets the content of a message.

    Without the intent it gets its own messages, direct messages, messages that mention it, and
    replies with a ping to a message of its own that was no answer to an interaction.
    """
    if intents & MESSAGE_CONTENT or message.author is bot or message.channel.guild is None:
        return True
    if bot not in message.mentions.users:
        return False
    target = message.reference
    if target is None or target.author is not bot:
        return True
    return target.interaction is None or f"<@{bot.id}>" in message.content


def readable(message: Message, bot: User, intents: int, *, is_event: bool = False) -> Json:
    """The message as the bot may see it, with the one that it answers."""
    payload = message.payload(bot, has_content=may_read(message, bot, intents), is_event=is_event)
    target = message.reference
    if target is not None:
        shown = None
        if not target.is_deleted:
            shown = target.payload(bot, has_content=may_read(target, bot, intents))
        payload["referenced_message"] = shown
    return payload
