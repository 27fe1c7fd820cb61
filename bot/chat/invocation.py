"""What a person did: one small value, whether typed, pressed, filled in or said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Origin(StrEnum):
    """How an invocation came about; it decides how arguments are bound, never who may call."""

    TEXT = "text"
    """A typed line: the arguments are in `Invocation.rest`."""
    TYPED = "typed"
    """Options that the platform has parsed already: in `Invocation.arguments`."""
    BUTTON = "button"
    FORM = "form"
    MENU = "menu"
    LINK = "link"
    EVENT = "event"


ADMINISTRATORS = "administrators"
"""In the place of a role's id: all who manage a server or group."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, as the platform knows them."""

    platform: str
    account_id: str
    name: str
    locale: str | None = None
    is_manager: bool = False
    """May manage this server or group, as the platform itself says."""
    role_ids: tuple[str, ...] = ()
    """The roles that the server gave them, by the platform's own ids."""


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """Where: a channel, a group, a topic, a private chat."""

    platform: str
    chat_id: str
    thread_id: str | None = None
    is_private: bool = False
    server_id: str | None = None
    """What the chat is a part of, where the platform has such a thing."""


@dataclass(frozen=True, slots=True)
class MessageRef:
    place: PlaceRef
    message_id: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; adapters bound its size before they read it."""

    name: str
    content: bytes
    media_type: str | None = None


class Event(StrEnum):
    """What happens without anybody calling a command; each is a hidden command of the table."""

    MESSAGE_EDITED = "message-edited"
    MESSAGE_DELETED = "message-deleted"
    MEMBER_LEFT = "member-left"
    PLACE_MOVED = "place-moved"
    """The chat has another id now; the invocation's argument `to` is the new place."""
    BOT_BLOCKED = "bot-blocked"
    """The person of this private chat wants no more messages."""
    BOT_UNBLOCKED = "bot-unblocked"
    BOT_REMOVED = "bot-removed"
    BOT_ADDED = "bot-added"
    """The bot is in this server or group, for the first time or again, or may do other things."""


@dataclass(frozen=True, slots=True)
class UpdateRef:
    """A platform's event that was stored before it was acknowledged.

    `source` is one bot on one platform, such as ``telegram:123456``; `number` is the platform's
    own id of the event.
    """

    source: str
    number: int


@dataclass(frozen=True, slots=True)
class Update:
    """A stored event: `payload` is what the platform sent, as JSON text."""

    ref: UpdateRef
    payload: str


Value: TypeAlias = str | int | datetime | Attachment | PlaceRef


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of one command. `id` is unique and stands on each log line of its handling."""

    id: str
    command: str
    actor: Actor
    place: PlaceRef
    origin: Origin = Origin.TEXT
    rest: str = ""
    """The text after the command's name, as typed."""
    values: tuple[str, ...] = ()
    """A button's or a link's arguments, by position; an empty one was not given."""
    arguments: Mapping[str, Value] = field(default_factory=dict)
    """Typed options and form answers, by name."""
    message: MessageRef | None = None
    """The message that was pressed, replied to or picked from a menu."""
    message_text: str | None = None
    message_author: Actor | None = None
    """Who wrote the message that was replied to or picked from a menu; None for a press."""
    message_url: str | None = None
    """Where the others of this place can read that message, if it has such an address."""
    thread_name: str | None = None
    """What the thread or topic is called in which this happens, where that is known."""
    attachments: tuple[Attachment, ...] = ()
    page: int = 1
    """The page of a long answer that was asked for, from 1."""
    revision: int | None = None
    """Of which revision that page was; None when it does not matter."""
    update: UpdateRef | None = None
    """The stored event behind this call: its effects and its reply are then committed together,
    and only once, however often the call is made again after a crash."""
