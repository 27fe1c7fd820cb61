"""Reading the clubs' calendars on Luma now and then: feeds, and guest lists where there is a key.

Whose turn it is stands in the database, and taking a turn moves it on in the same statement, so
that of several processes one reads. What goes wrong is said to organisers in /setup and /luma, and
tried again later and later; it never touches a session.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.chat.fetching import Fetch, Fetched, FetchFailed
from bot.chat.invocation import Actor, Invocation, Origin, PlaceRef
from bot.core.calendars.reading import CalendarFile, NotACalendar, read_calendar
from bot.core.catalogue import Catalogue
from bot.core.context import Context
from bot.core.luma.api import LumaApi, Refused, Throttled
from bot.core.luma.calendar import FEED_EVERY, read_well
from bot.core.luma.guest_lists import Guest
from bot.core.luma.guests import guests_words, take_guests, with_guests
from bot.core.luma.proposing import take_in
from bot.core.sessions.words import is_over
from bot.core.snapshots import Snapshots
from storage.luma import LumaCalendar
from storage.session_rows import SCHEDULED
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

log = logging.getLogger(__name__)

_GUESTS_EVERY = timedelta(minutes=15)
_LEASE_FOR = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=6)
_AT_ONCE, _MOST_TROUBLES = 4, 3
_OK, _UNCHANGED = 200, 304


@dataclass
class LumaReader:
    """Reads what is due, of all clubs. `keys` are those of Luma's API by the clubs' prefixes."""

    database: DatabaseWorker
    snapshots: Snapshots
    clock: Callable[[], datetime]
    fetch: Fetch
    api_url: str
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    planned: Callable[[], None] = lambda: None
    _begun: frozenset[int] = frozenset()

    async def read_due(self) -> int:
        """Reads what is due at this moment, a few at once; how much that was."""
        await self._begin()
        now, clubs = self.clock(), self.snapshots.clubs()

        def claim(uow: UnitOfWork) -> tuple[list[int], list[int]]:
            until = now + _LEASE_FOR
            feeds = uow.luma_due.claim("feed", now, until, clubs)
            return feeds, uow.luma_due.claim("guests", now, until, clubs) if self.keys else []

        feeds, lists = await self.database.write(claim)
        gate = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(
            *(self._guarded(gate, self._read_feed, club) for club in feeds),
            *(self._guarded(gate, self._read_guests, club) for club in lists),
        )
        return len(feeds) + len(lists)

    async def _begin(self) -> None:
        """A club with a key has its guest lists read from now on, one without has not any more."""
        clubs = frozenset(self.snapshots.clubs())
        if clubs == self._begun:
            return
        now = self.clock()

        def begin(uow: UnitOfWork) -> None:
            for club in uow.clubs.all():
                own = uow.of_club(club.id)
                known = own.luma.get()
                if club.prefix in self.keys:
                    calendar = known or own.luma.begin(secrets.token_hex(32))
                    if calendar.guests_at is None:
                        own.luma.set(guests_at=now)
                elif known is not None and known.guests_at is not None:
                    own.luma.set(guests_at=None, guests_said=None)

        await self.database.write(begin)
        self._begun = clubs

    async def _guarded(
        self, gate: asyncio.Semaphore, read: Callable[[int], Awaitable[None]], club: int
    ) -> None:
        async with gate:
            try:
                await read(club)
            except Exception:
                # Its turn comes again when the lease has run out.
                log.exception("the Luma calendar of club %d could not be read", club)

    async def _read_feed(self, club: int) -> None:
        calendar = await self.database.read(lambda uow: uow.luma.get(), club)
        catalogue = self.snapshots.of_club(club)
        if calendar is None or calendar.feed is None or catalogue is None:
            return
        conditions = {"If-None-Match": calendar.etag, "If-Modified-Since": calendar.modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            fetched = await self.fetch(calendar.feed, headers=headers)
            if fetched.status == _UNCHANGED:
                await self._note(club, calendar, failures=0, said="nothing is new.")
                return
            if fetched.status != _OK:
                raise FetchFailed(f"it answers with an error ({fetched.status})")
            zone = catalogue.club.time_zone
            # A large one takes a while, during which others are to be answered.
            read = await asyncio.to_thread(read_calendar, fetched.content, zone)
        except (FetchFailed, NotACalendar) as error:
            await self._feed_failed(club, calendar, str(error))
            return
        await self._take_feed(catalogue, calendar, fetched, read)

    async def _feed_failed(self, club: int, calendar: LumaCalendar, why: str) -> None:
        log.warning("the calendar feed of club %d could not be read: %s", club, why)
        failures = calendar.failures + 1
        pause = min(FEED_EVERY * 2 ** min(failures - 1, 10), _LONGEST_PAUSE)
        said = f"it could not be read: {why.rstrip('.')}. Nothing was changed here."
        await self._note(club, calendar, failures=failures, said=said, pause=pause)

    async def _note(
        self,
        club: int,
        calendar: LumaCalendar,
        *,
        failures: int,
        said: str,
        pause: timedelta = FEED_EVERY,
    ) -> None:
        now = self.clock()

        def note(uow: UnitOfWork) -> None:
            known = uow.luma.get()
            if known is not None and known.feed == calendar.feed:
                uow.luma.set(failures=failures, said=said, read_at=now, feed_at=now + pause)

        await self.database.write(note, club)

    async def _take_feed(
        self, catalogue: Catalogue, calendar: LumaCalendar, fetched: Fetched, read: CalendarFile
    ) -> None:
        now = self.clock()

        def take(uow: UnitOfWork) -> None:
            known = uow.luma.get()
            if known is None or known.feed != calendar.feed:
                # An organiser has set another one, or none, while this one was being read.
                return
            ctx = _context(catalogue, now, uow)
            uow.luma.set(**read_well(ctx, fetched, read, take_in(ctx, read)))

        await self._write(take, catalogue)

    async def _write(self, run: Callable[[UnitOfWork], None], catalogue: Catalogue) -> None:
        def unit(uow: UnitOfWork) -> bool:
            run(uow)
            return uow.has_planned

        if await self.database.write(unit, catalogue.club.id):
            self.planned()
        await self.snapshots.refresh(catalogue.club.id)

    async def _read_guests(self, club: int) -> None:
        catalogue = self.snapshots.of_club(club)
        key = self.keys.get(catalogue.club.prefix) if catalogue else None
        if catalogue is None or key is None:
            return
        now = self.clock()
        coming = await self.database.read(
            lambda uow: with_guests(_context(catalogue, now, uow)), club
        )
        api = LumaApi(self.fetch, self.api_url, key)
        pause, troubles, count = _GUESTS_EVERY, list[str](), 0
        for session in coming:
            try:
                guests = await api.guests_of(session.luma_id or "")
            except Throttled as error:
                troubles.append("Luma asks to wait")
                pause = timedelta(seconds=error.seconds)
                break
            except Refused:
                troubles.append("Luma does not take the club's key; whoever runs the bot sets it")
                pause = _LONGEST_PAUSE
                break
            except FetchFailed as error:
                # One event may be gone; where nothing can be read, the rest is not tried either.
                troubles.append(f"session {session.number}: {error}")
                if len(troubles) >= _MOST_TROUBLES:
                    break
                continue
            take = partial(self._take_guests, catalogue, session.number, guests)
            await self._write(take, catalogue)
            count += 1
        said = "; ".join([f"Read for {count} of {len(coming)} coming sessions", *troubles]) + "."
        at = self.clock()
        await self.database.write(
            lambda uow: uow.luma.set(guests_said=said, guests_at=at + pause), club
        )

    def _take_guests(
        self, catalogue: Catalogue, number: int, guests: Sequence[Guest], uow: UnitOfWork
    ) -> None:
        calendar, session = uow.luma.get(), uow.sessions.locked(number)
        now = self.clock()
        if calendar is None or session is None or session.state != SCHEDULED:
            return
        if not is_over(session, now):
            counted = take_guests(_context(catalogue, now, uow), session, guests, calendar.secret)
            log.debug("session %d: %s", number, guests_words(counted))


def _context(catalogue: Catalogue, now: datetime, uow: UnitOfWork) -> Context:
    """What a calendar elsewhere changes goes the same way as what a person does."""
    actor = Actor("luma", "calendar", "Luma")
    place = PlaceRef("luma", str(catalogue.club.id), is_private=True)
    call = Invocation("luma", "luma", actor, place, origin=Origin.EVENT)
    return Context(call, (), catalogue, now, unit=uow)
