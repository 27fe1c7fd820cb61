"""What every platform's adapter is to the rest of the house."""

from __future__ import annotations

from typing import Protocol

from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.reply import Reply


class Adapter(Protocol):
    """One platform. `send` raises a DeliveryError that says what is known of the message."""

    name: str

    async def run(self) -> None:
        """Takes in events until `stop` is called or the platform ends it."""
        ...

    async def stop(self) -> None:
        """Stops taking in, lets what runs finish, closes."""
        ...

    async def send(self, place: PlaceRef, reply: Reply, key: str) -> MessageRef:
        """Sends unasked. `key` is the same for a repeat of the same message."""
        ...
