"""An interaction as Discord sends it -> an Invocation. Pure: what has to be fetched is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, TypeAlias

from bot.adapters.discord.buttons import SHARE, code_in
from bot.chat.actions import decode
from bot.chat.commands import Command, Kind
from bot.chat.invocation import Actor, Invocation, MessageRef, Origin, PlaceRef, Value
from bot.chat.text import clean

# What Discord sends is JSON whose shape depends on a dozen other fields of it.
Json: TypeAlias = Mapping[str, Any]

PLATFORM = "discord"
_MESSAGE_MENU = 3
_BUTTON = 2
_FILE_UPLOAD = 19
_THREADS = frozenset({10, 11, 12})
_EPHEMERAL = 64
_ADMINISTRATOR, _MANAGE_GUILD = 0x8, 0x20
_MAY_MANAGE = _ADMINISTRATOR | _MANAGE_GUILD
_VIEW, _SEND, _SEND_IN_THREADS = 0x400, 0x800, 1 << 38
_TIMESTAMP = re.compile(r"<t:(-?\d{1,12})(?::[A-Za-z])?>")


class Kinds(IntEnum):
    """What a person may do that is answered as an interaction."""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    COMPLETION = 4
    FORM = 5


class _Options(IntEnum):
    CHANNEL = 7
    FILE = 11


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came along, to be fetched before the call: the argument it is, and where."""

    argument: str
    name: str
    url: str
    size: int
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One interaction, and what the way of answering it depends on."""

    invocation: Invocation
    token: str
    downloads: tuple[Download, ...] = ()
    is_share: bool = False
    """The answer is to be shown to everybody who is here."""
    is_on_message: bool = False
    """A button was pressed, or a form opened by one was sent."""
    is_on_private: bool = False
    """That message is seen by this person alone: ephemeral, or in a direct conversation."""
    has_card: bool = False
    """That message shows a card."""
    can_post: bool = True
    """The bot may write messages of its own here; looked at where something is to be shared."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A half-typed option."""

    invocation: Invocation
    token: str
    parameter: str
    typed: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads interactions of the commands of one table."""

    commands: Mapping[str, Command]
    labels: Mapping[str, str] = field(default_factory=dict)
    """The names of commands by their labels in a message's menu."""

    @classmethod
    def of(cls, table: Sequence[Command]) -> Reader:
        labels = {one.on_message: one.name for one in table if one.on_message}
        return cls({one.name: one for one in table}, labels)

    def read(self, payload: Json) -> Incoming | Completion | None:
        """None for what the bot has not asked for, such as a button that it never made."""
        match payload.get("type"):
            case Kinds.COMMAND if payload["data"].get("type", 1) == _MESSAGE_MENU:
                return self._menu(payload)
            case Kinds.COMMAND:
                return self._command(payload)
            case Kinds.COMPONENT:
                return _component(payload)
            case Kinds.COMPLETION:
                return self._completion(payload)
            case Kinds.FORM:
                return _form(payload)
        return None

    def _command(self, payload: Json) -> Incoming:
        arguments, downloads = self._options(payload)
        return Incoming(
            Invocation(
                id=payload["id"],
                command=payload["data"]["name"],
                actor=actor_of(payload),
                place=place_of(payload),
                origin=Origin.TYPED,
                arguments=arguments,
                thread_name=thread_name(payload),
            ),
            payload["token"],
            downloads,
        )

    def _completion(self, payload: Json) -> Completion | None:
        data = payload["data"]
        focused = [one for one in data.get("options", ()) if one.get("focused")]
        if not focused:
            return None
        arguments, _ = self._options(payload)
        arguments.pop(focused[0]["name"], None)
        invocation = Invocation(
            id=payload["id"],
            command=data["name"],
            actor=actor_of(payload),
            place=place_of(payload),
            origin=Origin.TYPED,
            arguments=arguments,
        )
        typed = clean(str(focused[0].get("value", "")))
        return Completion(invocation, payload["token"], focused[0]["name"], typed)

    def _menu(self, payload: Json) -> Incoming | None:
        data = payload["data"]
        name = self.labels.get(data["name"])
        messages = data.get("resolved", {}).get("messages", {})
        target = messages.get(data.get("target_id"))
        if name is None or target is None:
            return None
        place = place_of(payload)
        invocation = Invocation(
            id=payload["id"],
            command=name,
            actor=actor_of(payload),
            place=place,
            origin=Origin.MENU,
            message=MessageRef(place, data["target_id"]),
            message_text=clean(target.get("content") or ""),
            message_author=_author(target, data),
            message_url=url_of(place, data["target_id"]),
            thread_name=thread_name(payload),
        )
        return Incoming(invocation, payload["token"])

    def _options(self, payload: Json) -> tuple[dict[str, Value], tuple[Download, ...]]:
        data = payload["data"]
        resolved = data.get("resolved", {})
        command = self.commands.get(data["name"])
        kinds = {one.name: one.kind for one in command.parameters} if command else {}
        arguments: dict[str, Value] = {}
        downloads = []
        for option in data.get("options", ()):
            name, value = option["name"], option.get("value")
            match option["type"]:
                case _Options.FILE:
                    found = resolved.get("attachments", {}).get(value)
                    if found is not None:
                        downloads.append(_download(name, found))
                case _Options.CHANNEL:
                    channel = resolved.get("channels", {}).get(value, {"id": value})
                    arguments[name] = _place(channel, payload.get("guild_id"))
                case _ if kinds.get(name) is Kind.WHEN and isinstance(value, str):
                    arguments[name] = _instant(value)
                case _ if isinstance(value, bool) or value is None:
                    pass
                case _ if isinstance(value, int):
                    arguments[name] = value
                case _:
                    arguments[name] = clean(str(value))
        return arguments, tuple(downloads)


def _component(payload: Json) -> Incoming | None:
    data = payload["data"]
    pressed = decode(code_in(data["custom_id"]))
    if pressed is None:
        return None
    picked = () if data.get("component_type") == _BUTTON else tuple(data.get("values", ()))
    invocation = Invocation(
        id=payload["id"],
        command=pressed.command,
        actor=actor_of(payload),
        place=place_of(payload),
        origin=Origin.BUTTON,
        values=(*pressed.values, *picked),
        page=pressed.page,
        revision=pressed.revision,
        message=_message_of(payload),
    )
    return _on_message(payload, invocation, (), is_share=data["custom_id"].startswith(SHARE))


def _form(payload: Json) -> Incoming | None:
    data = payload["data"]
    pressed = decode(code_in(data["custom_id"]))
    if pressed is None:
        return None
    files = data.get("resolved", {}).get("attachments", {})
    arguments: dict[str, Value] = {}
    downloads = []
    for one in _inputs(data.get("components", ())):
        name, values = one["custom_id"], one.get("values", ())
        if one.get("type") == _FILE_UPLOAD:
            downloads += [_download(name, files[value]) for value in values[:1] if value in files]
        elif values:
            arguments[name] = clean(str(values[0]))
        elif one.get("value"):
            arguments[name] = clean(one["value"])
    invocation = Invocation(
        id=payload["id"],
        command=pressed.command,
        actor=actor_of(payload),
        place=place_of(payload),
        origin=Origin.FORM,
        values=pressed.values,
        arguments=arguments,
        message=_message_of(payload),
    )
    return _on_message(payload, invocation, tuple(downloads))


def _on_message(
    payload: Json, invocation: Invocation, downloads: tuple[Download, ...], is_share: bool = False
) -> Incoming:
    message = payload.get("message")
    is_ephemeral = bool(message and message.get("flags", 0) & _EPHEMERAL)
    return Incoming(
        invocation,
        payload["token"],
        downloads,
        is_share=is_share,
        is_on_message=message is not None,
        is_on_private=message is not None and (is_ephemeral or invocation.place.is_private),
        has_card=bool(message and message.get("embeds")),
        can_post=not is_share or _can_post(payload, invocation.place),
    )


def _inputs(components: Sequence[Json]) -> Iterator[Json]:
    """The fields of a form, whether in a label or in a row."""
    for one in components:
        if "component" in one:
            yield one["component"]
        yield from one.get("components", ())


def _message_of(payload: Json) -> MessageRef | None:
    message = payload.get("message")
    return MessageRef(place_of(payload), message["id"]) if message else None


def actor_of(payload: Json) -> Actor:
    """Who did it, by the name that the others here see."""
    member = payload.get("member")
    user = member["user"] if member else payload["user"]
    nick = member.get("nick") if member else None
    permissions = int(member.get("permissions") or 0) if member else 0
    return Actor(
        PLATFORM,
        user["id"],
        clean(nick or user.get("global_name") or user["username"]),
        payload.get("locale"),
        bool(permissions & _MAY_MANAGE),
        tuple(member.get("roles", ())) if member else (),
    )


def _author(message: Json, data: Json) -> Actor | None:
    """Who wrote a message that was picked; None where that was no person."""
    author = message.get("author") or {}
    if not author or author.get("bot") or message.get("webhook_id"):
        return None
    members = (data.get("resolved") or {}).get("members") or {}
    return actor_of({"member": {**members.get(author["id"], {}), "user": author}})


def url_of(place: PlaceRef, message_id: str) -> str | None:
    """Where the members of a server find a message of it."""
    if place.server_id is None:
        return None
    return f"https://discord.com/channels/{place.server_id}/{channel_of(place)}/{message_id}"


def thread_name(payload: Json) -> str | None:
    """What the thread is called in which something was done, if it is one."""
    channel = payload.get("channel") or {}
    name = channel.get("name") if channel.get("type") in _THREADS else None
    return clean(str(name)) if name else None


def place_of(payload: Json) -> PlaceRef:
    """Where it was done; in a thread that is the channel and, in it, the thread."""
    channel = payload.get("channel") or {}
    return _place({"id": payload.get("channel_id"), **channel}, payload.get("guild_id"))


def _place(channel: Json, server_id: str | None) -> PlaceRef:
    own = str(channel.get("id") or "")
    parent = channel.get("parent_id")
    if channel.get("type") in _THREADS and parent:
        return PlaceRef(PLATFORM, parent, own, server_id=server_id)
    return PlaceRef(PLATFORM, own, is_private=server_id is None, server_id=server_id)


def channel_of(place: PlaceRef) -> str:
    """The id under which Discord takes messages for a place: a thread has its own."""
    return place.thread_id or place.chat_id


def _can_post(payload: Json, place: PlaceRef) -> bool:
    needed = _VIEW | (_SEND_IN_THREADS if place.thread_id else _SEND)
    allowed = payload.get("app_permissions")
    return allowed is None or int(allowed) & needed == needed or bool(int(allowed) & _ADMINISTRATOR)


def _download(argument: str, found: Json) -> Download:
    name = clean(found.get("filename") or "file")
    return Download(argument, name, found["url"], found.get("size", 0), found.get("content_type"))


def _instant(text: str) -> Value:
    """Discord's own time picker writes an instant, which needs no time zone."""
    match = _TIMESTAMP.fullmatch(text.strip())
    if match is None:
        return clean(text)
    try:
        return datetime.fromtimestamp(int(match[1]), UTC)
    except (OverflowError, OSError, ValueError):
        return clean(text)
