"""What is in the things that Telegram sends: places, people, files, and addresses of messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bot.chat.invocation import Actor, PlaceRef
from bot.chat.text import one_line

# What Telegram sends is JSON whose shape depends on a dozen other fields of it.
Json: TypeAlias = Mapping[str, Any]

PLATFORM = "telegram"
_ANONYMOUS_ADMINISTRATOR = 1087968824
# Source: the Bot API's id of a supergroup is this much below zero and the group's own number.
_SUPERGROUPS = 1_000_000_000_000
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came along, to be fetched before the call."""

    file_id: str
    name: str
    size: int
    media_type: str | None = None


def place_of(message: Json) -> PlaceRef:
    """Where a message is; what stands in General is in no topic."""
    chat = message["chat"]
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    return PlaceRef(
        PLATFORM,
        str(chat["id"]),
        thread_id=str(topic) if topic else None,
        is_private=chat.get("type") == "private",
    )


def private_of(user: Json) -> PlaceRef:
    return PlaceRef(PLATFORM, str(user["id"]), is_private=True)


def whole(place: PlaceRef) -> PlaceRef:
    """The chat without the topic, since a chat's message ids are the same in all its topics."""
    return place if place.thread_id is None else replace(place, thread_id=None)


def actor_of(user: Json) -> Actor:
    name = one_line(f"{user.get('first_name') or ''} {user.get('last_name') or ''}")
    return Actor(PLATFORM, str(user["id"]), name or "?", user.get("language_code"))


def author_of(message: Json) -> Actor | None:
    """The person whose own words a message is; None for bots, channels and who hides behind one."""
    sender = message.get("from")
    if not sender or sender.get("is_bot") or "sender_chat" in message or "via_bot" in message:
        return None
    return actor_of(sender)


def is_from_group(message: Json) -> bool:
    """Whether an administrator has written it in the name of the group."""
    sender = message.get("from") or {}
    return sender.get("id") == _ANONYMOUS_ADMINISTRATOR and "sender_chat" in message


def replied_of(message: Json) -> Json | None:
    """What was replied to; in a topic everything is a reply to the message that opened it."""
    replied: Json | None = message.get("reply_to_message")
    if replied is None or "forum_topic_created" in replied:
        return None
    return replied


def text_of(message: Json) -> str:
    """What can be read of a message: its text, or what stands below its file."""
    return str(message.get("text") or message.get("caption") or "")


def url_of(message: Json, place: PlaceRef) -> str | None:
    """Where members can read a message of this place; private chats and basic groups have none."""
    chat = message["chat"]
    number, kind = int(chat["id"]), chat.get("type")
    username = chat.get("username")
    if kind not in ("supergroup", "channel"):
        return None
    if isinstance(username, str) and _USERNAME.fullmatch(username):
        where = username
    elif number < -_SUPERGROUPS:
        where = f"c/{-number - _SUPERGROUPS}"
    else:
        return None
    topic = f"/{int(place.thread_id)}" if place.thread_id else ""
    return f"https://t.me/{where}{topic}/{int(message['message_id'])}"


def download_of(message: Json) -> Download | None:
    document = message.get("document")
    if not document:
        return None
    return Download(
        document["file_id"],
        one_line(document.get("file_name") or "file"),
        int(document.get("file_size") or 0),
        document.get("mime_type"),
    )
