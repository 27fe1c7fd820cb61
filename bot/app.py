"""The one composition root: builds everything, and closes it in the right order."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType

from bot.chat.desk import Desk
from bot.chat.invocation import Invocation
from bot.chat.reply import Reply
from bot.core.dispatch import Dispatcher
from bot.core.notes import Notes
from bot.core.snapshots import Snapshots
from bot.core.table import TABLE
from bot.logs import invocation_id
from bot.settings import Settings
from storage.database import Database
from storage.worker import DatabaseWorker

# A busy database thread holds the interpreter for 5 ms at a time by default, and everybody's
# answer waits as long.
_SWITCH_SECONDS = 0.0005
_WATCH_SECONDS = 2.0

log = logging.getLogger(__name__)


def now() -> datetime:
    """The real clock: the time as aware UTC."""
    return datetime.now(UTC)


class App:
    """Everything that runs, over a migrated database. Used as an asynchronous context."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.clock = now
        self.worker = DatabaseWorker(database)
        self.snapshots = Snapshots(self.worker, settings.club)
        self._dispatcher = Dispatcher(TABLE, self.worker, self.snapshots, self.clock)
        notes = Notes(self.worker, self.snapshots, self.clock)
        self.desk = Desk(
            commands=TABLE,
            dispatch=self._dispatch,
            complete=self._dispatcher.complete,
            posted=notes.posted,
            subject_of=notes.subject_of,
            load_state=notes.load_state,
            save_state=notes.save_state,
            watched=notes.watched,
        )

    async def __aenter__(self) -> App:
        sys.setswitchinterval(_SWITCH_SECONDS)
        await self.snapshots.load()
        self._watcher = asyncio.create_task(self._watch(), name="snapshots")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watcher.cancel()
        await asyncio.gather(self._watcher, return_exceptions=True)
        await self.worker.close()

    async def _watch(self) -> None:
        """Other processes change the database too: an import, a second bot."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                await self.snapshots.load()
            except Exception:
                log.exception("the clubs could not be read again")

    async def _dispatch(self, invocation: Invocation) -> Reply:
        token = invocation_id.set(invocation.id)
        try:
            return await self._dispatcher.dispatch(invocation)
        finally:
            invocation_id.reset(token)
