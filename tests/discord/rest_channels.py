"""Channels, threads and direct messages."""

from __future__ import annotations

from tests.discord.access import reach_channel, reach_message
from tests.discord.calls import Call
from tests.discord.intents import GUILDS
from tests.discord.messages import THREAD_CREATED, Message
from tests.discord.permissions import Permission
from tests.discord.places import Channel, ChannelKind, User
from tests.discord.posting import delete
from tests.discord.refusals import Json, Problem, Refusal, bad_form, unknown
from tests.discord.world import World


def channel(world: World, call: Call) -> Json:
    return reach_channel(world, call).payload()


def open_dm(world: World, call: Call) -> Json:
    user = world.users.get(int((call.body or {}).get("recipient_id") or 0))
    if user is None or user is world.bot:
        raise bad_form([Problem(("recipient_id",), "USER_INVALID", "Invalid recipient")])
    return world.dm_with(user).payload()


def open_thread(
    world: World, parent: Channel, owner: User, name: str, message: Message | None = None
) -> Channel:
    """A thread in a channel; one that grows from a message has that message's id."""
    key = message.id if message is not None else world.ids.next()
    thread = Channel(key, name, ChannelKind.PUBLIC_THREAD, parent.guild, parent, owner=owner)
    thread.thread_members.add(owner.id)
    world.add_channel(thread)
    if message is not None:
        message.thread = thread
    world.tell("THREAD_CREATE", thread.payload() | {"newly_created": True}, parent.guild, GUILDS)
    return thread


def create_thread(world: World, call: Call) -> tuple[int, Json]:
    parent = reach_channel(world, call, Permission.CREATE_PUBLIC_THREADS)
    if (call.body or {}).get("type", 12) != ChannelKind.PUBLIC_THREAD:
        raise Refusal(400, 50024, "Cannot execute action on this channel type", is_violation=True)
    thread = open_thread(world, parent, world.bot, _thread_name(call))
    notice = Message(world.ids.next(), parent, world.bot, world.clock.now(), kind=THREAD_CREATED)
    notice.content = thread.name
    parent.messages[notice.id] = notice
    return 201, thread.payload()


def create_thread_from_message(world: World, call: Call) -> tuple[int, Json]:
    message = reach_message(world, call, Permission.CREATE_PUBLIC_THREADS)
    if message.channel.guild is None or message.channel.is_thread:
        raise Refusal(400, 50024, "Cannot execute action on this channel type", is_violation=True)
    if message.thread is not None:
        raise Refusal(400, 160004, "A thread has already been created for this message")
    name = _thread_name(call)
    return 201, open_thread(world, message.channel, world.bot, name, message).payload()


def join_thread(world: World, call: Call) -> None:
    reach_channel(world, call).thread_members.add(world.bot.id)


def delete_channel(world: World, call: Call) -> Json:
    gone = reach_channel(world, call)
    if gone.guild is None:
        return gone.payload()
    needs = Permission.MANAGE_THREADS if gone.is_thread else Permission.MANAGE_CHANNELS
    reach_channel(world, call, needs)
    remove_channel(world, gone)
    return gone.payload()


def remove_channel(world: World, gone: Channel) -> None:
    assert gone.guild is not None
    for message in list(gone.messages.values()):
        delete(world, message)
    del world.channels[gone.id]
    del gone.guild.channels[gone.id]
    event = "THREAD_DELETE" if gone.is_thread else "CHANNEL_DELETE"
    world.tell(event, gone.payload(), gone.guild, GUILDS)


def thread_member(world: World, call: Call) -> Json:
    thread = reach_channel(world, call)
    user = call.id("user_id")
    if user not in thread.thread_members:
        raise unknown("Member")
    joined = "2024-01-01T00:00:00+00:00"
    return {"id": str(thread.id), "user_id": str(user), "join_timestamp": joined, "flags": 0}


def _thread_name(call: Call) -> str:
    name = str((call.body or {}).get("name") or "").strip()
    if not 1 <= len(name) <= 100:
        raise bad_form([Problem(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100.")])
    return name


ROUTES = {
    "POST /users/@me/channels": open_dm,
    "GET /channels/{channel_id}": channel,
    "DELETE /channels/{channel_id}": delete_channel,
    "POST /channels/{channel_id}/threads": create_thread,
    "POST /channels/{channel_id}/messages/{message_id}/threads": create_thread_from_message,
    "PUT /channels/{channel_id}/thread-members/@me": join_thread,
    "GET /channels/{channel_id}/thread-members/{user_id}": thread_member,
}
