"""The inbox: what a platform sent is stored before the platform is told that it arrived."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from datetime import datetime
from functools import partial

from bot.chat.invocation import Update, UpdateRef
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0
_AT_ONCE = 1_000


class Inbox:
    """Stored events of every platform, from their arrival until they are answered."""

    def __init__(self, database: DatabaseWorker, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._finished: defaultdict[str, list[int]] = defaultdict(list)
        self._writing: asyncio.Task[None] | None = None

    async def accept(self, updates: Sequence[Update]) -> list[UpdateRef]:
        """Stores a batch in one commit; gives those that were not known before."""
        by_source: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for update in updates:
            by_source[update.ref.source].append((update.ref.number, update.payload))
        now = self._clock()

        def store(uow: UnitOfWork) -> list[UpdateRef]:
            return [
                UpdateRef(source, number)
                for source, rows in by_source.items()
                for number in uow.inbox.accept(source, rows, now)
            ]

        return await self._database.write(store) if by_source else []

    async def recall(self, source: str, after: int) -> list[Update]:
        """The first thousand events of a source after a number that were not finished."""
        rows = await self._database.read(
            lambda uow: uow.inbox.waiting(source, limit=_AT_ONCE, after=after)
        )
        return [Update(UpdateRef(source, number), payload) for number, payload in rows]

    def finish(self, update: UpdateRef) -> None:
        """Says that an event was handled and answered.

        Those that finish while the ones before are being written share the next commit.
        """
        self._finished[update.source].append(update.number)
        if self._writing is None or self._writing.done():
            # It writes for many calls, so it logs as none of them.
            self._writing = asyncio.create_task(
                self._write_finished(), name="inbox", context=Context()
            )

    async def close(self) -> None:
        """Writes what has finished; what cannot be written is handled again at the next start."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        if self._finished:
            await self._write_once()

    async def _write_finished(self) -> None:
        # What else finishes in this turn of the loop comes along.
        await asyncio.sleep(0)
        while self._finished:
            if not await self._write_once():
                await asyncio.sleep(_RETRY_SECONDS)

    async def _write_once(self) -> bool:
        finished, self._finished = self._finished, defaultdict(list)
        try:
            await self._database.write(partial(_finish_all, finished, self._clock()))
        except asyncio.CancelledError:
            self._keep(finished)
            raise
        except Exception:
            log.exception("finished events could not be written down; they are kept for now")
            self._keep(finished)
            return False
        return True

    def _keep(self, finished: Mapping[str, Sequence[int]]) -> None:
        """Writing one twice does no harm."""
        for source, numbers in finished.items():
            self._finished[source].extend(numbers)


def _finish_all(finished: Mapping[str, Sequence[int]], now: datetime, uow: UnitOfWork) -> None:
    for source, numbers in finished.items():
        uow.inbox.finish(source, numbers, now)
