"""The commands that the bot registers, by scope and language, and those that a client offers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tests.telegram.calls import Call
from tests.telegram.html import units
from tests.telegram.places import Chat, User, member_of
from tests.telegram.refusals import Json, broken
from tests.telegram.world import World

COMMANDS = 100
Menu = dict[str, str]  # Descriptions by command.
_NAME = re.compile(r"[a-z0-9_]{1,32}")


def key_of(world: World, call: Call) -> tuple[str, str]:
    scope: Json = call.get("scope") or {"type": "default"}
    if "chat_id" in scope:
        world.find_chat(scope["chat_id"])
    language = call.get("language_code") or ""
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise broken("invalid language code specified")
    return _scope(**scope), language


def set_commands(world: World, call: Call) -> bool:
    key = key_of(world, call)
    commands: list[Json] = call.get("commands")
    if len(commands) > COMMANDS:
        raise broken("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _NAME.fullmatch(command["command"].removeprefix("/")):
            raise broken("BOT_COMMAND_INVALID")
        if not 1 <= units(command["description"].strip()) <= 256:
            raise broken("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[key] = commands
    return True


def get_commands(world: World, call: Call) -> list[Json]:
    return world.commands.get(key_of(world, call), [])


def delete_commands(world: World, call: Call) -> bool:
    world.commands.pop(key_of(world, call), None)
    return True


def menu_of(world: World, user: User, chat: Chat) -> Menu:
    """The first list that is set, from the narrowest scope to the widest, in one's language."""
    for scope in _scopes(user, chat):
        for language in (user.language_code or "", ""):
            commands = world.commands.get((scope, language[:2]))
            if commands:
                return {one["command"]: one["description"] for one in commands}
    return {}


def _scopes(user: User, chat: Chat) -> Iterator[str]:
    if chat.is_private:
        yield _scope("chat", chat_id=chat.id)
        yield _scope("all_private_chats")
    else:
        is_admin = member_of(chat, user).is_admin
        yield _scope("chat_member", chat_id=chat.id, user_id=user.id)
        if is_admin:
            yield _scope("chat_administrators", chat_id=chat.id)
        yield _scope("chat", chat_id=chat.id)
        if is_admin:
            yield _scope("all_chat_administrators")
        yield _scope("all_group_chats")
    yield _scope("default")


def _scope(type: str, **more: int) -> str:  # noqa: A002 - Telegram's own name.
    return json.dumps({"type": type} | more, sort_keys=True)
