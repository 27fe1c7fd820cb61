"""A unit of work: the repositories of one club on one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection

from storage.announcements import Announcements
from storage.asks import Asks
from storage.audit import Audit
from storage.claims import Claims
from storage.clubs import Clubs
from storage.codes import Codes
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.forgetting import Forgetting
from storage.inbox import Inbox
from storage.leases import Leases
from storage.link_codes import LinkCodes
from storage.luma import LumaCalendars, LumaDue
from storage.mirrors import Mirrors
from storage.opinions import Opinions
from storage.outbox import Outbox
from storage.papers import Papers
from storage.people import People
from storage.places import Places
from storage.platform_state import PlatformState
from storage.posts import Posts
from storage.reach import Reach
from storage.reminders import Reminders
from storage.rsvps import Rsvps
from storage.search import Search
from storage.sessions import Lookout, Sessions
from storage.stored_actions import StoredActions

_PLANNED, _FORGOTTEN = "planned", "forgotten"


class UnitOfWork:
    """Everything that is read or written together; whoever made it commits or rolls back.

    Without a club only what belongs to none can be used (clubs, codes, leases, platform state,
    open forms, the inbox, the outbox, reach, what is due); the rest raises LookupError.
    """

    def __init__(
        self, connection: Connection, club_id: int | None = None, marks: set[str] | None = None
    ) -> None:
        self._connection = connection
        self._club_id = club_id
        # Shared by all units on one transaction, since what one plans the commit makes due.
        self._marks: set[str] = set() if marks is None else marks

    @property
    def has_planned(self) -> bool:
        """Whether a delivery was planned, so that the sender can be woken after the commit."""
        return _PLANNED in self._marks

    @property
    def has_forgotten(self) -> bool:
        """Whether somebody was forgotten, so that the database is to be cleaned afterwards."""
        return _FORGOTTEN in self._marks

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
    def announcements(self) -> Announcements:
        return Announcements(self._connection, self.club_id)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self._connection, self.club_id, lambda: self._marks.add(_PLANNED))

    @cached_property
    def opinions(self) -> Opinions:
        return Opinions(self._connection, self.club_id)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self._connection, self.club_id)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self._connection, self.club_id)

    @cached_property
    def rsvps(self) -> Rsvps:
        return Rsvps(self._connection, self.club_id)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self._connection, self.club_id)

    @cached_property
    def luma(self) -> LumaCalendars:
        return LumaCalendars(self._connection, self.club_id)

    @cached_property
    def luma_due(self) -> LumaDue:
        return LumaDue(self._connection)

    @cached_property
    def claims(self) -> Claims:
        return Claims(self._connection, self.club_id)

    @cached_property
    def link_codes(self) -> LinkCodes:
        return LinkCodes(self._connection, self.club_id)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self._connection, self.club_id)

    @cached_property
    def forgetting(self) -> Forgetting:
        return Forgetting(self._connection, self.club_id, lambda: self._marks.add(_FORGOTTEN))

    @cached_property
    def asks(self) -> Asks:
        return Asks(self._connection)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self._connection)

    @cached_property
    def lookout(self) -> Lookout:
        return Lookout(self._connection)

    @cached_property
    def mirrors(self) -> Mirrors:
        return Mirrors(self._connection)

    def wake(self) -> None:
        """Has what is due looked at after the commit: something may be due at once."""
        self._marks.add(_PLANNED)

    @cached_property
    def reach(self) -> Reach:
        return Reach(self._connection)

    def of_club(self, club_id: int) -> UnitOfWork:
        """The same transaction for another club, such as one that it has just founded."""
        return UnitOfWork(self._connection, club_id, self._marks)

    @contextmanager
    def savepoint(self) -> Iterator[UnitOfWork]:
        """A part that fails alone: its writes go when it raises, those before it stay."""
        with self._connection.begin_nested():
            yield UnitOfWork(self._connection, self._club_id, self._marks)
