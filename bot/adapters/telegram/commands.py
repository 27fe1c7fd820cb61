"""The table of commands -> what is registered with Telegram, for each kind of chat."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from bot.adapters.telegram import limits
from bot.adapters.telegram.incoming import CANCEL
from bot.chat.commands import Access, Command

Payload: TypeAlias = dict[str, object]

_MEMBERS = 7
_CANCEL = (CANCEL, "Stop what I am asking you")


def registrations(table: Sequence[Command]) -> list[Payload]:
    """What setMyCommands is called with: a menu for private chats, for groups, for their admins.

    Members see seven commands, those that a new one needs first; whoever manages a group sees what
    organisers do as well. There is one language, so it stands for all.
    """
    visible = [one for one in table if not one.is_hidden]
    ordered = sorted(visible, key=lambda one: not one.is_first)
    members = [one for one in ordered if one.access <= Access.MEMBER]
    others = [one for one in ordered if one.access > Access.MEMBER]
    chosen = [(one.name, one.summary) for one in members[: _MEMBERS - 1]]
    menus = (
        ("all_private_chats", [*chosen, _CANCEL]),
        ("all_group_chats", [*chosen, _CANCEL]),
        ("all_chat_administrators", [*chosen, *_named(others), _CANCEL]),
    )
    return [
        {"scope": {"type": scope}, "commands": [_entry(*one) for one in menu[: limits.COMMANDS]]}
        for scope, menu in menus
    ]


def fingerprint(payloads: Sequence[Payload]) -> str:
    """The same for the same menus."""
    return hashlib.sha256(json.dumps(payloads, sort_keys=True).encode()).hexdigest()


def _named(commands: Iterable[Command]) -> list[tuple[str, str]]:
    return [(one.name, one.summary) for one in commands]


def _entry(name: str, summary: str) -> Payload:
    return {
        "command": name.replace("-", "_"),
        "description": limits.clip(summary, limits.COMMAND_TEXT),
    }
