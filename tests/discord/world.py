"""The whole state of the simulated Discord, and the few ways in which it changes."""

from __future__ import annotations

import mimetypes
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from tests.discord import intents
from tests.discord.clock import Bell, Clock
from tests.discord.faults import Faults
from tests.discord.gateway import Gateway
from tests.discord.ids import Snowflakes
from tests.discord.interactions import Interaction
from tests.discord.messages import File, Message
from tests.discord.permissions import Permission
from tests.discord.places import Channel, ChannelKind, Guild, User
from tests.discord.refusals import Json, Problem, unknown

TOKEN = "simulated-token-of-the-bot"


@dataclass(frozen=True, slots=True)
class Violation:
    """A request that Discord refuses and that a correct bot never sends."""

    method: str
    path: str
    code: int
    message: str
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        problems = "; ".join(map(str, self.problems))
        return f"{self.method} {self.path}: {self.code} {self.message} {problems}"


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the bot as it came, and the status that answered it."""

    method: str
    template: str
    path: str
    query: dict[str, str]
    body: object
    status: int
    agent: str


@dataclass(eq=False)
class Calendared:
    """An entry of a server's calendar."""

    id: int
    guild: Guild
    payload: Json
    interested: list[User] = field(default_factory=list)


class World:
    """Everybody and everything there is.

    ``privileged`` are the privileged intents that the application was granted, which decide over
    message content in REST as well.
    """

    def __init__(self, clock: Clock, privileged: int = 0) -> None:
        self.clock = clock
        self.bell = Bell(clock)
        self.ids = Snowflakes(clock)
        self.token = TOKEN
        self.privileged = privileged
        self.application_id = self.ids.next()
        self.bot = User(self.application_id, "Paper Bot", is_bot=True)
        self.owner = User(self.ids.next(), "Owner")
        self.users: dict[int, User] = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, File] = {}
        self.calendar: dict[int, Calendared] = {}
        self.commands: dict[int | None, dict[int, Json]] = {None: {}}
        self.interactions: dict[str, Interaction] = {}  # By token.
        self.nonces: dict[tuple[int, str], tuple[float, Message]] = {}
        self.requests: deque[Request] = deque(maxlen=10_000)
        self.violations: list[Violation] = []
        self.faults = Faults()
        self.gateway = Gateway(self)
        self.base = ""  # The address of the server, once it listens.
        self.ahead_by = timedelta()  # How wrong the time is that its answers tell.
        # What the developer portal says beyond the intents.
        self.portal: Json = {}

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild is not None:
            channel.guild.channels[channel.id] = channel
        return channel

    def dm_with(self, user: User) -> Channel:
        """The direct messages between the bot and a person."""
        for channel in self.channels.values():
            if channel.guild is None and channel.recipient is user:
                return channel
        return self.add_channel(
            Channel(self.ids.next(), "", ChannelKind.DM, recipient=user, owner=user)
        )

    def find_channel(self, key: str | int) -> Channel:
        """Raises the refusal that Discord answers where there is none."""
        found = self.channels.get(int(key))
        if found is None:
            raise unknown("Channel")
        return found

    def find_guild(self, key: str | int) -> Guild:
        found = self.guilds.get(int(key))
        if found is None or self.bot.id not in found.members:
            raise unknown("Guild")
        return found

    def add_file(
        self, name: str, data: bytes, content_type: str | None = None, *, is_ephemeral: bool = False
    ) -> File:
        key = self.ids.next()
        kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(key, name, kind, data, f"{self.base}/attachments/{key}/{quote(name)}")
        file.is_ephemeral = is_ephemeral
        self.files[key] = file
        return file

    # What the bot is told; nobody else listens.

    def tell(
        self, event: str, payload: Json | Callable[[int], Json], guild: Guild | None, needs: int
    ) -> None:
        """Sends an event to each connection that serves the guild and asked for this.

        ``payload`` may depend on the intents of the connection; ``needs`` is the intent, or 0.
        """
        self.gateway.send(event, payload, guild.id if guild else None, needs)
        self.bell.ring()

    def tell_of_message(self, event: str, message: Message) -> None:
        """Tells of a message that is new or changed, if the bot can see its channel."""
        channel = message.channel
        is_hidden = not channel.permissions_of(self.bot) & Permission.VIEW_CHANNEL
        if message.viewer is not None or is_hidden:
            self.bell.ring()
            return

        def payload(held: int) -> Json:
            return intents.readable(message, self.bot, held & self.readable, is_event=True)

        needs = intents.GUILD_MESSAGES if channel.guild else intents.DIRECT_MESSAGES
        self.tell(event, payload, channel.guild, needs)

    @property
    def readable(self) -> int:
        """A mask: message content is given only to an application that was granted it."""
        return ~intents.MESSAGE_CONTENT | self.privileged

    def show(self, message: Message) -> Json:
        """The message as REST shows it to the bot."""
        return intents.readable(message, self.bot, self.privileged)

    def members_of(self, user: User) -> list[Guild]:
        return [guild for guild in self.guilds.values() if user.id in guild.members]
