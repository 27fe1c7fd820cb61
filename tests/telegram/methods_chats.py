"""What the bot asks about chats and files, and how it leaves."""

from __future__ import annotations

from tests.telegram.calls import Call
from tests.telegram.places import Member, member_of
from tests.telegram.refusals import Json, bad_request, broken
from tests.telegram.world import World

DOWNLOAD = 20 * 1024 * 1024


def get_chat(world: World, call: Call) -> Json:
    chat = world.find_chat(call.get("chat_id"))
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    said = chat.payload() | {"accent_color_id": 0, "max_reaction_count": 11}
    said["accepted_gift_types"] = dict.fromkeys((*gifts, "gifts_from_channels"), True)
    if chat.pinned:
        said["pinned_message"] = chat.messages[chat.pinned[-1]].payload(is_whole=False)
    return said


def get_chat_member(world: World, call: Call) -> Json:
    chat = world.find_chat(call.get("chat_id"))
    user = world.users.get(call.get("user_id"))
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if chat.is_private and user not in (chat.user, world.bot):
        raise bad_request("member not found")
    found = member_of(chat, user)
    return (Member(user) if chat.is_private else found).payload()


def get_chat_administrators(world: World, call: Call) -> list[Json]:
    chat = world.find_chat(call.get("chat_id"))
    if chat.is_private:
        raise broken("there are no administrators in the private chat")
    # Telegram keeps other bots to itself.
    return [one.payload() for one in chat.members.values() if one.is_admin]


def get_chat_member_count(world: World, call: Call) -> int:
    chat = world.find_chat(call.get("chat_id"))
    return 2 if chat.is_private else sum(one.is_here for one in chat.members.values())


def leave_chat(world: World, call: Call) -> bool:
    chat = world.find_chat(call.get("chat_id"))
    if chat.is_private:
        raise broken("chat member status can't be changed in private chats")
    world.tell_membership(chat, world.bot, world.bot, Member(world.bot, "left"))
    return True


def get_file(world: World, call: Call) -> Json:
    file = world.files.get(call.get("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": file.path,
    }
