"""What every platform's adapter is to the rest of the house."""

from __future__ import annotations

from dataclasses import dataclass
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


class Adapter(Protocol):
    """One platform. `send` raises a DeliveryError that says what is known of the message."""

    name: str
    pacer: Pacer
    """How fast this platform may be written to; answers to people count and do not wait."""
    repeats_for: float
    """Seconds for which a second `send` with the same key makes no second message; 0 where the
    platform cannot tell a repeat."""

    @property
    def is_ready(self) -> bool:
        """Whether it is connected, so that unasked messages can be sent."""
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
