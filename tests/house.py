"""A whole house for a test: a real database, the real table, and a console to talk through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.adapters.console.conversation import Conversation
from bot.adapters.console.render import Look
from bot.app import App
from bot.archive.record import PaperRecord
from bot.chat.invocation import Actor
from bot.core.people import join_as
from bot.core.records import draft_of
from bot.settings import load_settings
from storage.database import Database

ORGANISER = Actor("console", "organiser", "Organiser", is_manager=True)


class House:
    """An app over a database, and one conversation for each person."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self._folder = folder
        self._conversations: dict[str, Conversation] = {}

    async def say(self, line: str, name: str | None = None) -> str:
        """What the bot answers to a line of an organiser, or of the member with this name."""
        key = name or ""
        if key not in self._conversations:
            actor = ORGANISER if name is None else Actor("console", f"member:{name}", name)
            club = self.app.snapshots.default()
            if club is not None:
                await join_as(self.app.snapshots, self.app.worker, club, actor, self.app.clock())
            self._conversations[key] = Conversation(self.app.desk, actor, Look(), self._folder)
        return await self._conversations[key].say(line)


@asynccontextmanager
async def open_house(
    database: Database, folder: Path, club: str | None = None
) -> AsyncIterator[House]:
    """A running house over a migrated database."""
    environ = {"WPRC_DATA_DIR": str(folder)} | ({"WPRC_CLUB": club} if club else {})
    async with App(load_settings(environ, None), database) as app:
        yield House(app, folder)


def fill(database: Database, records: Iterable[PaperRecord]) -> None:
    """Saves records, each in the club of its prefix, which is founded where it is missing."""
    from bot.app import now

    for record in records:
        with database.unit(write=True) as uow:
            prefix = record.code.prefix
            club = uow.clubs.by_prefix(prefix) or uow.clubs.add(prefix, prefix, now())
            uow.of_club(club.id).papers.save(draft_of(record), now())
