"""wprc chat: the club in this terminal, or for a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from bot.adapters.console.adapter import ConsoleAdapter, piped_lines
from bot.adapters.console.conversation import Conversation
from bot.adapters.console.render import Look
from bot.app import App, now
from bot.chat.invocation import Actor
from bot.core.importer import Importer
from bot.core.people import join_as
from bot.settings import Settings
from storage.database import Database

SAMPLE_FILE = "sample.sqlite"
_SAMPLE_PREFIX = "WPRC"
_SAMPLE_NAME = "Whitepaper Reading Club (sample)"
_ORGANISER = "organiser"
_WELCOME = "Type /start to look round, /help for what there is; a number presses a button."


def sample_settings(settings: Settings) -> Settings:
    """The sample club lives in a database of its own, whatever DATABASE_URL says."""
    url = f"sqlite:///{settings.data_dir / SAMPLE_FILE}"
    return replace(settings, database_url=url, club=None)


def fill_sample(database: Database, time_zone: str) -> None:
    """Founds the sample club and brings in its pages; what is there already stays as it is."""
    with database.unit(write=True) as uow:
        if uow.clubs.by_prefix(_SAMPLE_PREFIX) is None:
            uow.clubs.add(_SAMPLE_PREFIX, _SAMPLE_NAME, now(), time_zone)
    importer = Importer(database, now, may_found=False)
    pages = (page for page in files("bot.sample").iterdir() if page.name.endswith(".txt"))
    for page in sorted(pages, key=lambda page: page.name):
        importer.add(page.name, page.read_bytes())
    importer.save()


async def chat(settings: Settings, database: Database, name: str | None) -> int:
    """Talks until the end of input. Without a name one speaks as an organiser."""
    async with App(settings, database) as app:
        account = f"member:{name.casefold()}" if name else _ORGANISER
        actor = Actor("console", account, name or "Organiser", is_manager=name is None)
        club = app.snapshots.default()
        if club is not None:
            await join_as(app.snapshots, app.worker, club, actor, app.clock())
        is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        look = Look()
        if is_terminal:
            look = Look(min(shutil.get_terminal_size().columns, 100), has_colours=True)
        conversation = Conversation(app.desk, actor, look, Path.cwd())
        lines = _lines(app, actor, conversation, settings) if is_terminal else None
        if lines is None:
            lines = piped_lines(sys.stdin.buffer)
        await ConsoleAdapter(conversation, lines, sys.stdout).run()
    return 0


def _lines(
    app: App, actor: Actor, conversation: Conversation, settings: Settings
) -> AsyncIterator[str]:
    from bot.adapters.console.terminal import terminal_lines

    sys.stdout.write(f"{_WELCOME}\n\n")
    history = settings.make_data_dir() / "history"
    return terminal_lines(app.desk, actor, lambda: conversation.question, history)
