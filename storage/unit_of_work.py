"""A unit of work: the repositories of one club on one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection

from storage.asks import Asks
from storage.clubs import Clubs
from storage.codes import Codes
from storage.leases import Leases
from storage.papers import Papers
from storage.people import People
from storage.places import Places
from storage.platform_state import PlatformState
from storage.posts import Posts
from storage.search import Search
from storage.stored_actions import StoredActions


class UnitOfWork:
    """Everything that is read or written together; whoever made it commits or rolls back.

    Without a club only what belongs to none can be used (clubs, codes, leases, platform state);
    the rest raises LookupError.
    """

    def __init__(self, connection: Connection, club_id: int | None = None) -> None:
        self._connection = connection
        self._club_id = club_id

    @property
    def club_id(self) -> int:
        """The one club that this unit reads and writes."""
        if self._club_id is None:
            raise LookupError("this unit of work is bound to no club")
        return self._club_id

    @cached_property
    def clubs(self) -> Clubs:
        return Clubs(self._connection)

    @cached_property
    def codes(self) -> Codes:
        return Codes(self._connection)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self._connection)

    @cached_property
    def platform_state(self) -> PlatformState:
        return PlatformState(self._connection)

    @cached_property
    def papers(self) -> Papers:
        return Papers(self._connection, self.club_id)

    @cached_property
    def search(self) -> Search:
        return Search(self._connection, self.club_id)

    @cached_property
    def people(self) -> People:
        return People(self._connection, self.club_id)

    @cached_property
    def places(self) -> Places:
        return Places(self._connection, self.club_id)

    @cached_property
    def posts(self) -> Posts:
        return Posts(self._connection, self.club_id)

    @cached_property
    def actions(self) -> StoredActions:
        return StoredActions(self._connection, self.club_id)

    @cached_property
    def asks(self) -> Asks:
        return Asks(self._connection, self.club_id)

    def of_club(self, club_id: int) -> UnitOfWork:
        """The same transaction for another club, such as one that it has just founded."""
        return UnitOfWork(self._connection, club_id)

    @contextmanager
    def savepoint(self) -> Iterator[UnitOfWork]:
        """A part that fails alone: its writes go when it raises, those before it stay."""
        with self._connection.begin_nested():
            yield UnitOfWork(self._connection, self._club_id)
