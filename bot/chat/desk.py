"""What an adapter is handed: everything it may ask of the house, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.chat.commands import Command
from bot.chat.invocation import Invocation, MessageRef, PlaceRef
from bot.chat.reply import Choice, Reply, Subject


@dataclass(frozen=True, slots=True)
class Desk:
    """`dispatch` never raises: whatever goes wrong comes back as a reply.

    `complete` takes the invocation so far, the parameter's name and what was typed of it.
    """

    commands: Sequence[Command]
    dispatch: Callable[[Invocation], Awaitable[Reply]]
    complete: Callable[[Invocation, str, str], Awaitable[list[Choice]]]
    posted: Callable[[MessageRef, Subject], Awaitable[None]]
    """Remembers what a sent message is about."""
    subject_of: Callable[[MessageRef], Awaitable[Subject | None]]
    load_state: Callable[[str, str], Awaitable[str | None]]
    """A platform's own small notes, by platform and key: what it registered, what it saw last."""
    save_state: Callable[[str, str, str], Awaitable[None]]
    watched: Callable[[str], Sequence[PlaceRef]]
    """The places of a platform whose ordinary messages are taken in."""
