"""The database for asynchronous callers: units of work on a thread or two, one after the other.

SQLite has one thread, since a second one only fights over the interpreter; PostgreSQL has two,
since a thread there waits for the server. Writes that wait together share one transaction, with a
savepoint each, and so one commit.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.unit_of_work import UnitOfWork

_LARGEST_COMMIT = 64
_MOST_TRIES = 5
_DEADLOCK = "40P01"
T = TypeVar("T")
_logger = logging.getLogger(__name__)


class WorkerClosed(RuntimeError):
    """The worker was closed before this unit of work came."""


@dataclass(slots=True, eq=False)
class _Job:
    run: Callable[[UnitOfWork], Any]
    club_id: int | None
    is_write: bool
    future: Future[Any] = field(default_factory=Future)
    # What the caller has set, such as the id under which it logs, holds on the thread too.
    context: contextvars.Context = field(default_factory=contextvars.copy_context)


class DatabaseWorker:
    """Runs plain functions, each in a unit of work of its own, on the database's threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._is_writing = False
        self._is_closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"database-{number}", daemon=True)
            for number in range(1 if database.is_sqlite else 2)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many units of work wait for a thread."""
        return len(self._jobs)

    async def read(self, run: Callable[[UnitOfWork], T], club_id: int | None = None) -> T:
        """Gives what ``run`` returns; it sees one state of the database and cannot write."""
        return await self._submit(run, club_id, is_write=False)

    async def write(self, run: Callable[[UnitOfWork], T], club_id: int | None = None) -> T:
        """Gives what ``run`` returns once its writes are committed.

        Raises what ``run`` raises, with its writes undone, or what the commit raises. Cancelling
        this does not stop the unit: it ends as it would have.
        """
        return await self._submit(run, club_id, is_write=True)

    async def purge(self) -> bool:
        """Cleans the database's files of what was deleted; False where somebody still reads it."""
        return await asyncio.to_thread(self._database.purge)

    async def close(self) -> None:
        """Finishes what was asked for, takes nothing new and ends the threads."""
        with self._wake:
            self._is_closed = True
            self._wake.notify_all()
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    async def _submit(
        self, run: Callable[[UnitOfWork], T], club_id: int | None, *, is_write: bool
    ) -> T:
        job = _Job(run, club_id, is_write)
        with self._wake:
            if self._is_closed:
                raise WorkerClosed("the database is closed")
            self._jobs.append(job)
            self._wake.notify()
        outcome: asyncio.Future[T] = asyncio.wrap_future(job.future)
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            # Nobody waits any more, so a failure would otherwise be known to nobody.
            outcome.add_done_callback(_log_failure)
            raise

    def _serve(self) -> None:
        while jobs := self._next_jobs():
            if jobs[0].is_write:
                self._write(jobs)
            else:
                self._read(jobs[0])

    def _next_jobs(self) -> list[_Job]:
        """Waits for work: the oldest read, or all writes that wait if a write is the oldest."""
        with self._wake:
            while True:
                job = next((job for job in self._jobs if not self._must_wait(job)), None)
                if job is not None:
                    break
                if self._is_closed and not self._jobs:
                    return []
                self._wake.wait()
            if not job.is_write:
                self._jobs.remove(job)
                return [job]
            writes = [job for job in self._jobs if job.is_write][:_LARGEST_COMMIT]
            for write in writes:
                self._jobs.remove(write)
            self._is_writing = True
            return writes

    def _must_wait(self, job: _Job) -> bool:
        # One commit at a time: two would only wait for each other's rows.
        return job.is_write and self._is_writing

    def _read(self, job: _Job) -> None:
        try:
            with self._database.transaction(write=False) as connection:
                result = self._run(job, connection)
        except BaseException as error:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    def _write(self, jobs: list[_Job]) -> None:
        try:
            self._commit(jobs, 0)
        finally:
            with self._wake:
                self._is_writing = False
                self._wake.notify_all()

    def _commit(self, jobs: list[_Job], tries: int) -> None:
        """Together, or one by one where the rows of several were locked in another process's way:
        each of them alone holds too little for the two to wait for each other.
        """
        outcomes: list[Callable[[], None]] = []
        try:
            with self._database.transaction(write=True) as connection:
                outcomes += [self._attempt(job, connection) for job in jobs]
        except BaseException as error:
            is_again = _is_deadlock(error) and tries < _MOST_TRIES
            for job in jobs:
                if is_again:
                    self._commit([job], tries + 1)
                else:
                    job.future.set_exception(error)
        else:
            for settle in outcomes:
                settle()

    def _attempt(self, job: _Job, connection: Connection) -> Callable[[], None]:
        """Runs one write under its savepoint; what it gives settles the future after the commit."""
        say = _savepoints(connection)
        say("SAVEPOINT job")
        try:
            result = self._run(job, connection)
        except BaseException as error:
            if connection.invalidated or not connection.in_transaction() or _is_deadlock(error):
                raise  # The transaction itself is gone, and with it the others' writes.
            say("ROLLBACK TO SAVEPOINT job")
            return partial(job.future.set_exception, error)
        say("RELEASE SAVEPOINT job")
        return partial(job.future.set_result, result)

    def _run(self, job: _Job, connection: Connection) -> Any:
        return job.context.run(job.run, UnitOfWork(connection, job.club_id))


def _is_deadlock(error: BaseException) -> bool:
    """Whether the server undid it since two transactions waited for each other."""
    original = error.orig if isinstance(error, DBAPIError) else None
    return getattr(original, "sqlstate", None) == _DEADLOCK


def _savepoints(connection: Connection) -> Callable[[str], object]:
    """What says a savepoint's statements with the least work: each write needs two."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        say: Callable[[str], object] = driver.execute
        return say
    # A server may be gone by now, and the library has to notice.
    return connection.exec_driver_sql


def _log_failure(outcome: asyncio.Future[Any]) -> None:
    if not outcome.cancelled() and (error := outcome.exception()) is not None:
        _logger.error("A unit of work failed that nobody waited for", exc_info=error)
