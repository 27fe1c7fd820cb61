"""What a person can do and see on any platform, so that one suite can ask it of all of them."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.adapters.console.adapter import ConsoleAdapter
from bot.adapters.console.conversation import Conversation
from bot.adapters.console.render import Look
from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.app import App
from bot.chat.adapter import Adapter
from bot.chat.invocation import Actor, PlaceRef
from bot.core.people import join_as
from bot.settings import load_settings
from storage.database import Database
from tests.discord.people import Person
from tests.discord.seen import Seen
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.telegram.people import Person as Reader
from tests.telegram.seen import Seen as Message
from tests.telegram.simulator import Group, TelegramSimulator


@dataclass(frozen=True, slots=True)
class View:
    """An answer as a person sees it: words, buttons by their labels, files by name."""

    text: str
    labels: tuple[str, ...] = ()
    is_private: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    """What a form asks, where a form is the answer."""


class Somebody(Protocol):
    """An organiser in the club's place."""

    @property
    def place(self) -> PlaceRef: ...

    @property
    def adapter(self) -> Adapter: ...

    async def call(self, command: str, **arguments: str) -> View: ...

    async def press(self, label: str) -> View: ...

    async def fill(self, answers: Mapping[str, str]) -> View:
        """Answers the open form, by the arguments' names; the other fields are left out."""
        ...

    async def hears(self) -> View:
        """What the bot says unasked."""
        ...


class OnConsole:
    """Somebody at a terminal, over the real adapter's lines."""

    place = PlaceRef("console", "console", is_private=True)

    def __init__(self, app: App, folder: Path) -> None:
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._out = io.StringIO()
        self._folder = folder
        actor = Actor("console", "organiser", "Organiser", is_manager=True)
        conversation = Conversation(app.desk, actor, Look(), folder)
        self._conversation = conversation
        self.adapter = ConsoleAdapter(conversation, self._typed(), self._out)
        self._read = 0
        self._labels: dict[str, str] = {}

    async def _typed(self) -> AsyncIterator[str]:
        while (line := await self._lines.get()) is not None:
            yield line

    async def call(self, command: str, **arguments: str) -> View:
        return await self._type(" ".join([f"/{command}", *arguments.values()]))

    async def press(self, label: str) -> View:
        return await self._type(self._labels[label])

    async def fill(self, answers: Mapping[str, str]) -> View:
        left = list(answers.values())
        view = View("")
        while self._conversation.question is not None:
            view = await self._type(left.pop(0) if left else "-")
        return view

    async def hears(self) -> View:
        return self._view(await self._said())

    async def _type(self, line: str) -> View:
        await self._lines.put(line)
        return self._view(await self._said())

    async def _said(self) -> str:
        async with asyncio.timeout(10):
            while "\n\n" not in self._out.getvalue()[self._read :]:
                await asyncio.sleep(0.005)
        said, _, _ = self._out.getvalue()[self._read :].partition("\n\n")
        self._read += len(said) + 2
        return said

    def _view(self, said: str) -> View:
        buttons = re.findall(r"\[(\d+)\] (.+?)(?=  \[|\n|$)", said)
        self._labels = {label: number for number, label in buttons}
        files = {
            path.name: path.read_bytes()
            for path in map(Path, re.findall(r"^Saved as (\S+)", said, re.MULTILINE))
        }
        question = self._conversation.question
        return View(
            said,
            tuple(self._labels),
            said.startswith("(only you)"),
            files,
            (question,) if question else (),
        )


class OnDiscord:
    """Somebody in a Discord server."""

    def __init__(self, person: Person, adapter: Adapter, place: PlaceRef) -> None:
        self._person = person
        self.adapter = adapter
        self.place = place
        self._seen: Seen | None = None

    async def call(self, command: str, **arguments: str) -> View:
        await self._person.slash(command, options=dict(arguments))
        return await self._view()

    async def press(self, label: str) -> View:
        assert self._seen is not None
        await self._person.press(self._seen, label)
        return await self._view()

    async def fill(self, answers: Mapping[str, str]) -> View:
        assert self._seen is not None
        await self._person.fill(self._seen, dict(answers))
        return await self._view()

    async def hears(self) -> View:
        return self._shown(await self._person.hear(self._person.here))

    async def _view(self) -> View:
        self._seen = await self._person.answer()
        return self._shown(self._seen)

    def _shown(self, seen: Seen) -> View:
        questions = tuple(one.label for one in seen.modal.fields) if seen.modal else ()
        files = {file.filename: file.data for file in seen.files}
        return View(seen.text, tuple(seen.labels), seen.is_private, files, questions)


class OnTelegram:
    """Somebody in a Telegram group, who has opened the bot's chat as well."""

    def __init__(self, person: Reader, group: Group, adapter: Adapter, name: str) -> None:
        self._person = person
        self._group = group
        self._name = name
        self.adapter = adapter
        self.place = PlaceRef("telegram", str(group.id))
        self._seen: Message | None = None

    async def call(self, command: str, **arguments: str) -> View:
        words = " ".join([f"/{command}@{self._name}", *arguments.values()])
        await self._person.says(self._group, words)
        return await self._view()

    async def press(self, label: str) -> View:
        assert self._seen is not None
        await self._person.presses(self._seen, label)
        return await self._view()

    async def fill(self, answers: Mapping[str, str]) -> View:
        left = list(answers.values())
        view = View("", questions=("the first",))
        while view.questions:
            assert self._seen is not None
            await self._person.answers(self._seen, left.pop(0) if left else "-")
            view = await self._view()
        return view

    async def hears(self) -> View:
        return self._shown(await self._person.hears(self._group))

    async def _view(self) -> View:
        """What comes next, in the group or in the private chat."""
        async with asyncio.timeout(10):
            while True:
                for place in (self._group, self._person.private):
                    with suppress(TimeoutError):
                        self._seen = await self._person.hears(place, patience=0.05)
                        return self._shown(self._seen)

    def _shown(self, seen: Message) -> View:
        files = {file.name: file.data for file in seen.files}
        questions = (seen.placeholder,) if seen.force_reply else ()
        return View(seen.text, tuple(seen.labels), seen.chat.is_private, files, questions)


@asynccontextmanager
async def somebody_on(platform: str, database: Database, folder: Path) -> AsyncIterator[Somebody]:
    """An organiser on a platform, with the whole bot behind it."""
    async with Simulator() as simulator, TelegramSimulator() as telegram:
        tokens = {
            "console": {},
            "discord": {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": simulator.api_url},
            "telegram": {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url},
        }
        environ = {"WPRC_DATA_DIR": str(folder), **tokens[platform]}
        settings = load_settings(environ, None)
        async with App(settings, database) as app:
            somebody: Somebody
            if platform == "console":
                somebody = OnConsole(app, folder)
                actor = Actor("console", "organiser", "Organiser", is_manager=True)
            elif platform == "telegram":
                reader = telegram.user("Ana")
                group = telegram.group("Readers", members=[reader])
                (connection,) = app.connect(settings)
                somebody = OnTelegram(reader, group, connection.adapter, telegram.username)
                actor = Actor("telegram", str(reader.id), "Ana", is_manager=True)
            else:
                server = await simulator.guild("Readers")
                person = server.member("Ana")
                (connection,) = app.connect(settings)
                here, guild = str(person.here.id), str(server.guild.id)
                place = PlaceRef("discord", here, server_id=guild)
                somebody = OnDiscord(person, connection.adapter, place)
                actor = Actor("discord", str(person.id), "Ana", is_manager=True)
            club = app.snapshots.default()
            assert club is not None
            await join_as(app.snapshots, app.worker, club, actor, app.clock())
            serving = asyncio.create_task(somebody.adapter.run())
            if isinstance(somebody.adapter, DiscordAdapter | TelegramAdapter):
                async with asyncio.timeout(15):
                    await somebody.adapter.ready.wait()
            if isinstance(somebody, OnTelegram):
                await reader.starts()
                await reader.hears(reader.private)
            try:
                yield somebody
            finally:
                await somebody.adapter.stop()
                async with asyncio.timeout(15):
                    await serving
        violations = [*simulator.violations, *telegram.violations]
        assert [str(one) for one in violations] == []
