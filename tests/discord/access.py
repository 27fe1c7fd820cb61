"""What the bot may reach, or the refusal that Discord answers."""

from __future__ import annotations

from tests.discord.calls import Call
from tests.discord.messages import Message
from tests.discord.permissions import Permission
from tests.discord.places import Channel
from tests.discord.refusals import no_access, no_permission, unknown
from tests.discord.world import World


def reach_channel(world: World, call: Call, needs: int = 0) -> Channel:
    """The channel of a request, if the bot sees it and has all permissions in ``needs``."""
    channel = world.find_channel(call.id("channel_id"))
    held = channel.permissions_of(world.bot)
    if not held & Permission.VIEW_CHANNEL:
        raise no_access()
    if needs & ~held:
        raise no_permission()
    return channel


def reach_message(world: World, call: Call, needs: int = 0) -> Message:
    """A message of the channel; an ephemeral one is out of reach by this path."""
    channel = reach_channel(world, call, needs)
    message = channel.messages.get(call.id("message_id"))
    if message is None or message.viewer is not None:
        raise unknown("Message")
    return message
