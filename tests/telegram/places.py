"""People, chats, topics and messages, and how Telegram describes them to the bot."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.telegram.entities import Formatted
from tests.telegram.refusals import Json

ANONYMOUS_ID = 1087968824
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(eq=False, repr=False)
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def __repr__(self) -> str:
        return f"<{self.first_name} {self.id}>"

    def payload(self) -> Json:
        said: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name) is not None:
                said[name] = getattr(self, name)
        return said


ANONYMOUS = User(ANONYMOUS_ID, "Group", username="GroupAnonymousBot", is_bot=True)


@dataclass(eq=False)
class Member:
    """``status`` as Telegram names it: creator, administrator, member, restricted, left, kicked."""

    user: User
    status: str = "member"
    is_anonymous: bool = False

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")

    @property
    def is_here(self) -> bool:
        return self.status not in ("left", "kicked")

    def payload(self) -> Json:
        said: Json = {"status": self.status, "user": self.user.payload()}
        if self.status == "creator":
            said["is_anonymous"] = self.is_anonymous
        elif self.status == "administrator":
            said |= dict.fromkeys(RIGHTS, True)
            said |= {"is_anonymous": self.is_anonymous, "can_be_edited": False}
        elif self.status == "kicked":
            said["until_date"] = 0
        return said


@dataclass(eq=False)
class File:
    id: str
    unique_id: str
    name: str
    content_type: str
    data: bytes
    path: str
    is_photo: bool = False

    def document(self) -> Json:
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.content_type,
            "file_size": len(self.data),
        }

    def photo(self) -> list[Json]:
        size = {"file_id": self.id, "file_unique_id": self.unique_id, "width": 320, "height": 240}
        return [size | {"file_size": len(self.data)}]


@dataclass(eq=False, repr=False)
class Chat:
    """``kind`` is private, group, supergroup or channel; ``became`` is where a group moved."""

    id: int
    kind: str
    title: str = ""
    user: User | None = None  # Whose private chat with the bot it is.
    is_forum: bool = False
    username: str | None = None  # Of a public supergroup.
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)  # Names by thread id.
    messages: dict[int, Message] = field(default_factory=dict)
    became: Chat | None = None
    last_bot: int | None = None  # The bot that spoke last.
    pinned: list[int] = field(default_factory=list)
    next_message_id: int = 1

    def __repr__(self) -> str:
        return f"<{self.kind} {self.title or self.user} {self.id}>"

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    def payload(self) -> Json:
        if self.user is not None:
            said: Json = {"id": self.id, "type": "private", "first_name": self.user.first_name}
            for name in ("last_name", "username"):
                if getattr(self.user, name) is not None:
                    said[name] = getattr(self.user, name)
            return said
        said = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username is not None:
            said["username"] = self.username
        return said | {"is_forum": True} if self.is_forum else said


@dataclass(eq=False, repr=False)
class Message:
    """A message as it stands now; ``source`` is its text as the bot wrote it, tags and all."""

    id: int
    chat: Chat
    sender: User
    date: float
    content: Formatted
    source: str = ""
    sender_chat: Chat | None = None
    thread_id: int | None = None
    is_topic_message: bool = False
    reply_to: Message | None = None
    markup: Json | None = None
    file: File | None = None
    via_bot: User | None = None
    inline_id: str | None = None
    edited_at: float | None = None
    is_deleted: bool = False
    is_meant: bool = False  # For the bot, so that privacy mode lets replies to it pass.
    reactions: dict[int, list[Json]] = field(default_factory=dict)  # By who reacted.
    service: Json = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<message {self.id} in {self.chat!r} of {self.sender!r}: {self.text[:40]!r}>"

    @property
    def text(self) -> str:
        """What can be read of it, be it a text or the caption of a file."""
        return self.content.text

    @property
    def reaction(self) -> list[Json]:
        """All reactions to it, of people and of the bot."""
        return [one for of in self.reactions.values() for one in of]

    def payload(self, *, is_whole: bool = True) -> Json:
        """``is_whole`` shows what it replies to as well, which is never shown twice deep."""
        said: Json = {"message_id": self.id, "from": self.sender.payload()}
        if self.sender_chat is not None:
            said["sender_chat"] = self.sender_chat.payload()
        said |= {"chat": self.chat.payload(), "date": int(self.date)}
        if self.thread_id is not None:
            said["message_thread_id"] = self.thread_id
        if self.is_topic_message:
            said["is_topic_message"] = True
        if self.reply_to is not None and is_whole and not self.reply_to.is_deleted:
            said["reply_to_message"] = self.reply_to.payload(is_whole=False)
        if self.via_bot is not None:
            said["via_bot"] = self.via_bot.payload()
        if self.edited_at is not None:
            said["edit_date"] = int(self.edited_at)
        said |= self._content()
        if self.markup is not None and self.markup.get("inline_keyboard"):
            said["reply_markup"] = self.markup
        return said | self.service

    def _content(self) -> Json:
        said: Json = {}
        prefix = ""
        if self.file is not None:
            prefix = "caption_"
            if self.file.is_photo:
                said["photo"] = self.file.photo()
            else:
                said["document"] = self.file.document()
        if self.content.text:
            said["caption" if prefix else "text"] = self.content.text
            if self.content.entities:
                said[prefix + "entities"] = self.content.entities
        return said


def member_of(chat: Chat, user: User) -> Member:
    """Somebody's membership, which is ``left`` for whoever never came."""
    return chat.members.get(user.id) or Member(user, "left")
