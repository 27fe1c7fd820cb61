"""What a handler is given: who asks, what the club is, and, where declared, a unit of work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.adapter import Sight
from bot.chat.commands import Command
from bot.chat.errors import Invalid
from bot.chat.fetching import Fetched, FetchFailed
from bot.chat.invocation import ADMINISTRATORS, Invocation, PlaceRef
from bot.chat.reply import Action
from bot.core.catalogue import Catalogue, PersonInfo
from storage.places import StoredPlace
from storage.unit_of_work import UnitOfWork


def sees_nothing(place: PlaceRef) -> Sight | None:
    """What is seen of a place where no platform runs."""
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """Made anew for each call. `now` is aware UTC."""

    invocation: Invocation
    table: Sequence[Command]
    catalogue: Catalogue
    now: datetime
    unit: UnitOfWork | None = None
    is_open: bool = False
    """Whether anybody may found a club here."""
    time_zone: str = "UTC"
    """That of a club that is founded without saying one."""
    sight: Callable[[PlaceRef], Sight | None] = sees_nothing
    answer: Fetched | FetchFailed | None = None
    """What came of fetching the address that the command had named."""

    @property
    def uow(self) -> UnitOfWork:
        """The open unit of work; a handler declared `CATALOGUE` has none."""
        if self.unit is None:
            raise RuntimeError(f"/{self.invocation.command} declares no unit of work")
        return self.unit

    @property
    def fetched(self) -> Fetched:
        """What was fetched for this call; raises Invalid where that failed."""
        if isinstance(self.answer, Fetched):
            return self.answer
        why = str(self.answer) if self.answer is not None else "nothing was fetched"
        raise Invalid(f"That address could not be read: {why}.")

    @property
    def home(self) -> StoredPlace | None:
        """Where this is; None in a private chat and where the default club is spoken for."""
        return self.catalogue.home(self.invocation.place)

    @property
    def person(self) -> PersonInfo | None:
        """Who asks, if the club knows them."""
        return self.catalogue.person(self.invocation.actor)

    @property
    def is_organiser(self) -> bool:
        """By a role in the club, or by what the server or group says of them."""
        if self.person is not None and self.person.is_organiser:
            return True
        role = self.home.organiser_role if self.home else None
        actor = self.invocation.actor
        return role in actor.role_ids or (role == ADMINISTRATORS and actor.is_manager)

    def command(self, name: str) -> Command:
        return next(known for known in self.table if known.name == name)

    def again(self, *values: str) -> Action:
        """What makes this very answer again, for page buttons."""
        return Action("Again", self.invocation.command, values)
