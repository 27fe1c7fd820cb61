"""The house over one of the archives: what an adapter would ask, and what lies beneath it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import now
from bot.chat.invocation import Actor, Attachment, Invocation, Origin, PlaceRef
from bot.core.catalogue import Catalogue
from bot.core.context import Context
from bot.core.dispatch import Dispatcher
from bot.core.snapshots import Snapshots
from bot.core.table import TABLE
from storage.database import Database, set_up_sqlite
from storage.worker import DatabaseWorker

ACTOR = Actor("console", "bench", "Ana", is_manager=True)
PLACE = PlaceRef("console", "bench")


@dataclass(frozen=True, slots=True)
class House:
    """Everything that answers, over an archive of so many papers."""

    papers: int
    path: Path
    database: Database
    worker: DatabaseWorker
    snapshots: Snapshots
    dispatcher: Dispatcher

    @property
    def catalogue(self) -> Catalogue:
        catalogue = self.snapshots.default()
        if catalogue is None:
            raise RuntimeError(f"{self.path} holds no club")
        return catalogue

    def context(self, command: str) -> Context:
        return Context(invocation(command), TABLE, self.catalogue, now())


@asynccontextmanager
async def open_house(papers: int, path: Path) -> AsyncIterator[House]:
    """The house over a file that holds so many papers."""
    database = Database(f"sqlite:///{path}")
    worker = DatabaseWorker(database)
    snapshots = Snapshots(worker)
    await snapshots.load()
    try:
        dispatcher = Dispatcher(TABLE, worker, snapshots, now)
        yield House(papers, path, database, worker, snapshots, dispatcher)
    finally:
        await worker.close()
        database.close()


def invocation(command: str, text: str = "", *files: Attachment) -> Invocation:
    """A line that a person types, with files beside it."""
    return Invocation("bench", command, ACTOR, PLACE, Origin.TEXT, text, attachments=files)


def read_only(path: Path) -> sqlite3.Connection:
    """The bare engine on the same file, set up in the same way."""
    connection = sqlite3.connect(path)
    set_up_sqlite(connection)
    connection.execute("PRAGMA query_only = ON")
    return connection
