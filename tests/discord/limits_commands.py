"""The documented limits of application commands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.discord.refusals import Json, Path, Problem, missing, too_long

CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
# Of each kind, for one application in one place.
MOST = {CHAT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
MOST_CHARACTERS = 8000
_NAME = re.compile(r"[-_'\w]{1,32}")
_STRING = 3
_WITH_CHOICES = frozenset({_STRING, 4, 10})


def commands_problems(commands: list[Json]) -> Iterator[Problem]:
    """Problems of all commands of one place, as a bulk overwrite sends them."""
    kinds = Counter(command.get("type") or CHAT for command in commands)
    for kind, most in MOST.items():
        if kinds[kind] > most:
            yield Problem((), "APPLICATION_COMMANDS_LIMIT", f"At most {most} of type {kind}.")
    seen = set()
    for index, command in enumerate(commands):
        key = (command.get("type") or CHAT, command.get("name"))
        if key in seen:
            yield Problem(
                (index, "name"),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            )
        seen.add(key)
        yield from command_problems(command, (index,))


def command_problems(command: Json, path: Path = ()) -> Iterator[Problem]:
    kind = command.get("type") or CHAT
    name = str(command.get("name") or "")
    if kind == CHAT:
        yield from _name(name, (*path, "name"))
        yield from _description(command, path)
        yield from _options(command.get("options") or [], (*path, "options"))
    else:
        if not 1 <= len(name) <= 32:
            yield Problem((*path, "name"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32.")
        if command.get("description") or command.get("options"):
            yield Problem(path, "BASE_TYPE_INVALID", "A menu has no description and no options.")
    if characters(command) > MOST_CHARACTERS:
        yield Problem(
            path,
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size ({MOST_CHARACTERS})",
        )


def characters(command: Json) -> int:
    """What counts towards the size of a command: names, descriptions, values, translations."""
    total = 0
    for name in ("name", "description"):
        total += len(str(command.get(name) or ""))
        total += sum(len(text) for text in (command.get(f"{name}_localizations") or {}).values())
    value = command.get("value")
    total += len(value) if isinstance(value, str) else 0
    for inner in ("options", "choices"):
        total += sum(characters(one) for one in command.get(inner) or [])
    return total


def _name(name: str, path: Path) -> Iterator[Problem]:
    if not _NAME.fullmatch(name) or name != name.lower():
        yield Problem(
            path,
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid: 1 to 32 lower-case letters, digits, '-' or '_'",
        )


def _description(thing: Json, path: Path) -> Iterator[Problem]:
    text = str(thing.get("description") or "")
    if not text.strip():
        yield missing((*path, "description"))
    elif len(text) > 100:
        yield too_long((*path, "description"), 100)


def _options(options: list[Json], path: Path) -> Iterator[Problem]:
    if len(options) > 25:
        yield too_long(path, 25)
    seen = set()
    had_optional = False
    for index, option in enumerate(options):
        here = (*path, index)
        yield from _name(str(option.get("name") or ""), (*here, "name"))
        yield from _description(option, here)
        if option.get("name") in seen:
            yield Problem(
                (*here, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED",
                "Option name is already used",
            )
        seen.add(option.get("name"))
        if option.get("required") and had_optional:
            yield Problem(
                here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        had_optional |= not option.get("required")
        yield from _choices(option, here)
        if option.get("type") in (1, 2):
            yield from _options(option.get("options") or [], (*here, "options"))


def _choices(option: Json, path: Path) -> Iterator[Problem]:
    choices = option.get("choices") or []
    if option.get("autocomplete") and (choices or option.get("type") not in _WITH_CHOICES):
        yield Problem(
            (*path, "autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
            "Autocomplete takes a text or a number, and no choices beside it",
        )
    if len(choices) > 25:
        yield too_long((*path, "choices"), 25)
    seen = set()
    for index, choice in enumerate(choices):
        here = (*path, "choices", index)
        name, value = str(choice.get("name") or ""), choice.get("value")
        if not 1 <= len(name) <= 100:
            yield Problem((*here, "name"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100.")
        if isinstance(value, str) and not 1 <= len(value) <= 100:
            yield Problem((*here, "value"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100.")
        if isinstance(value, str) != (option.get("type") == _STRING):
            yield Problem((*here, "value"), "BASE_TYPE_INVALID", "Is not of the option's type.")
        if name in seen:
            yield Problem(
                (*here, "name"),
                "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE",
                "Choice name is already used",
            )
        seen.add(name)
