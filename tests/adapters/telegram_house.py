"""The whole bot on a simulated Telegram: a real database, the real adapter, people who read."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.telegram.adapter import TelegramAdapter, TelegramOptions
from bot.chat.desk import Desk
from bot.chat.invocation import Actor
from bot.core.people import join_as
from storage.database import Database
from tests.adapters.discord_house import get_ready, records
from tests.house import House, fill, open_house
from tests.telegram.places import User
from tests.telegram.simulator import TelegramSimulator


@dataclass(slots=True)
class TelegramBot:
    """The running bot; `desk` is what its adapter was handed."""

    adapter: TelegramAdapter
    desk: Desk
    house: House

    async def make_organiser(self, person: User) -> None:
        """Lets the club know somebody on Telegram as one of its organisers."""
        app = self.house.app
        club = app.snapshots.default()
        assert club is not None
        actor = Actor("telegram", str(person.id), person.first_name, is_manager=True)
        await join_as(app.snapshots, app.worker, club, actor, app.clock())


@dataclass(slots=True)
class TelegramStage:
    """Where bots are started, one after the other, over one database and one Telegram."""

    telegram: TelegramSimulator
    file: Path

    @asynccontextmanager
    async def bot(
        self,
        change: Callable[[Desk], Desk] = lambda desk: desk,
        *,
        token: str | None = None,
        webhook: tuple[str, int, str] | None = None,
    ) -> AsyncIterator[TelegramBot]:
        """A bot that is ready, and that stops in order at the end."""
        with closing(Database(f"sqlite:///{self.file}")) as database:
            async with open_house(database, self.file.parent) as house:
                url, port, secret = webhook or (None, None, None)
                options = TelegramOptions(
                    token or self.telegram.token,
                    self.telegram.url,
                    webhook_url=url,
                    webhook_port=port,
                    webhook_secret=secret,
                    drain_seconds=2,
                )
                desk = change(house.app.desk)
                adapter = TelegramAdapter(desk, options)
                # As bot.app does with its own: the house asks it what it sees of places.
                house.app._adapters.append(adapter)
                async with house.app.background():
                    serving = asyncio.create_task(adapter.run())
                    try:
                        await get_ready(adapter.ready, serving)
                        yield TelegramBot(adapter, desk, house)
                    finally:
                        await adapter.stop()
                        if not serving.done():
                            await serving


def make_telegram_stage(telegram: TelegramSimulator, template: Path, folder: Path) -> TelegramStage:
    """A stage with the two papers of `records`."""
    file = folder / "club.sqlite"
    shutil.copyfile(template, file)
    with closing(Database(f"sqlite:///{file}")) as database:
        fill(database, records())
    return TelegramStage(telegram, file)
