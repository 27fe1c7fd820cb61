"""Reactions and pins."""

from __future__ import annotations

from tests.discord.access import reach_channel, reach_message
from tests.discord.calls import Call
from tests.discord.clock import iso
from tests.discord.intents import DIRECT_REACTIONS, GUILD_REACTIONS, GUILDS
from tests.discord.messages import Message
from tests.discord.permissions import Permission
from tests.discord.places import User
from tests.discord.refusals import Json, Refusal, unknown
from tests.discord.world import World

MOST_PINS = 250


def react(world: World, message: Message, user: User, emoji: str, *, is_on: bool) -> None:
    """A person, or the bot, sets or takes away a reaction."""
    who = message.reactions.setdefault(emoji, set())
    if is_on:
        who.add(user)
    else:
        who.discard(user)
        if not who:
            del message.reactions[emoji]
    guild = message.channel.guild
    payload: Json = {
        "user_id": str(user.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "message_author_id": str(message.author.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if guild is not None:
        payload["guild_id"] = str(guild.id)
        if is_on:
            payload["member"] = guild.members[user.id].payload()
    event = "MESSAGE_REACTION_ADD" if is_on else "MESSAGE_REACTION_REMOVE"
    world.tell(event, payload, guild, GUILD_REACTIONS if guild else DIRECT_REACTIONS)


def add_reaction(world: World, call: Call) -> None:
    needs = Permission.READ_MESSAGE_HISTORY | Permission.ADD_REACTIONS
    message = reach_message(world, call, needs)
    emoji = call.params["emoji_name"]
    if not emoji or emoji.isascii():
        raise unknown("Emoji")
    react(world, message, world.bot, emoji, is_on=True)


def remove_own_reaction(world: World, call: Call) -> None:
    _remove(world, reach_message(world, call), world.bot, call.params["emoji_name"])


def remove_reaction(world: World, call: Call) -> None:
    message = reach_message(world, call, Permission.MANAGE_MESSAGES)
    user = world.users.get(call.id("user_id"))
    if user is None:
        raise unknown("User")
    _remove(world, message, user, call.params["emoji_name"])


def reactions(world: World, call: Call) -> list[Json]:
    message = reach_message(world, call)
    who = message.reactions.get(call.params["emoji_name"], set())
    return [user.payload() for user in sorted(who, key=lambda user: user.id)]


def _remove(world: World, message: Message, user: User, emoji: str) -> None:
    if user in message.reactions.get(emoji, set()):
        react(world, message, user, emoji, is_on=False)


def pin(world: World, call: Call) -> None:
    message = reach_message(world, call, Permission.PIN_MESSAGES)
    pinned = [one for one in message.channel.messages.values() if one.is_pinned]
    if len(pinned) >= MOST_PINS and not message.is_pinned:
        raise Refusal(400, 30003, "Maximum number of pins reached for the channel")
    _pin(world, message, is_pinned=True)


def unpin(world: World, call: Call) -> None:
    _pin(world, reach_message(world, call, Permission.PIN_MESSAGES), is_pinned=False)


def _pin(world: World, message: Message, *, is_pinned: bool) -> None:
    message.is_pinned = is_pinned
    guild = message.channel.guild
    payload: Json = {"channel_id": str(message.channel.id), "last_pin_timestamp": None}
    if guild is not None:
        payload["guild_id"] = str(guild.id)
    world.tell("CHANNEL_PINS_UPDATE", payload, guild, GUILDS)


def pins(world: World, call: Call) -> Json:
    channel = reach_channel(world, call, Permission.READ_MESSAGE_HISTORY)
    found = [message for message in channel.messages.values() if message.is_pinned]
    items = [
        {"pinned_at": iso(message.created_at), "message": world.show(message)}
        for message in reversed(found)
    ]
    return {"items": items, "has_more": False}


_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
_REACTION = _MESSAGE + "/reactions/{emoji_name}"
_PINS = "/channels/{channel_id}/messages/pins"
ROUTES = {
    f"PUT {_REACTION}/@me": add_reaction,
    f"DELETE {_REACTION}/@me": remove_own_reaction,
    f"DELETE {_REACTION}/{{user_id}}": remove_reaction,
    f"GET {_REACTION}": reactions,
    f"GET {_PINS}": pins,
    f"PUT {_PINS}/{{message_id}}": pin,
    f"DELETE {_PINS}/{{message_id}}": unpin,
    "PUT /channels/{channel_id}/pins/{message_id}": pin,
    "DELETE /channels/{channel_id}/pins/{message_id}": unpin,
}
