"""People, roles, guilds and channels, and the JSON that Discord shows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from tests.discord.clock import iso
from tests.discord.ids import made_at
from tests.discord.permissions import (
    IN_DM,
    Permission,
    base_permissions,
    channel_permissions,
)
from tests.discord.refusals import Json
from tests.discord.seen import Seen, see

if TYPE_CHECKING:
    from tests.discord.messages import Message


class ChannelKind(IntEnum):
    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    PUBLIC_THREAD = 11
    FORUM = 15


@dataclass(eq=False)
class User:
    id: int
    name: str
    is_bot: bool = False
    has_dms_closed: bool = False

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def payload(self) -> Json:
        username = "".join(c for c in self.name.lower() if c.isalnum()) or "person"
        return {
            "id": str(self.id),
            "username": username,
            "discriminator": "0000" if self.is_bot else "0",
            "global_name": None if self.is_bot else self.name,
            "avatar": None,
            "bot": self.is_bot,
            "system": False,
            "public_flags": 0,
            "flags": 0,
            "banner": None,
            "accent_color": None,
            "primary_guild": None,
        }


@dataclass(eq=False, slots=True)
class Role:
    id: int
    name: str
    permissions: int
    position: int = 1
    is_mentionable: bool = False
    is_managed: bool = False

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "name": self.name,
            "description": None,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.is_managed,
            "mentionable": self.is_mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass(eq=False, slots=True)
class Member:
    user: User
    guild: Guild
    joined_at: float
    roles: list[int] = field(default_factory=list)
    nick: str | None = None

    def payload(self, *, in_channel: Channel | None = None, with_user: bool = True) -> Json:
        payload: Json = {
            "nick": self.nick,
            "avatar": None,
            "banner": None,
            "roles": [str(role) for role in self.roles],
            "joined_at": iso(self.joined_at),
            "premium_since": None,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }
        if with_user:
            payload["user"] = self.user.payload()
        if in_channel is not None:
            payload["permissions"] = str(int(channel_permissions(in_channel, self)))
        return payload


@dataclass(eq=False, slots=True)
class Overwrite:
    """What a channel allows and denies one role or member, beyond the roles."""

    is_for_member: bool
    allow: int = 0
    deny: int = 0


@dataclass(eq=False, slots=True)
class Channel:
    id: int
    name: str
    kind: ChannelKind
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: User | None = None
    owner: User | None = None
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    thread_members: set[int] = field(default_factory=set)

    @property
    def is_thread(self) -> bool:
        return self.kind is ChannelKind.PUBLIC_THREAD

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    def permissions_of(self, user: User) -> int:
        """0 for who is not here."""
        if self.guild is None:
            return IN_DM if user.is_bot or user is self.recipient else 0
        member = self.guild.members.get(user.id)
        return 0 if member is None else channel_permissions(self, member)

    def visible_to(self, user: User) -> list[Seen]:
        """The messages that somebody sees here, oldest first."""
        if not self.permissions_of(user) & Permission.VIEW_CHANNEL:
            return []
        return [see(one) for one in self.messages.values() if one.is_visible_to(user)]

    def payload(self) -> Json:
        payload: Json = {"id": str(self.id), "type": int(self.kind), "flags": 0}
        messages = [key for key, message in self.messages.items() if message.viewer is None]
        if self.kind not in (ChannelKind.CATEGORY,):
            payload["last_message_id"] = str(messages[-1]) if messages else None
        if self.guild is None:
            assert self.recipient is not None
            return payload | {"recipients": [self.recipient.payload()]}
        payload |= {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "parent_id": str(self.parent.id) if self.parent else None,
            "rate_limit_per_user": 0,
        }
        return payload | (self._thread_part() if self.is_thread else self._guild_part())

    def _guild_part(self) -> Json:
        part: Json = {
            "position": self.position,
            "nsfw": False,
            "topic": None,
            "permission_overwrites": [
                {
                    "id": str(key),
                    "type": int(overwrite.is_for_member),
                    "allow": str(int(overwrite.allow)),
                    "deny": str(int(overwrite.deny)),
                }
                for key, overwrite in self.overwrites.items()
            ],
        }
        if self.kind is ChannelKind.VOICE:
            part |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
        if self.kind is ChannelKind.FORUM:
            part |= {"available_tags": [], "default_reaction_emoji": None}
        return part

    def _thread_part(self) -> Json:
        made = iso(made_at(self.id))
        return {
            "owner_id": str(self.owner.id) if self.owner else "0",
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": len(self.thread_members),
            "thread_metadata": {
                "archived": False,
                "archive_timestamp": made,
                "auto_archive_duration": 1440,
                "locked": False,
                "create_timestamp": made,
            },
        }


@dataclass(eq=False, slots=True)
class Guild:
    id: int
    name: str
    owner: User
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    def permissions_of(self, user: User) -> int:
        member = self.members.get(user.id)
        return 0 if member is None else base_permissions(self, member)

    def payload(self) -> Json:
        """What REST shows of a guild."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "description": None,
            "home_header": None,
            "splash": None,
            "discovery_splash": None,
            "features": [],
            "banner": None,
            "owner_id": str(self.owner.id),
            "application_id": None,
            "region": "rotterdam",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "widget_enabled": False,
            "widget_channel_id": None,
            "verification_level": 0,
            "roles": [role.payload() for role in self.roles.values()],
            "default_message_notifications": 1,
            "mfa_level": 0,
            "explicit_content_filter": 0,
            "max_presences": None,
            "max_members": 500000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "vanity_url_code": None,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": "en-US",
            "rules_channel_id": None,
            "safety_alerts_channel_id": None,
            "public_updates_channel_id": None,
            "premium_progress_bar_enabled": False,
            "premium_progress_bar_enabled_user_updated_at": None,
            "nsfw": False,
            "nsfw_level": 0,
            "emojis": [],
            "stickers": [],
            "incidents_data": None,
        }

    def created(self, bot: User) -> Json:
        """What GUILD_CREATE tells the bot; of the members, only itself."""
        me = self.members[bot.id]
        channels = list(self.channels.values())
        return self.payload() | {
            "joined_at": iso(me.joined_at),
            "large": len(self.members) > 250,
            "unavailable": False,
            "member_count": len(self.members),
            "members": [me.payload()],
            "voice_states": [],
            "channels": [channel.payload() for channel in channels if not channel.is_thread],
            "threads": [channel.payload() for channel in channels if channel.is_thread],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
