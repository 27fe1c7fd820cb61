"""An update as Telegram sends it -> what a person did. Pure: what has to be asked is named."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.adapters.telegram.payloads import (
    PLATFORM,
    Download,
    Json,
    actor_of,
    author_of,
    download_of,
    is_from_group,
    place_of,
    private_of,
    replied_of,
    text_of,
    url_of,
    whole,
)
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
from bot.chat.text import clean

log = logging.getLogger(__name__)

SAID = "message"
CANCEL = "cancel"
ELSEWHERE = "."
"""Ends the codes of a private message that is about another place; no action's code has one."""
LINK = "at-"
"""How the payload of a link begins that stands for a call made elsewhere."""
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
    is_talk: bool = False
    """Nobody asked the bot: something was said, or says something else now."""
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
            actor = actor_of(query["from"])
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
        place = place_of(message)
        if moved := message.get("migrate_to_chat_id"):
            to = PlaceRef(PLATFORM, str(moved))
            return self._event(Event.PLACE_MOVED, message, number, place, to)
        if before := message.get("migrate_from_chat_id"):
            old = PlaceRef(PLATFORM, str(before))
            return self._event(Event.PLACE_MOVED, message, number, old, place)
        is_anonymous = is_from_group(message)
        actor = _sender(message, place)
        if actor is None:
            return None
        text = text_of(message)
        replied = replied_of(message)
        base = self._invocation(SAID, number, actor, place)
        made = Call(
            base,
            reply_to=None if place.is_private else message["message_id"],
            download=download_of(message),
            is_anonymous=is_anonymous,
            replied_to=replied["message_id"] if replied else None,
        )
        if text.startswith("/"):
            return self._command(made, text, replied)
        if not (text or made.download):
            return None
        is_reply = bool(replied) and (replied or {}).get("from", {}).get("id") == self.bot.id
        is_named = f"@{self.bot.username}".casefold() in text.casefold()
        is_meant = place.is_private or is_reply or is_named
        said = _said(base, message, replied)
        return replace(made, invocation=said, is_talk=True, is_meant=is_meant)

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
            call = _about(call, replied)
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
        place = place_of(message) if message else private_of(pressed["from"])
        call = replace(
            self._invocation("", number, actor_of(pressed["from"]), place), origin=Origin.BUTTON
        )
        if message:
            call = replace(call, message=MessageRef(whole(place), str(message["message_id"])))
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
        """What a message says now; nothing where only its file or its buttons are others."""
        place = place_of(message)
        actor = _sender(message, place)
        if Event.MESSAGE_EDITED not in self.commands or actor is None or not text_of(message):
            return None
        base = self._invocation(Event.MESSAGE_EDITED, number, actor, place)
        replied = replied_of(message)
        return Call(
            _said(base, message, replied),
            reply_to=None if place.is_private else message["message_id"],
            is_anonymous=is_from_group(message),
            replied_to=replied["message_id"] if replied else None,
            is_talk=True,
        )

    def _membership(self, change: Json, number: int) -> Call | None:
        """The bot itself was let in, put out, blocked or given other rights."""
        place = place_of(change)
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
        actor = actor_of(payload.get("from") or {"id": 0, "first_name": "?"})
        call = self._invocation(event, number, actor, whole(place))
        arguments: dict[str, Value] = {"to": to} if to else {}
        return Call(replace(call, origin=Origin.EVENT, arguments=arguments))


def _sender(message: Json, place: PlaceRef) -> Actor | None:
    """Who says it: a person, or the group as which an administrator writes; no bot, no channel."""
    sender = message.get("from")
    if not sender or "via_bot" in message:
        return None
    if is_from_group(message):
        return replace(actor_of(sender), account_id=place.chat_id, is_manager=True)
    return None if sender.get("is_bot") or "sender_chat" in message else actor_of(sender)


def _about(call: Invocation, message: Json) -> Invocation:
    """The call with the message that it is about, its own or the one that it replies to."""
    place = place_of(message) if "message_thread_id" in message else call.place
    return replace(
        call,
        message=MessageRef(whole(call.place), str(message["message_id"])),
        message_text=clean(text_of(message)),
        message_author=author_of(message),
        message_url=url_of(message, place),
    )


def _said(call: Invocation, message: Json, replied: Json | None) -> Invocation:
    """What was said without a command, or is said now."""
    arguments: dict[str, Value] = {"reply_to": str(replied["message_id"])} if replied else {}
    return replace(_about(call, message), origin=Origin.EVENT, arguments=arguments)


def lane_of(update: Json) -> tuple[str, str]:
    """Updates with the same lane are handled in order: one person's in one chat."""
    for kind in ("message", "edited_message", "callback_query", "inline_query", "my_chat_member"):
        got = update.get(kind)
        if isinstance(got, Mapping):
            message = got.get("message")
            chat = got.get("chat") or (isinstance(message, Mapping) and message.get("chat"))
            return _id_in(chat), _id_in(got.get("from"))
    return "", ""


def _id_in(told: object) -> str:
    return str(told.get("id")) if isinstance(told, Mapping) else ""


def downloads_into(command: Command | None) -> str | None:
    """The argument that a file is, of the commands that take one."""
    for parameter in command.parameters if command else ():
        if parameter.kind is Kind.FILE:
            return parameter.name
    return None
