"""Backups that the bot makes by itself: in time, by one process, and never in anybody's way."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from storage.backup import back_up
from storage.backup_file import BackupProblem
from storage.backup_folder import LEASE, BackupFolder
from storage.database import Database
from storage.schema import SchemaMismatch
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

log = logging.getLogger(__name__)

LOOK_SECONDS = 900.0
# Longer than any backup takes: two at once would only slow each other down.
_LEASE_FOR = timedelta(hours=6)


class _Stopped(Exception):
    """The program ends, so the backup is broken off."""


class Backups:
    """The backups of one database in one folder, every so many hours."""

    def __init__(
        self,
        database: Database,
        worker: DatabaseWorker,
        folder: BackupFolder,
        clock: Callable[[], datetime],
        owner: str,
        *,
        hours: int,
        days: int,
        is_dead: Callable[[str], bool] = lambda owner: False,
    ) -> None:
        """Those of so many days are kept. `is_dead` tells of a process whether it has ended."""
        self._database = database
        self._worker = worker
        self._folder = folder
        self._clock = clock
        self._owner = owner
        self._every = timedelta(hours=hours)
        self._days = days
        self._is_dead = is_dead

    def last_made_at(self) -> datetime | None:
        """When the newest was made."""
        return self._folder.newest_at(self._clock())

    async def make_due(self) -> None:
        """Makes a backup where the newest is too old; what goes wrong is logged and tried again."""
        if not self._every or not await asyncio.to_thread(self._is_due):
            return
        claim = partial(_claimed, self._owner, self._clock(), self._is_dead)
        if not await self._worker.write(claim):
            return
        stop = threading.Event()
        try:
            await asyncio.to_thread(self._make, stop)
        except asyncio.CancelledError:
            stop.set()
            raise
        except (BackupProblem, SchemaMismatch, OSError) as error:
            log.error(
                "The database could not be backed up: %s. It is tried again in %d minutes.",
                str(error).rstrip("."),
                LOOK_SECONDS // 60,
            )
        finally:
            await self._worker.write(partial(_release, self._owner))

    def _is_due(self) -> bool:
        newest = self.last_made_at()
        return newest is None or self._clock() - newest >= self._every

    def _make(self, stop: threading.Event) -> None:
        if not self._is_due():
            return  # Another process was faster.

        def go_on(done: int, whole: int | None) -> None:
            if stop.is_set():
                raise _Stopped

        made = back_up(self._database, self._folder.name_at(self._clock()), progress=go_on)
        # Only now is there one more, so one less is no loss.
        removed = self._folder.thin_out(self._days)
        log.info(
            "Backed up to %s: %d bytes, %d rows; %d old ones were removed.",
            made.path,
            made.size,
            made.contents.rows,
            len(removed),
        )


def _claimed(owner: str, now: datetime, is_dead: Callable[[str], bool], uow: UnitOfWork) -> bool:
    holder = uow.leases.owner(LEASE)
    if holder is not None and holder != owner and is_dead(holder):
        uow.leases.release(LEASE, holder)
    return uow.leases.claim(LEASE, owner, now, _LEASE_FOR)


def _release(owner: str, uow: UnitOfWork) -> None:
    uow.leases.release(LEASE, owner)
