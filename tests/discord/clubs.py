"""A guild as a test sets it up: channels, roles, members, and what the bot may do there."""

from __future__ import annotations

from tests.discord.intents import GUILD_MEMBERS, GUILDS
from tests.discord.people import Person
from tests.discord.permissions import Permission
from tests.discord.places import Channel, ChannelKind, Guild, Member, Overwrite, Role, User
from tests.discord.rest_channels import open_thread, remove_channel
from tests.discord.world import World


class Club:
    def __init__(self, world: World, guild: Guild, bot_role: Role) -> None:
        self._world = world
        self.guild = guild
        self.bot_role = bot_role

    @property
    def id(self) -> int:
        return self.guild.id

    def channel(self, name: str) -> Channel:
        for channel in self.guild.channels.values():
            if channel.name == name:
                return channel
        raise AssertionError(f"no channel {name!r}")

    def add_channel(self, name: str, kind: ChannelKind = ChannelKind.TEXT) -> Channel:
        channel = Channel(self._world.ids.next(), name, kind, self.guild)
        channel.position = len(self.guild.channels)
        self._world.add_channel(channel)
        self._world.tell("CHANNEL_CREATE", channel.payload(), self.guild, GUILDS)
        return channel

    def add_thread(self, name: str, parent: str, owner: User | None = None) -> Channel:
        return open_thread(self._world, self.channel(parent), owner or self.guild.owner, name)

    def remove_channel(self, name: str) -> None:
        remove_channel(self._world, self.channel(name))

    def add_role(self, name: str, permissions: int = 0, *, is_mentionable: bool = False) -> Role:
        key = self._world.ids.next()
        role = Role(key, name, permissions, len(self.guild.roles), is_mentionable)
        self.guild.roles[key] = role
        payload = {"guild_id": str(self.id), "role": role.payload()}
        self._world.tell("GUILD_ROLE_CREATE", payload, self.guild, GUILDS)
        return role

    def member(self, name: str, *roles: Role, permissions: int = 0) -> Person:
        """The member of this name, who joins if there is none; ``permissions`` by an own role."""
        for member in self.guild.members.values():
            if member.user.name == name and isinstance(member.user, Person):
                return member.user
        person = Person(self._world, name)
        own = (self.add_role(f"role of {name}", permissions),) if permissions else ()
        self.join(person, *roles, *own)
        person.go(next(iter(self.guild.channels.values())))
        return person

    def join(self, person: Person, *roles: Role) -> None:
        member = Member(person, self.guild, self._world.clock.now(), [role.id for role in roles])
        self.guild.members[person.id] = member
        payload = member.payload() | {"guild_id": str(self.id)}
        self._world.tell("GUILD_MEMBER_ADD", payload, self.guild, GUILD_MEMBERS)

    def leave(self, person: Person) -> None:
        del self.guild.members[person.id]
        payload = {"guild_id": str(self.id), "user": person.payload()}
        self._world.tell("GUILD_MEMBER_REMOVE", payload, self.guild, GUILD_MEMBERS)

    def give(self, person: Person, role: Role) -> None:
        self.guild.members[person.id].roles.append(role.id)
        payload = self.guild.members[person.id].payload() | {"guild_id": str(self.id)}
        self._world.tell("GUILD_MEMBER_UPDATE", payload, self.guild, GUILD_MEMBERS)

    def let_bot(self, allow: int = 0, deny: int = 0) -> None:
        """Changes what the bot's role may do in the whole guild, beyond what everybody may."""
        everyone = self.guild.roles[self.id]
        self.bot_role.permissions = (self.bot_role.permissions | allow) & ~deny
        everyone.permissions &= ~deny
        for role in (self.bot_role, everyone):
            payload = {"guild_id": str(self.id), "role": role.payload()}
            self._world.tell("GUILD_ROLE_UPDATE", payload, self.guild, GUILDS)

    def overwrite(
        self, channel: Channel, who: User | Role | None, allow: int = 0, deny: int = 0
    ) -> None:
        """What a channel allows and denies a person, a role or (None) everybody."""
        key = self.id if who is None else who.id
        channel.overwrites[key] = Overwrite(isinstance(who, User), allow, deny)
        self._world.tell("CHANNEL_UPDATE", channel.payload(), self.guild, GUILDS)

    def hide(self, channel: Channel, *seen_by: User | Role) -> None:
        """Hides a channel from everybody but those named."""
        self.overwrite(channel, None, deny=Permission.VIEW_CHANNEL)
        for who in seen_by:
            self.overwrite(channel, who, allow=Permission.VIEW_CHANNEL)

    def remove_bot(self) -> None:
        """Throws the bot out of the guild."""
        del self.guild.members[self._world.bot.id]
        self._world.tell("GUILD_DELETE", {"id": str(self.id)}, self.guild, GUILDS)
