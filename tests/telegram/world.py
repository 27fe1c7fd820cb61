"""The whole state of the simulated Telegram, and the few ways in which it changes."""

from __future__ import annotations

import itertools
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.telegram.calls import Call, Violation
from tests.telegram.clock import Bell, Clock
from tests.telegram.faults import Faults
from tests.telegram.limits import Limits, Meter
from tests.telegram.places import Chat, File, Member, Message, User, member_of
from tests.telegram.refusals import Json, Refusal, broken, chat_not_found, forbidden, migrated
from tests.telegram.seen import Seen, see
from tests.telegram.spec import problems_of_update
from tests.telegram.updates import Update, Updates

TOKEN = "7000000001:simulated-token-of-the-paper-bot"


@dataclass(eq=False)
class Callback:
    """A press on a button, and how it was answered."""

    id: str
    user: User
    made_at: float
    message: Message
    answer: Json | None = None


@dataclass(eq=False)
class InlineQuery:
    id: str
    user: User
    query: str
    made_at: float
    answer: Json | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """A message of the bot as it came, or as it was changed."""

    number: int
    message: Message
    seen: Seen


@dataclass(eq=False)
class Private:
    """How a person stands to the bot."""

    has_started: bool = False
    is_blocked: bool = False
    is_deactivated: bool = False
    is_known: bool = False  # The bot was told of the person before.


@dataclass(repr=False, eq=False)
class World:
    """Everybody and everything there is."""

    checks: bool = True
    privacy_mode: bool = True
    inline_mode: bool = True
    inline_feedback: bool = False
    limits: Limits | None = None
    token: str = TOKEN
    base: str = ""  # The address of the server, once it listens.
    ahead_by: timedelta = timedelta()  # How wrong the time is that its answers tell.
    clock: Clock = field(default_factory=Clock)
    bell: Bell = field(default_factory=Bell)
    faults: Faults = field(default_factory=Faults)
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    privates: dict[int, Private] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    inline_queries: dict[str, InlineQuery] = field(default_factory=dict)
    inline_messages: dict[str, Message] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    appearances: dict[int, list[Appearance]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    webhook: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.updates = Updates(self.bell)
        self.meter = Meter(self.clock)
        self._numbers = itertools.count(1)
        self._shared_message_id = itertools.count(1)
        self._group_ids = itertools.count(-4_000_000_001, -1)
        self._supergroup_ids = itertools.count(-1_002_000_000_001, -1)
        self.bot = User(
            int(self.token.partition(":")[0]), "Paper Bot", username="paper_club_bot", is_bot=True
        )
        self.users[self.bot.id] = self.bot

    def number(self) -> int:
        return next(self._numbers)

    def flaw(self, call: Call, reason: str) -> None:
        """Something wrong that Telegram takes nevertheless."""
        self.violations.append(Violation(call.method, call.parameters, reason))

    # Chats and people.

    def private_of(self, user: User) -> Private:
        return self.privates.setdefault(user.id, Private())

    def chat_with(self, user: User) -> Chat:
        """The private chat of a person with the bot."""
        if user.id not in self.chats:
            self.chats[user.id] = Chat(user.id, "private", user=user)
        return self.chats[user.id]

    def new_group(self, title: str, *, is_supergroup: bool, is_forum: bool = False) -> Chat:
        key = next(self._supergroup_ids if is_supergroup else self._group_ids)
        kind = "supergroup" if is_supergroup else "group"
        self.chats[key] = Chat(key, kind, title, is_forum=is_forum)
        if is_forum:  # The General topic has the first id.
            self.chats[key].next_message_id = 2
        return self.chats[key]

    def find_chat(self, key: Any) -> Chat:
        """Raises the refusal that Telegram answers where the bot has no business."""
        if key is None or key == "":
            raise broken("chat_id is empty")
        chat = self.chats.get(key) if isinstance(key, int) else None
        if chat is None:
            raise self._no_private(key) or chat_not_found()
        if chat.became is not None:
            raise migrated(chat.became.id)
        refusal = self._no_private(key) if chat.is_private else self._no_group(chat)
        if refusal is not None:
            raise refusal
        return chat

    def _no_private(self, key: Any) -> Refusal | None:
        state = self.privates.get(key) if isinstance(key, int) else None
        if state is None or not state.is_known:
            return chat_not_found()
        if state.is_deactivated:
            return forbidden("user is deactivated")
        if state.is_blocked:
            return forbidden("bot was blocked by the user")
        if not state.has_started:
            return forbidden("bot can't initiate conversation with a user")
        return None

    def _no_group(self, chat: Chat) -> Refusal | None:
        status = member_of(chat, self.bot).status
        if status == "kicked":
            return forbidden(f"bot was kicked from the {chat.kind} chat")
        return (
            forbidden(f"bot is not a member of the {chat.kind} chat") if status == "left" else None
        )

    def new_message_id(self, chat: Chat) -> int:
        """A supergroup counts its own messages; all other chats count together."""
        if chat.kind != "supergroup":
            return next(self._shared_message_id)
        chat.next_message_id += 1
        return chat.next_message_id - 1

    def add_file(
        self, name: str, data: bytes, content_type: str | None = None, *, is_photo: bool = False
    ) -> File:
        number = self.number()
        kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        folder = "photos" if is_photo else "documents"
        suffix = "jpg" if is_photo else name.rpartition(".")[2] if "." in name else "bin"
        path = f"{folder}/file_{number}.{suffix}"
        file = File(
            f"file-{number:08}-simulated", f"u{number:08}", name, kind, data, path, is_photo
        )
        self.files[file.id] = file
        return file

    # What the bot is told.

    def tell(
        self, kind: str, payload: Json, lane: int, users: Iterable[User] = ()
    ) -> Update | None:
        """Queues an update; the people in it are known to the bot from now on."""
        for user in users:
            self.private_of(user).is_known = True
        update = self.updates.add(kind, payload, lane)
        if update is not None and self.checks:
            # An update of a wrong shape fails the test, though the bot is not to blame.
            for problem in problems_of_update(update.payload):
                self.violations.append(Violation("update", update.payload, problem))
        self.bell.ring()
        return update

    def tell_membership(self, chat: Chat, by: User, user: User, new: Member) -> None:
        """Changes a membership and tells the bot: always of its own, on demand of others'."""
        old = member_of(chat, user)
        chat.members[user.id] = new
        kind = "my_chat_member" if user is self.bot else "chat_member"
        bot = member_of(chat, self.bot)
        if kind == "chat_member" and not bot.is_admin:
            return
        payload = {
            "chat": chat.payload(),
            "from": by.payload(),
            "date": int(self.clock.now()),
            "old_chat_member": old.payload(),
            "new_chat_member": new.payload(),
        }
        self.tell(kind, payload, chat.id, [by])

    # What people are shown.

    def appear(self, message: Message, *, is_edit: bool = False) -> None:
        """Shows a message of the bot, new or changed."""
        seen = see(message, is_edit=is_edit)
        shown = self.appearances.setdefault(message.chat.id, [])
        shown.append(Appearance(self.number(), message, seen))
        if not is_edit and message.sender is self.bot:
            message.chat.last_bot = self.bot.id
        self.bell.ring()
