"""Whether the database takes writes, and what waits in it: asked once a second at most."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from storage.outbox import Backlog
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

_FRESH_SECONDS = 1.0
_PATIENCE = 2.0
_LEASE_FOR = timedelta(hours=1)

LastBackup = Callable[[UnitOfWork], datetime | None]


@dataclass(frozen=True, slots=True)
class Readings:
    """What waited in the database at one moment."""

    at: datetime
    inbox: int
    inbox_since: datetime | None
    deliveries: Sequence[Backlog]
    last_backup_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """The newest readings there are, and what is wrong with the database; empty where nothing."""

    readings: Readings | None = None
    problem: str = ""


class Probe:
    """Asks the database, for everybody who wants to know in the same second.

    One that hangs holds up nobody for longer than two seconds, and is not asked a second time.
    """

    def __init__(
        self,
        database: DatabaseWorker,
        owner: str,
        clock: Callable[[], datetime],
        reason: Callable[[Exception], str],
        last_backup: LastBackup = lambda uow: None,
    ) -> None:
        """`reason` puts an error of the database into words that hold no row.

        `last_backup` says when the newest backup was made, as far as the database knows.
        """
        self._database = database
        self._owner = owner
        self._clock = clock
        self._reason = reason
        self._last_backup = last_backup
        self._found = Found()
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def found(self) -> Found:
        """What the database said within the last second, or says now; it waits two at most."""
        if self._asking is None and time.monotonic() - self._asked_at >= _FRESH_SECONDS:
            self._asked_at = time.monotonic()
            self._asking = asyncio.create_task(self._ask(), name="probe")
        if self._asking is not None:
            left = self._asked_at + _PATIENCE - time.monotonic()
            await asyncio.wait({self._asking}, timeout=max(0.0, left))
        if self._asking is not None:
            waited = time.monotonic() - self._asked_at
            return Found(self._found.readings, f"it has not answered for {waited:.0f} s")
        return self._found

    async def close(self) -> None:
        """Waits for nothing any more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask(self) -> None:
        try:
            ask = partial(_read, self._owner, self._clock(), self._last_backup)
            self._found = Found(await self._database.write(ask))
        except Exception as error:
            self._found = Found(self._found.readings, self._reason(error))
        finally:
            self._asking = None


def _read(owner: str, now: datetime, last_backup: LastBackup, uow: UnitOfWork) -> Readings:
    # A real write: a full disk or a file that may only be read is found in no other way.
    uow.leases.claim(f"probe {owner}", owner, now, _LEASE_FOR)
    return Readings(
        now,
        uow.inbox.depth(),
        uow.inbox.waiting_since(),
        uow.outbox.backlog(now),
        last_backup(uow),
    )
