"""Messages and files, and the JSON that Discord shows of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.discord.clock import iso
from tests.discord.limits import IS_V2
from tests.discord.mentions import Mentions
from tests.discord.places import Channel, User
from tests.discord.refusals import Json

EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS = 1 << 6, 1 << 7, 1 << 12
DEFAULT, PINNED_NOTICE, THREAD_CREATED, REPLY, COMMAND, MENU = 0, 6, 18, 19, 20, 23


@dataclass(eq=False, slots=True)
class File:
    """A file that Discord keeps, and gives out at ``url``."""

    id: int
    filename: str
    content_type: str
    data: bytes
    url: str
    description: str | None = None
    is_ephemeral: bool = False

    def payload(self) -> Json:
        payload: Json = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        if self.description:
            payload["description"] = self.description
        return payload | ({"ephemeral": True} if self.is_ephemeral else {})


@dataclass(eq=False, slots=True)
class Message:
    """A message; with a ``viewer`` it is ephemeral, and only that person sees it."""

    id: int
    channel: Channel
    author: User
    created_at: float
    kind: int = DEFAULT
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    flags: int = 0
    mentions: Mentions = field(default_factory=Mentions)
    reference: Message | None = None
    viewer: User | None = None
    edited_at: float | None = None
    is_pinned: bool = False
    is_deleted: bool = False
    nonce: str | int | None = None
    reactions: dict[str, set[User]] = field(default_factory=dict)
    interaction: Json | None = None  # What led to it, as Discord tells of it.
    application_id: int | None = None
    thread: Channel | None = None

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & IS_V2)

    @property
    def is_loading(self) -> bool:
        return bool(self.flags & LOADING)

    def is_visible_to(self, user: User) -> bool:
        return not self.is_deleted and self.viewer in (None, user)

    def payload(self, bot: User, *, has_content: bool = True, is_event: bool = False) -> Json:
        """The message as the bot is shown it; without content where it may not read that."""
        payload = self._frame(bot)
        if not has_content:
            payload |= {"content": "", "embeds": [], "components": [], "attachments": []}
        if self.nonce is not None:
            payload["nonce"] = self.nonce
        if self.channel.guild is not None and is_event:
            payload["guild_id"] = str(self.channel.guild.id)
            member = self.channel.guild.members.get(self.author.id)
            if member is not None:
                payload["member"] = member.payload(with_user=False)
        return payload

    def _frame(self, bot: User) -> Json:
        payload: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": self.kind,
            "author": self.author.payload(),
            "content": self.content,
            "embeds": self.embeds,
            "components": self.components,
            "attachments": [file.payload() for file in self.files],
            "timestamp": iso(self.created_at),
            "edited_timestamp": iso(self.edited_at) if self.edited_at else None,
            "flags": self.flags,
            "tts": False,
            "pinned": self.is_pinned,
            "mention_everyone": self.mentions.everyone,
            "mentions": [user.payload() for user in self.mentions.users],
            "mention_roles": [str(role) for role in self.mentions.roles],
        }
        if self.reactions:
            payload["reactions"] = [self._reaction(emoji, bot) for emoji in self.reactions]
        if self.application_id is not None:
            payload["webhook_id"] = payload["application_id"] = str(self.application_id)
        if self.interaction is not None:
            payload["interaction_metadata"] = self.interaction
        if self.kind == REPLY or self.reference is not None:
            payload |= self._reply()
        if self.thread is not None:
            payload["thread"] = self.thread.payload()
        return payload

    def _reply(self) -> Json:
        """The message that this one answers is not told here: what may be read of it differs."""
        target = self.reference
        if target is None:
            return {}
        reference: Json = {
            "type": 0,
            "message_id": str(target.id),
            "channel_id": str(target.channel.id),
        }
        if target.channel.guild is not None:
            reference["guild_id"] = str(target.channel.guild.id)
        return {"message_reference": reference}

    def _reaction(self, emoji: str, bot: User) -> Json:
        who = self.reactions[emoji]
        return {
            "emoji": {"id": None, "name": emoji},
            "count": len(who),
            "count_details": {"burst": 0, "normal": len(who)},
            "burst_colors": [],
            "me": bot in who,
            "me_burst": False,
            "burst_me": False,
            "burst_count": 0,
        }
