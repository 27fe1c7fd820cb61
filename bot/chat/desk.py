"""What an adapter is handed: everything it may ask of the house, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.chat.commands import Command
from bot.chat.invocation import Invocation
from bot.chat.reply import Choice, Reply


@dataclass(frozen=True, slots=True)
class Desk:
    """`dispatch` never raises: whatever goes wrong comes back as a reply.

    `complete` takes the invocation so far, the parameter's name and what was typed of it.
    """

    commands: Sequence[Command]
    dispatch: Callable[[Invocation], Awaitable[Reply]]
    complete: Callable[[Invocation, str, str], Awaitable[list[Choice]]]
