"""What every platform's adapter is to the rest of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.pacer import Pacer
from bot.chat.reply import Reply


@dataclass(frozen=True, slots=True)
class Sight:
    """What an adapter sees of a place: its name, and what the bot lacks there."""

    name: str
    missing: tuple[str, ...] = ()
    """Permissions by the names under which the platform shows them."""
    remedy: str = ""
    """Where these are given, as a sentence."""
    reads_messages: bool = True
    reading: str = ""
    """How the bot would come to read ordinary messages, as a sentence."""
    hints: tuple[str, ...] = ()
    """What else is switched off on the platform and how to change it, as sentences."""


@dataclass(frozen=True, slots=True)
class NativeEvent:
    """A session as a platform's own calendar shows it. Instants are aware UTC."""

    name: str
    description: str
    """Names the session, so that no other event of the server has the same."""
    starts_at: datetime
    ends_at: datetime
    location: str
    channel_id: str | None = None
    """The voice channel where it happens, in the place of a location."""


class Events(Protocol):
    """The calendar that a platform keeps for a server. Each call raises a DeliveryError."""

    async def put(self, server_id: str, event_id: str | None, event: NativeEvent) -> str:
        """Makes it so: a new event without an id, else a change; its id.

        An event with this description that an earlier try has made is changed, not made again.
        Raises Gone for an event that is there no more, and Rejected for one that has begun.
        """
        ...

    async def cancel(self, server_id: str, event_id: str | None, event: NativeEvent) -> None:
        """Takes it back, also one that an earlier try has made without telling its id.

        One that is gone already is taken back.
        """
        ...

    async def interested(self, server_id: str, event_id: str) -> list[str]:
        """The accounts of those who pressed that it interests them."""
        ...


class Adapter(Protocol):
    """One platform. `send` raises a DeliveryError that says what is known of the message."""

    name: str
    pacer: Pacer
    """How fast this platform may be written to; answers to people count and do not wait."""
    repeats_for: float
    """Seconds for which a second `send` with the same key makes no second message; 0 where the
    platform cannot tell a repeat."""

    events: Events | None
    """The platform's own calendar, where it has one."""

    @property
    def is_ready(self) -> bool:
        """Whether it is connected, so that unasked messages can be sent."""
        ...

    @property
    def is_connected(self) -> bool:
        """Whether it hears from the platform now. A connection that is being made anew is none,
        though messages may be sent meanwhile.
        """
        ...

    async def run(self) -> None:
        """Takes in events until `stop` is called or the platform ends it."""
        ...

    async def stop(self) -> None:
        """Stops taking in, lets what runs finish, closes."""
        ...

    def sight(self, place: PlaceRef) -> Sight | None:
        """What is known of a place without asking the platform; None where nothing is."""
        ...

    async def send(self, place: PlaceRef, reply: Reply, key: str) -> MessageRef:
        """Sends unasked. `key` is the same for a repeat of the same message.

        A private place is named by its person's account: its `chat_id` is the account's id. Raises
        Gone where that person takes no messages of the bot.
        """
        ...

    async def edit(self, place: PlaceRef, message_id: str, reply: Reply) -> None:
        """Puts a reply in the place of a message that the bot has sent; at once, like an answer.

        Raises a DeliveryError: Gone where the message or the place is there no more.
        """
        ...
