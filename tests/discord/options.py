"""What a person types into a slash command, checked and put as Discord would send it."""

from __future__ import annotations

from typing import TypeAlias

from tests.discord.messages import File
from tests.discord.places import Channel, Role, User
from tests.discord.refusals import Json

Value: TypeAlias = str | int | float | bool | User | Role | Channel | File
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(3, 12)
_TAKES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (User,),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (User, Role),
    NUMBER: (int, float),
    FILE: (File,),
}


class CannotType(AssertionError):
    """Discord's client would not let the person send this."""


def command_data(
    command: Json,
    values: dict[str, Value],
    channel: Channel,
    person: User,
    focused: str | None = None,
) -> Json:
    """The ``data`` of a command, or of its completion where an option is focused."""
    known = {option["name"]: option for option in command.get("options") or []}
    for name in values:
        if name not in known:
            raise CannotType(f"/{command['name']} has no option {name!r}, only {list(known)}")
    for name, option in known.items():
        if option.get("required") and name not in values and focused is None:
            raise CannotType(f"/{command['name']} needs {name!r}")
    resolved: Json = {}
    options = []
    for name in known:
        if name in values:
            is_focused = name == focused
            value = _value(known[name], values[name], channel, person, resolved, is_focused)
            one = {"name": name, "type": known[name]["type"], "value": value}
            options.append(one | ({"focused": True} if is_focused else {}))
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    data["options"] = options
    if resolved:
        data["resolved"] = resolved
    if command.get("guild_id"):
        data["guild_id"] = command["guild_id"]
    return data


def _value(
    option: Json, value: Value, channel: Channel, person: User, resolved: Json, is_focused: bool
) -> object:
    kind = option["type"]
    if is_focused:
        return str(value)
    if not isinstance(value, _TAKES[kind]) or isinstance(value, bool) != (kind == BOOLEAN):
        raise CannotType(f"{option['name']!r} does not take {value!r}")
    if isinstance(value, (User, Role, Channel, File)):
        resolve(value, channel, person, resolved)
        return str(value.id)
    choices = {choice["name"]: choice["value"] for choice in option.get("choices") or []}
    if choices and value not in choices and value not in choices.values():
        raise CannotType(f"{option['name']!r} is one of {list(choices)}, not {value!r}")
    _within(option, value)
    return choices.get(str(value), value)


def _within(option: Json, value: str | float) -> None:
    size = len(value) if isinstance(value, str) else value
    suffix = "length" if isinstance(value, str) else "value"
    least, most = option.get(f"min_{suffix}"), option.get(f"max_{suffix}")
    if isinstance(value, str):
        most = 6000 if most is None else most
    if (least is not None and size < least) or (most is not None and size > most):
        raise CannotType(f"{option['name']!r} takes {least} to {most}, not {size}")


def resolve(
    value: User | Role | Channel | File, channel: Channel, person: User, resolved: Json
) -> None:
    """Adds what Discord tells of a thing that is named by its id."""
    key = str(value.id)
    if isinstance(value, User):
        resolved.setdefault("users", {})[key] = value.payload()
        member = channel.guild.members.get(value.id) if channel.guild else None
        if member is not None:
            shown = member.payload(in_channel=channel, with_user=False)
            resolved.setdefault("members", {})[key] = shown
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[key] = value.payload()
    elif isinstance(value, File):
        resolved.setdefault("attachments", {})[key] = value.payload()
    else:
        shown = value.payload() | {"permissions": str(int(value.permissions_of(person)))}
        resolved.setdefault("channels", {})[key] = shown
