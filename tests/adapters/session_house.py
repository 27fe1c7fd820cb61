"""A club on both platforms at once in which a session is scheduled, answered and shown again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from storage.database import Database
from storage.mirrors import EVENT, Mirror
from tests.adapters.test_both_platforms import running
from tests.conftest import NOW
from tests.discord.clubs import Club
from tests.discord.people import Person
from tests.discord.permissions import Permission
from tests.discord.seen import Seen, see
from tests.discord.simulator import Simulator
from tests.discord.world import Calendared
from tests.telegram.groups import Group
from tests.telegram.people import Person as Reader
from tests.telegram.seen import Seen as Read
from tests.telegram.simulator import TelegramSimulator

_PATIENCE = 10.0
_INTRO = " meets."


@dataclass(slots=True)
class Scene:
    """A club on a server and in a group, with an organiser on Discord."""

    app: App
    database: Database
    discord: Simulator
    telegram: TelegramSimulator
    server: Club
    group: Group
    ana: Person
    when: datetime = field(
        default_factory=lambda: (datetime.now(UTC) + timedelta(days=30)).replace(
            hour=19, minute=0, second=0, microsecond=0
        )
    )

    async def schedule(self, **details: str) -> Seen:
        """Through the command, its form and the button, as people do it; the card as saved."""
        await self.ana.slash("schedule")
        form = await self.ana.answer()
        assert form.modal is not None
        await self.ana.fill(form, {form.modal.fields[-1].label: f"{self.when:%Y-%m-%d %H:%M}"})
        draft = await self.ana.answer()
        assert "Save this session?" in draft.text
        for label, value in details.items():
            draft = await self.change(draft, label.replace("_", " "), value)
        await self.ana.press(draft, "Save")
        saved = await self.ana.answer()
        assert "It is announced in 2 places." in saved.text
        return saved

    async def change(self, card: Seen, label: str, value: str) -> Seen:
        """Presses one of a draft's buttons and fills its form."""
        await self.ana.press(card, label)
        form = await self.ana.answer()
        assert form.modal is not None
        await self.ana.fill(form, {form.modal.fields[0].label: value})
        return await self.ana.answer()

    async def cards(self) -> tuple[Seen, Read]:
        """Both announcements, once they are there."""
        await self.until(lambda: bool(self._on_discord()) and bool(self._on_telegram()))
        return self.on_discord(), self.on_telegram()

    def _on_discord(self) -> list[Seen]:
        found = [see(one) for one in self.ana.here.messages.values()]
        return [one for one in found if not one.is_private and _INTRO in one.text]

    def _on_telegram(self) -> list[Read]:
        return [one for one in self.telegram.sent(self.group) if _INTRO in one.text]

    def on_discord(self) -> Seen:
        """The announcement as it stands; there is one."""
        (card,) = self._on_discord()
        return card

    def on_telegram(self) -> Read:
        (card,) = self._on_telegram()
        return card

    async def both_say(self, count: str) -> None:
        """Waits until both cards show it."""
        await self.until(
            lambda: count in self.on_discord().text and count in self.on_telegram().text,
            lambda: f"{self.on_discord().text}\n{self.on_telegram().text}",
        )

    async def until(
        self, is_so: Callable[[], bool], what: Callable[[], str] = lambda: "it never came"
    ) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                while not is_so():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(what()) from None

    def entries(self) -> list[Calendared]:
        """What stands in the server's calendar."""
        return list(self.discord.calendar.values())

    async def entry(self) -> Calendared:
        """The one entry, once it is there and the bot knows of it."""
        await self.until(lambda: any(one.message_id for one in self.mirrors(EVENT)))
        (entry,) = self.entries()
        return entry

    def mirrors(self, kind: str) -> list[Mirror]:
        with self.database.unit() as uow:
            uow = uow.of_club(uow.clubs.all()[0].id)
            session = uow.sessions.by_number(1)
            return [
                one
                for one in uow.mirrors.of_session(session.id if session else 0)
                if one.kind == kind
            ]

    async def move(self, when: datetime) -> None:
        await self.change(await self.organised(), "Move", f"{when:%Y-%m-%d %H:%M}")

    async def organised(self) -> Seen:
        """The session's card as its organiser alone sees it."""
        await self.ana.slash("session")
        await self.ana.press(await self.ana.answer(), "Organise")
        return await self.ana.answer()


@asynccontextmanager
async def opened(
    simulator: Simulator, telegram: TelegramSimulator, template: Path, folder: Path
) -> AsyncIterator[Scene]:
    file = folder / "club.sqlite"
    file.write_bytes(template.read_bytes())
    server = await simulator.guild("Readers")
    group = telegram.group("Night Readers")
    ana = server.member("Ana", permissions=Permission.MANAGE_GUILD)
    with closing(Database(f"sqlite:///{file}")) as database:
        with database.unit(write=True) as uow:
            uow = uow.of_club(uow.clubs.add("WPRC", "Paper Readers", NOW).id)
            uow.people.set_role(uow.people.add("Ana", "discord", str(ana.id), NOW).id, "organiser")
            place = uow.places.add("discord", str(server.id))
            uow.places.assign(place.id, "announcements", str(ana.here.id), None)
            place = uow.places.add("telegram", str(group.id))
            uow.places.assign(place.id, "announcements", str(group.id), None)
        async with running(simulator, telegram, database, folder) as app:
            yield Scene(app, database, simulator, telegram, server, group, ana)


def reader(scene: Scene, name: str) -> Reader:
    return scene.telegram.user(name)
