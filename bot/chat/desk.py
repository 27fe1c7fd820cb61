"""What an adapter is handed: everything it may ask of the house, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bot.chat.commands import Command
from bot.chat.invocation import Actor, Invocation, MessageRef, PlaceRef, Update, UpdateRef
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
    zone_of: Callable[[PlaceRef, Actor | None], str]
    """The IANA zone for times: the person's own where they alone read, else the club's."""
    accept: Callable[[Sequence[Update]], Awaitable[list[UpdateRef]]]
    """Stores a batch of events in one commit; gives those that were not known before."""
    recall: Callable[[str, int], Awaitable[list[Update]]]
    """The stored events of a source that were not finished, oldest first, after that number; a
    thousand at most, so it is asked again until nothing comes."""
    finish: Callable[[UpdateRef], None]
    """Says that an event was handled and answered; written soon, several in one commit."""
    load_form: Callable[[PlaceRef, Actor], Awaitable[str | None]]
    """What an adapter keeps of the form that a person fills in field by field in a chat."""
    save_form: Callable[[PlaceRef, Actor, str | None], Awaitable[None]]
    """Keeps it in the place of the one before; None closes the form."""
    logged_as: Callable[[str], AbstractContextManager[object]]
    """What is logged within carries this id: an invocation's, while it is handled and answered."""
