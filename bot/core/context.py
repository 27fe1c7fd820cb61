"""What a handler is given: who asks, what the club is, and, where declared, a unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.commands import Command
from bot.chat.invocation import Invocation
from bot.chat.reply import Action
from bot.core.catalogue import Catalogue, PersonInfo
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Context:
    """Made anew for each call. `now` is aware UTC."""

    invocation: Invocation
    table: Sequence[Command]
    catalogue: Catalogue
    now: datetime
    unit: UnitOfWork | None = None

    @property
    def uow(self) -> UnitOfWork:
        """The open unit of work; a handler declared `CATALOGUE` has none."""
        if self.unit is None:
            raise RuntimeError(f"/{self.invocation.command} declares no unit of work")
        return self.unit

    @property
    def person(self) -> PersonInfo | None:
        """Who asks, if the club knows them."""
        return self.catalogue.person(self.invocation.actor)

    @property
    def is_organiser(self) -> bool:
        return self.person is not None and self.person.is_organiser

    def again(self, *values: str) -> Action:
        """What makes this very answer again, for page buttons."""
        return Action("Again", self.invocation.command, values)
