"""APScheduler wakes what is to be done now and then. It holds no rules and no truth.

A job that is late or missed changes nothing: what is due stands in the database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so many seconds; one at a time, however long it takes."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[None]]
    first_after: float = 0.0
    """For how long the start has other things to do."""


class Scheduler:
    """Runs jobs on the event loop on which it is started."""

    def __init__(self, jobs: tuple[Job, ...]) -> None:
        # Each job that is run is a line at INFO otherwise, one each second, and each turn that it
        # leaves out, since the one before still runs, is one at WARNING.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._failing: set[str] = set()
        for job in jobs:
            self._scheduler.add_job(
                self._guarded,
                "interval",
                seconds=job.seconds,
                args=(job,),
                id=job.name,
                coalesce=True,
                max_instances=1,
                # Late jobs are run by default only within a second, and vanish otherwise.
                misfire_grace_time=None,
                next_run_time=datetime.now(UTC) + timedelta(seconds=job.first_after),
            )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Starts nothing more; what runs is cancelled."""
        self._scheduler.shutdown(wait=False)

    async def _guarded(self, job: Job) -> None:
        try:
            await job.run()
        except asyncio.CancelledError:
            # The end of the program. APScheduler would log it as a failure.
            return
        except Exception as error:
            # A database that is away for a minute would fill the log with its traces.
            if job.name in self._failing:
                log.debug("%s failed again: %s", job.name, error)
            else:
                self._failing.add(job.name)
                log.exception("%s failed; it is tried again each %g s", job.name, job.seconds)
        else:
            if job.name in self._failing:
                self._failing.discard(job.name)
                log.info("%s works again", job.name)
