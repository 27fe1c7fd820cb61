"""Discord on loopback: REST v10 and gateway v10 for a real client, and people for a test.

A test sets up guilds and people, lets them act, and reads what they see; every request of the bot
is checked. See ``Person`` for what people can do and ``Club`` for what a guild can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import discord
import yarl
from discord.gateway import DiscordWebSocket

from tests.discord.clock import Clock
from tests.discord.clubs import Club
from tests.discord.intents import GUILDS
from tests.discord.people import Person
from tests.discord.permissions import EVERYONE, Permission
from tests.discord.places import ChannelKind, Guild, Member, Role
from tests.discord.server import PREFIX, Server
from tests.discord.world import Violation, World

BOT_MAY = EVERYONE | Permission.PIN_MESSAGES | Permission.MANAGE_THREADS | Permission.CREATE_EVENTS


class Simulator(World):
    """``async with Simulator() as simulator:``; then ``simulator.api_url`` answers.

    ``speed`` makes simulated seconds shorter than real ones; ``checks=False`` leaves bodies
    unchecked, where only speed matters.
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        privileged: int = 0,
        checks: bool = True,
        port: int = 0,
    ) -> None:
        super().__init__(Clock(speed), privileged)
        self._server = Server(self, checks=checks)
        self._port = port

    async def __aenter__(self) -> Simulator:
        await self._server.start(self._port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.stop()

    @property
    def api_url(self) -> str:
        return self.base + PREFIX

    async def guild(
        self,
        name: str,
        *,
        channels: tuple[str, ...] = ("general",),
        bot_permissions: int = BOT_MAY,
        has_bot: bool = True,
    ) -> Club:
        """A guild with text channels, which the bot is in unless told otherwise."""
        owner = Person(self, f"Owner of {name}")
        guild = Guild(self.ids.next(), name, owner)
        self.guilds[guild.id] = guild
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE, 0)
        role = Role(self.ids.next(), self.bot.name, bot_permissions, is_managed=True)
        guild.roles[role.id] = role
        club = Club(self, guild, role)
        club.join(owner)
        for channel in channels:
            club.add_channel(channel, ChannelKind.TEXT)
        owner.go(next(iter(guild.channels.values())))
        if has_bot:
            self.invite(club)
        return club

    def invite(self, club: Club) -> None:
        """Adds the bot to a guild."""
        guild = club.guild
        member = Member(self.bot, guild, self.clock.now(), [club.bot_role.id])
        guild.members[self.bot.id] = member
        self.tell("GUILD_CREATE", guild.created(self.bot), guild, GUILDS)

    def person(self, name: str) -> Person:
        """Somebody in no guild, at home in the direct messages with the bot."""
        person = Person(self, name)
        person.go(person.dm)
        return person

    def advance(self, seconds: float) -> None:
        """Lets simulated time pass at once."""
        self.clock.jump(seconds)
        self.bell.ring()

    def take_violations(self) -> list[Violation]:
        """The violations so far, which then no longer count: for tests that provoke them."""
        taken = list(self.violations)
        self.violations.clear()
        return taken

    @contextmanager
    def serving_discord_py(self) -> Iterator[None]:
        """Points discord.py at this server, for bots that do not do so themselves."""
        before = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE = self.api_url
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway.url())
        try:
            yield
        finally:
            discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
