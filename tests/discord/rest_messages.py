"""Messages in channels: read, post, change, delete."""

from __future__ import annotations

from tests.discord.access import reach_channel, reach_message
from tests.discord.calls import Call
from tests.discord.messages import REPLY, Message
from tests.discord.permissions import Permission
from tests.discord.places import Channel, ChannelKind
from tests.discord.posting import delete, edit, post
from tests.discord.refusals import (
    Json,
    Problem,
    Refusal,
    bad_form,
    dms_closed,
    no_permission,
    not_the_author,
    unknown,
)
from tests.discord.world import World

NONCE_LIVES_FOR = 5 * 60.0


def history(world: World, call: Call) -> list[Json]:
    """Newest first, before, after or around a message; nothing without the permission."""
    channel = reach_channel(world, call)
    if not channel.permissions_of(world.bot) & Permission.READ_MESSAGE_HISTORY:
        return []
    limit = call.number("limit", 50)
    if not 1 <= limit <= 100:
        raise bad_form([Problem(("limit",), "NUMBER_TYPE_MAX", "Must be between 1 and 100.")])
    found = [message for message in channel.messages.values() if message.viewer is None]
    found.sort(key=lambda message: message.id)
    if "after" in call.query:
        found = [one for one in found if one.id > call.number("after", 0)][:limit]
    elif "before" in call.query:
        found = [one for one in found if one.id < call.number("before", 0)][-limit:]
    elif "around" in call.query:
        middle = call.number("around", 0)
        near = sorted(found, key=lambda message: abs(message.id - middle))[:limit]
        found = sorted(near, key=lambda message: message.id)
    else:
        found = found[-limit:]
    return [world.show(message) for message in reversed(found)]


def one_message(world: World, call: Call) -> Json:
    return world.show(reach_message(world, call, Permission.READ_MESSAGE_HISTORY))


def create_message(world: World, call: Call) -> Json:
    channel = reach_channel(world, call)
    _require_posting(world, channel, call)
    body: Json = call.body or {}
    nonce = body.get("nonce")
    if nonce is not None and body.get("enforce_nonce"):
        before = world.nonces.get((channel.id, str(nonce)))
        if before is not None and world.clock.now() - before[0] < NONCE_LIVES_FOR:
            if before[1].is_deleted:
                raise unknown("Message")
            return world.show(before[1])
    reference = _reference(world, channel, body.get("message_reference"))
    kind = REPLY if reference is not None else 0
    message = post(world, channel, world.bot, body, call.files, reference=reference, kind=kind)
    if nonce is not None:
        world.nonces[channel.id, str(nonce)] = (world.clock.now(), message)
    return world.show(message)


def edit_message(world: World, call: Call) -> Json:
    message = reach_message(world, call)
    if message.author is not world.bot:
        raise not_the_author()
    edit(world, message, call.body or {}, call.files)
    return world.show(message)


def delete_message(world: World, call: Call) -> None:
    message = reach_message(world, call)
    may = message.channel.permissions_of(world.bot) & Permission.MANAGE_MESSAGES
    if message.author is not world.bot and not may:
        raise no_permission()
    delete(world, message)


def bulk_delete(world: World, call: Call) -> None:
    channel = reach_channel(world, call, Permission.MANAGE_MESSAGES)
    for key in (call.body or {}).get("messages", []):
        if int(key) in channel.messages:
            delete(world, channel.messages[int(key)])


def typing(world: World, call: Call) -> None:
    reach_channel(world, call, Permission.SEND_MESSAGES)


def _require_posting(world: World, channel: Channel, call: Call) -> None:
    if channel.kind in (ChannelKind.CATEGORY, ChannelKind.FORUM):
        raise Refusal(400, 50008, "Cannot send messages in a non-text channel", is_violation=True)
    if channel.recipient is not None and channel.recipient.has_dms_closed:
        raise dms_closed()
    body: Json = call.body or {}
    in_thread = Permission.SEND_MESSAGES_IN_THREADS
    needs = in_thread if channel.is_thread else Permission.SEND_MESSAGES
    if body.get("embeds"):
        needs |= Permission.EMBED_LINKS
    if call.files:
        needs |= Permission.ATTACH_FILES
    if needs & ~channel.permissions_of(world.bot):
        raise no_permission()


def _reference(world: World, channel: Channel, reference: Json | None) -> Message | None:
    """The message that is answered; None where there is none or it is gone and that may be."""
    if reference is None:
        return None
    if not channel.permissions_of(world.bot) & Permission.READ_MESSAGE_HISTORY:
        message = "Cannot reply without permission to read message history"
        raise Refusal(400, 160002, message)
    found = channel.messages.get(int(reference["message_id"]))
    if found is None or found.viewer is not None:
        if reference.get("fail_if_not_exists", True):
            problem = Problem(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            raise Refusal(400, 50035, "Invalid Form Body", [problem])
        return None
    return found


_MESSAGES = "/channels/{channel_id}/messages"
ROUTES = {
    f"GET {_MESSAGES}": history,
    f"POST {_MESSAGES}": create_message,
    f"POST {_MESSAGES}/bulk-delete": bulk_delete,
    f"GET {_MESSAGES}/{{message_id}}": one_message,
    f"PATCH {_MESSAGES}/{{message_id}}": edit_message,
    f"DELETE {_MESSAGES}/{{message_id}}": delete_message,
    "POST /channels/{channel_id}/typing": typing,
}
