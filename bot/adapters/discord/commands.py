"""The table of commands -> what is registered with Discord."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TypeAlias

from bot.adapters.discord import limits
from bot.chat.commands import Access, Command, Kind, Parameter

Payload: TypeAlias = dict[str, object]

_SLASH, _MESSAGE_MENU = 1, 3
_SERVER, _DIRECT = 0, 1
_STRING, _INTEGER, _USER, _CHANNEL, _ROLE, _FILE = 3, 4, 6, 7, 8, 11
_TYPES = {
    Kind.INTEGER: _INTEGER,
    Kind.PERSON: _USER,
    Kind.PLACE: _CHANNEL,
    Kind.ROLE: _ROLE,
    Kind.FILE: _FILE,
}
# Nobody can type these into a form, so where they are needed they are needed at once.
_PICKED = frozenset({Kind.PERSON, Kind.PLACE, Kind.ROLE})
_TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
# Text channels, announcements and the threads of both: no voice channels, no categories.
_WHERE_ONE_WRITES = (0, 5, 10, 11, 12)
_MANAGE_GUILD = 0x20


def registration(table: Sequence[Command]) -> list[Payload]:
    """Every command that a person can see, and the entries of a message's menu.

    Raises ValueError for a table that Discord would refuse, with what is too long or too many.
    """
    for command in table:
        # What a form leaves out nobody would be asked for.
        asked = [one for one in command.parameters if not _is_picked_at_once(one)]
        if any(one.is_required for one in command.parameters):
            _at_most(limits.MODAL_FIELDS, len(asked), f"fields of a form, as /{command.name} has")
    seen = [_slash(command) for command in table if not command.is_hidden]
    menus = [_menu(command) for command in table if command.on_message]
    _at_most(limits.SLASH_COMMANDS, len(seen), "slash commands")
    _at_most(limits.MENU_COMMANDS, len(menus), "entries of a message's menu")
    return [*seen, *menus]


def fingerprint(payload: Sequence[Payload]) -> str:
    """The same for the same registration, whatever its order."""
    lines = sorted(json.dumps(one, sort_keys=True) for one in payload)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _slash(command: Command) -> Payload:
    _at_most(limits.NAME, len(command.name), f"characters of the name /{command.name}")
    made = _common(command, _SLASH, command.name)
    made["description"] = command.summary
    # A form asks better for a long text than an option of one line does, and so for all the rest.
    has_form = any(one.kind is Kind.LONG_TEXT for one in command.parameters)
    options = [_option(command, one, has_form) for one in command.parameters]
    _at_most(limits.OPTIONS, len(options), f"options of /{command.name}")
    # Discord wants the options that are needed first.
    made["options"] = sorted(options, key=lambda one: not one["required"])
    _at_most(limits.COMMAND_TEXT, _text_size(made), f"characters of /{command.name} in all")
    return made


def _is_picked_at_once(parameter: Parameter) -> bool:
    return parameter.is_required and parameter.kind in _PICKED


def _menu(command: Command) -> Payload:
    label = command.on_message or ""
    _at_most(limits.NAME, limits.size(label), f"characters of the menu entry {label!r}")
    return _common(command, _MESSAGE_MENU, label)


def _common(command: Command, kind: int, name: str) -> Payload:
    """What slash commands and menu entries share; access is checked again at the door."""
    is_managing = command.access is Access.MANAGER
    return {
        "type": kind,
        "name": name,
        "contexts": [_SERVER] if is_managing else [_SERVER, _DIRECT],
        "integration_types": [0],
        "default_member_permissions": _MANAGE_GUILD if is_managing else None,
    }


def _option(command: Command, parameter: Parameter, has_form: bool) -> Payload:
    where = f"/{command.name}: {parameter.name}"
    if not parameter.arg.help:
        raise ValueError(f"{where} says nothing of what it is")
    _at_most(limits.NAME, len(parameter.name), f"characters of the name of {where}")
    _at_most(limits.DESCRIPTION_TEXT, limits.size(parameter.arg.help), f"characters of {where}")
    made: Payload = {
        "type": _TYPES.get(parameter.kind, _STRING),
        "name": parameter.name,
        "description": parameter.arg.help,
        "required": _is_picked_at_once(parameter) or (parameter.is_required and not has_form),
    }
    if made["type"] == _CHANNEL:
        made["channel_types"] = list(_WHERE_ONE_WRITES)
    if made["type"] != _STRING:
        return made
    if parameter.choices and len(parameter.choices) <= limits.CHOICES:
        if len({one.label for one in parameter.choices}) < len(parameter.choices):
            raise ValueError(f"{where} offers one choice twice")
        made["choices"] = [{"name": one.label, "value": one.value} for one in parameter.choices]
        for one in parameter.choices:
            longest = max(limits.size(one.label), limits.size(one.value))
            _at_most(limits.CHOICE_TEXT, longest, f"characters of a choice of {where}")
        return made
    if parameter.choices or parameter.arg.complete or parameter.kind is Kind.PAPER:
        made["autocomplete"] = True
    if parameter.kind in _TEXTS:
        made["max_length"] = max(1, min(parameter.arg.max_length, limits.OPTION_LENGTH))
    return made


def _text_size(value: object) -> int:
    """The characters that count towards a command's total: names, descriptions and values."""
    if isinstance(value, dict):
        counted = (value[key] for key in ("name", "description", "value") if key in value)
        nested = (value[key] for key in ("options", "choices") if key in value)
        texts = sum(limits.size(one) for one in counted if isinstance(one, str))
        return texts + sum(_text_size(one) for one in nested)
    return sum(_text_size(one) for one in value) if isinstance(value, list) else 0


def _at_most(most: int, count: int, what: str) -> None:
    if count > most:
        raise ValueError(f"Discord takes at most {most:,} {what}; these are {count:,}")
