"""An update as Telegram sends it -> what a person did. Pure: what has to be asked is named."""

from __future__ import annotations

import logging
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from bot.chat.actions import decode
from bot.chat.commands import Command, Kind
from bot.chat.invocation import (
    Actor,
    Event,
    Invocation,
    MessageRef,
    Origin,
    PlaceRef,
    UpdateRef,
    Value,
)
from bot.chat.text import clean, one_line

log = logging.getLogger(__name__)

# What Telegram sends is JSON whose shape depends on a dozen other fields of it.
Json: TypeAlias = Mapping[str, Any]

PLATFORM = "telegram"
SAID = "message"
CANCEL = "cancel"
ELSEWHERE = "."
"""Ends the codes of a private message that is about another place; no action's code has one."""
LINK = "at-"
"""How the payload of a link begins that stands for a call made elsewhere."""
_ANONYMOUS_ADMINISTRATOR = 1087968824
_GONE, _THERE = frozenset({"kicked", "left"}), frozenset({"member", "administrator", "creator"})
WANTED = (
    *("message", "edited_message", "callback_query", "inline_query"),
    *("my_chat_member", "chat_member"),
)
"""The kinds of updates that are asked for."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Who we are, as getMe says."""

    id: int
    username: str
    reads_all: bool = False
    has_inline: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came along, to be fetched before the call."""

    file_id: str
    name: str
    size: int
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A command, typed or pressed, and what the way of answering it depends on."""

    invocation: Invocation
    reply_to: int | None = None
    """The message that the answer is a reply to, in a group."""
    callback_id: str | None = None
    inline_message_id: str | None = None
    download: Download | None = None
    link: str | None = None
    """The rest of a link that stands for a call made elsewhere."""
    is_elsewhere: bool = False
    """What was pressed stands in a private chat and is about another place."""
    is_stale: bool = False
    """What was pressed is no button of this version's."""
    is_anonymous: bool = False
    """An administrator writes as the group itself, so nobody can be answered in private."""
    replied_to: int | None = None
    """The message that was replied to, which may be a form's question."""
    is_meant: bool = True
    """It is said to the bot: in private, as a reply to it, or with its name."""

    @property
    def command(self) -> str:
        return self.invocation.command


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody types after the bot's name in any chat."""

    id: str
    actor: Actor
    text: str


Got: TypeAlias = Call | Query


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads updates for the commands of one table."""

    commands: Mapping[str, Command]
    bot: Bot
    source: str = field(default="")

    @classmethod
    def of(cls, table: Sequence[Command], bot: Bot) -> Reader:
        return cls({one.name: one for one in table}, bot, f"{PLATFORM}:{bot.id}")

    def read(self, update: Json) -> Got | None:
        """None for what is no concern of ours, and for what cannot be read."""
        try:
            return self._read(update)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.debug("an update of an unforeseen shape: %s", type(error).__name__)
            return None

    def _read(self, update: Json) -> Got | None:
        number = int(update["update_id"])
        if message := update.get("message"):
            return self._message(message, number)
        if pressed := update.get("callback_query"):
            return self._press(pressed, number)
        if query := update.get("inline_query"):
            actor = _actor(query["from"])
            return Query(str(query["id"]), actor, clean(query.get("query", "")))
        if edited := update.get("edited_message"):
            return self._edited(edited, number)
        if change := update.get("my_chat_member"):
            return self._membership(change, number)
        return None

    def _invocation(self, command: str, number: int, actor: Actor, place: PlaceRef) -> Invocation:
        ref = UpdateRef(self.source, number)
        return Invocation(f"tg-{number}", command, actor, place, update=ref)

    def _message(self, message: Json, number: int) -> Call | None:
        place = _place(message)
        if moved := message.get("migrate_to_chat_id"):
            to = PlaceRef(PLATFORM, str(moved))
            return self._event(Event.PLACE_MOVED, message, number, place, to)
        if before := message.get("migrate_from_chat_id"):
            old = PlaceRef(PLATFORM, str(before))
            return self._event(Event.PLACE_MOVED, message, number, old, place)
        is_anonymous = _is_anonymous(message)
        sender = message.get("from")
        if not sender or "via_bot" in message or (sender.get("is_bot") and not is_anonymous):
            return None
        actor = _actor(sender)
        if is_anonymous:
            actor = replace(actor, account_id=place.chat_id, is_manager=True)
        text = message.get("text") or message.get("caption") or ""
        replied = _replied(message)
        base = self._invocation(SAID, number, actor, place)
        made = Call(
            base,
            reply_to=None if place.is_private else message["message_id"],
            download=_download(message),
            is_anonymous=is_anonymous,
            replied_to=replied["message_id"] if replied else None,
        )
        if text.startswith("/"):
            return self._command(made, text, replied)
        if not (text or made.download):
            return None
        own = MessageRef(_whole(place), str(message["message_id"]))
        arguments: dict[str, Value] = {"reply_to": str(replied["message_id"])} if replied else {}
        is_reply = bool(replied) and (replied or {}).get("from", {}).get("id") == self.bot.id
        is_named = f"@{self.bot.username}".casefold() in text.casefold()
        said = replace(
            base,
            origin=Origin.EVENT,
            message=own,
            message_text=clean(text),
            arguments=arguments,
        )
        return replace(made, invocation=said, is_meant=place.is_private or is_reply or is_named)

    def _command(self, made: Call, text: str, replied: Json | None) -> Call | None:
        word, _, rest = text.partition(" ")
        word, newline, more = word.partition("\n")
        rest = f"{more} {rest}" if newline else rest
        name, at, whom = word[1:].partition("@")
        if at and whom.casefold() != self.bot.username.casefold():
            return None
        name = name.casefold().replace("_", "-")
        call = made.invocation
        if name not in self.commands and name != CANCEL and not (at or call.place.is_private):
            # Other bots in a group have commands too.
            return None
        if name == "start":
            return self._start(made, rest.strip())
        if replied is not None:
            text = replied.get("text") or replied.get("caption") or ""
            at_message = MessageRef(_whole(call.place), str(replied["message_id"]))
            call = replace(call, message=at_message, message_text=clean(text))
        return replace(made, invocation=replace(call, command=name, rest=rest.strip()))

    def _start(self, made: Call, payload: str) -> Call:
        call = replace(made.invocation, command="start")
        if payload.startswith(LINK):
            return replace(made, invocation=call, link=payload.removeprefix(LINK))
        pressed = decode(payload) if payload else None
        if pressed is None or pressed.command not in self.commands:
            return replace(made, invocation=call)
        called = replace(
            call,
            command=pressed.command,
            origin=Origin.LINK,
            values=pressed.values,
            page=pressed.page,
            revision=pressed.revision,
        )
        return replace(made, invocation=called)

    def _press(self, pressed: Json, number: int) -> Call:
        message = pressed.get("message")
        place = _place(message) if message else _private(pressed["from"])
        call = replace(
            self._invocation("", number, _actor(pressed["from"]), place), origin=Origin.BUTTON
        )
        if message:
            call = replace(call, message=MessageRef(_whole(place), str(message["message_id"])))
        made = Call(
            call,
            callback_id=str(pressed["id"]),
            inline_message_id=pressed.get("inline_message_id"),
        )
        data = pressed.get("data") or ""
        made = replace(made, is_elsewhere=data.endswith(ELSEWHERE))
        code = decode(data.removesuffix(ELSEWHERE))
        if code is None:
            return replace(made, is_stale=True)
        call = replace(
            call,
            command=code.command,
            values=code.values,
            page=code.page,
            revision=code.revision,
        )
        return replace(made, invocation=call)

    def _edited(self, message: Json, number: int) -> Call | None:
        sender = message.get("from")
        if Event.MESSAGE_EDITED not in self.commands or not sender or sender.get("is_bot"):
            return None
        place = _place(message)
        call = self._invocation(Event.MESSAGE_EDITED, number, _actor(sender), place)
        own = MessageRef(_whole(place), str(message["message_id"]))
        text = clean(message.get("text") or message.get("caption") or "")
        return Call(replace(call, origin=Origin.EVENT, message=own, message_text=text))

    def _membership(self, change: Json, number: int) -> Call | None:
        """The bot itself was let in, put out, blocked or given other rights."""
        place = _place(change)
        status = change["new_chat_member"]["status"]
        if status in _GONE:
            event = Event.BOT_BLOCKED if place.is_private else Event.BOT_REMOVED
        elif status in _THERE or status == "restricted":
            event = Event.BOT_UNBLOCKED if place.is_private else Event.BOT_ADDED
        else:
            return None
        return self._event(event, change, number, place, None)

    def _event(
        self, event: Event, payload: Json, number: int, place: PlaceRef, to: PlaceRef | None
    ) -> Call | None:
        if event not in self.commands:
            return None
        actor = _actor(payload.get("from") or {"id": 0, "first_name": "?"})
        call = self._invocation(event, number, actor, _whole(place))
        arguments: dict[str, Value] = {"to": to} if to else {}
        return Call(replace(call, origin=Origin.EVENT, arguments=arguments))


def lane_of(update: Json) -> Hashable:
    """Updates with the same lane are handled in order: one person's in one chat."""
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        got = update.get(kind)
        if isinstance(got, Mapping):
            message = got.get("message")
            chat = got.get("chat") or (isinstance(message, Mapping) and message.get("chat"))
            return _id_in(chat), _id_in(got.get("from"))
    return None


def _id_in(told: object) -> str:
    return str(told.get("id")) if isinstance(told, Mapping) else ""


def downloads_into(command: Command | None) -> str | None:
    """The argument that a file is, of the commands that take one."""
    for parameter in command.parameters if command else ():
        if parameter.kind is Kind.FILE:
            return parameter.name
    return None


def _whole(place: PlaceRef) -> PlaceRef:
    """The chat without the topic, since a chat's message ids are the same in all its topics."""
    return place if place.thread_id is None else replace(place, thread_id=None)


def _place(message: Json) -> PlaceRef:
    """Where a message is; what stands in General is in no topic."""
    chat = message["chat"]
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    return PlaceRef(
        PLATFORM,
        str(chat["id"]),
        thread_id=str(topic) if topic else None,
        is_private=chat.get("type") == "private",
    )


def _private(user: Json) -> PlaceRef:
    return PlaceRef(PLATFORM, str(user["id"]), is_private=True)


def _actor(user: Json) -> Actor:
    name = one_line(f"{user.get('first_name') or ''} {user.get('last_name') or ''}")
    return Actor(PLATFORM, str(user["id"]), name or "?", user.get("language_code"))


def _is_anonymous(message: Json) -> bool:
    sender = message.get("from") or {}
    return sender.get("id") == _ANONYMOUS_ADMINISTRATOR and "sender_chat" in message


def _replied(message: Json) -> Json | None:
    """What was replied to; in a topic everything is a reply to the message that opened it."""
    replied: Json | None = message.get("reply_to_message")
    if replied is None or "forum_topic_created" in replied:
        return None
    return replied


def _download(message: Json) -> Download | None:
    document = message.get("document")
    if not document:
        return None
    return Download(
        document["file_id"],
        one_line(document.get("file_name") or "file"),
        int(document.get("file_size") or 0),
        document.get("mime_type"),
    )
