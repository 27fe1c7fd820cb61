"""The whole bot on a simulated Discord: a real database, a real client, people who read papers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.options import DiscordOptions
from bot.archive.record import (
    Contributor,
    Item,
    PageDate,
    PaperCode,
    PaperRecord,
    Section,
    SectionKind,
)
from bot.chat.desk import Desk
from bot.chat.invocation import Actor, MessageRef, PlaceRef
from bot.chat.reply import Subject
from bot.core.people import join_as
from storage.database import Database
from tests.discord.places import User
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.house import House, fill, open_house


@dataclass(slots=True)
class Kept:
    """What an adapter asks the house to remember, which outlives a restart of the bot."""

    posts: dict[MessageRef, Subject] = field(default_factory=dict)
    states: dict[tuple[str, str], str] = field(default_factory=dict)
    places: tuple[PlaceRef, ...] = ()

    async def posted(self, message: MessageRef, subject: Subject) -> None:
        self.posts[message] = subject

    async def subject_of(self, message: MessageRef) -> Subject | None:
        return self.posts.get(message)

    async def load_state(self, platform: str, key: str) -> str | None:
        return self.states.get((platform, key))

    async def save_state(self, platform: str, key: str, value: str) -> None:
        self.states[platform, key] = value

    def watched(self, platform: str) -> tuple[PlaceRef, ...]:
        return self.places

    def behind(self, desk: Desk) -> Desk:
        """The desk with this memory behind it."""
        return replace(
            desk,
            posted=self.posted,
            subject_of=self.subject_of,
            load_state=self.load_state,
            save_state=self.save_state,
            watched=self.watched,
        )


@dataclass(slots=True)
class Bot:
    """The running bot; `desk` is what its adapter was handed."""

    adapter: DiscordAdapter
    desk: Desk
    house: House

    async def make_organiser(self, person: User) -> None:
        """Lets the club know somebody on Discord as one of its organisers."""
        app = self.house.app
        club = app.snapshots.default()
        assert club is not None
        actor = Actor("discord", str(person.id), person.name, is_manager=True)
        await join_as(app.snapshots, app.worker, club, actor, app.clock())


@dataclass(slots=True)
class Stage:
    """Where bots are started, one after the other, over one database and one Discord."""

    simulator: Simulator
    file: Path
    kept: Kept = field(default_factory=Kept)

    @asynccontextmanager
    async def bot(
        self,
        change: Callable[[Desk], Desk] = lambda desk: desk,
        *,
        token: str = TOKEN,
        message_content: bool = False,
        gateway_url: str | None = None,
        shard_count: int | None = None,
        shard_ids: tuple[int, ...] | None = None,
    ) -> AsyncIterator[Bot]:
        """A bot that is ready, and that stops in order at the end."""
        with closing(Database(f"sqlite:///{self.file}")) as database:
            async with open_house(database, self.file.parent) as house:
                desk = change(self.kept.behind(house.app.desk))
                options = DiscordOptions(
                    token,
                    self.simulator.api_url,
                    gateway_url,
                    message_content,
                    shard_count,
                    shard_ids,
                    drain_seconds=2,
                )
                adapter = DiscordAdapter(desk, options)
                serving = asyncio.create_task(adapter.run())
                try:
                    await get_ready(adapter.ready, serving)
                    yield Bot(adapter, desk, house)
                finally:
                    await adapter.stop()
                    if not serving.done():
                        await serving


async def get_ready(ready: asyncio.Event, serving: asyncio.Task[None]) -> None:
    """Waits until an adapter that runs is ready; raises what it ended with instead."""
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({serving, waiting}, timeout=15, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        assert ready.is_set(), "the bot did not get ready"
    finally:
        waiting.cancel()


def make_stage(simulator: Simulator, template: Path, folder: Path) -> Stage:
    """A stage with the two papers of `records`."""
    file = folder / "club.sqlite"
    shutil.copyfile(template, file)
    with closing(Database(f"sqlite:///{file}")) as database:
        fill(database, records())
    return Stage(simulator, file)


def records() -> list[PaperRecord]:
    """Two papers with several depths, of which the lite summary is longer than a card."""
    return [
        _record(1, "Bitcoin: A Peer-to-Peer Electronic Cash System", "Crypto", "Cash, in short."),
        _record(6, "AI X Crypto Primer", "AI", "Deepfakes are what the veracity bonds are for."),
    ]


def _record(number: int, title: str, category: str, summary: str) -> PaperRecord:
    long = " ".join(f"Sentence {index} of the lite summary says a little." for index in range(150))
    return PaperRecord(
        PaperCode("WPRC", number),
        title,
        subtitle="Is it?",
        category=category,
        chapter="SG",
        date=PageDate(2024, 6, number),
        contributors=(Contributor("Ana"), Contributor("Bo", "reviewer")),
        sections=(
            Section(SectionKind.SUMMARY, "Summary", summary),
            Section(SectionKind.LITE_SUMMARY, "Lite Summary", long),
            Section(
                SectionKind.IN_DEPTH,
                "In-depth Summary",
                "Where it begins.",
                items=(
                    Item("Media stake money.", topic="New Solutions", page_start=25, page_end=27),
                    Item("What was there.", topic="Old Ways", page_start=28, page_end=31),
                ),
            ),
        ),
    )
