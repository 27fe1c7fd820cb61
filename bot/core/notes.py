"""What the house remembers for its adapters: what a message is about, and their own small notes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextvars import Context
from datetime import datetime
from functools import partial

from bot.chat.invocation import Actor, MessageRef, PlaceRef
from bot.chat.reply import Subject
from bot.core.snapshots import Snapshots
from storage.posts import Post
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

log = logging.getLogger(__name__)

_GATHER_SECONDS = 0.5


class Notes:
    """Kept in the database, so that a button pressed or a reply given in a year is understood."""

    def __init__(
        self, database: DatabaseWorker, snapshots: Snapshots, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._snapshots = snapshots
        self._clock = clock
        self._posts: dict[int, list[Post]] = {}
        self._writing: asyncio.Task[None] | None = None

    async def posted(self, message: MessageRef, subject: Subject) -> None:
        """Remembers what a sent message is about; saying it again changes nothing.

        Posts are gathered for a moment and written together, since each card that is read makes
        one. What a crash loses is that the last moment's messages are known by their subject.
        """
        catalogue = self._snapshots.of_place(message.place)
        if catalogue is None:
            return
        place = message.place
        chat = place.thread_id or place.chat_id
        post = Post(place.platform, chat, message.message_id, subject.kind, subject.key)
        self._posts.setdefault(catalogue.club.id, []).append(post)
        if self._writing is None or self._writing.done():
            # It writes for many calls, so it logs as none of them.
            self._writing = asyncio.create_task(self._write_soon(), name="posts", context=Context())

    async def settle(self, place: PlaceRef, message_id: str) -> None:
        """Writes what was gathered if this message is among it: somebody replies to it already."""
        chat = place.thread_id or place.chat_id
        for gathered in self._posts.values():
            if any((one.chat_id, one.message_id) == (chat, message_id) for one in gathered):
                await self._write()
                return

    async def close(self) -> None:
        """Writes what was gathered."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    async def _write_soon(self) -> None:
        while self._posts:
            await asyncio.sleep(_GATHER_SECONDS)
            await self._write()

    async def _write(self) -> None:
        gathered, self._posts = self._posts, {}
        now = self._clock()
        for club_id, posts in gathered.items():
            try:
                await self._database.write(partial(_add_all, posts, now), club_id)
            except Exception:
                log.exception("%d posts could not be noted", len(posts))

    async def subject_of(self, message: MessageRef) -> Subject | None:
        """What a message is about, if the bot sent it about something of this place's club."""
        catalogue = self._snapshots.of_place(message.place)
        if catalogue is None:
            return None
        place = message.place
        chat = place.thread_id or place.chat_id
        for gathered in self._posts.get(catalogue.club.id, ()):
            if (gathered.chat_id, gathered.message_id) == (chat, message.message_id):
                return Subject(gathered.subject_kind, gathered.subject_key)
        post = await self._database.read(
            lambda uow: uow.posts.by_message(place.platform, chat, message.message_id),
            catalogue.club.id,
        )
        return Subject(post.subject_kind, post.subject_key) if post else None

    async def load_state(self, platform: str, key: str) -> str | None:
        return await self._database.read(lambda uow: uow.platform_state.load(platform, key))

    async def save_state(self, platform: str, key: str, value: str) -> None:
        now = self._clock()
        await self._database.write(lambda uow: uow.platform_state.save(platform, key, value, now))

    async def load_form(self, place: PlaceRef, actor: Actor) -> str | None:
        """What an adapter keeps of the form that a person fills in here."""
        who = (place.platform, place.chat_id, actor.account_id)
        return await self._database.read(lambda uow: uow.asks.get(*who))

    async def save_form(self, place: PlaceRef, actor: Actor, form: str | None) -> None:
        """Keeps it in the place of the one before; None closes the form."""
        who, now = (place.platform, place.chat_id, actor.account_id), self._clock()
        if form is None:
            await self._database.write(lambda uow: uow.asks.drop(*who))
        else:
            await self._database.write(lambda uow: uow.asks.put(*who, form, now))

    def zone_of(self, place: PlaceRef, actor: Actor | None = None) -> str:
        """The zone for times: the person's own where they alone read, else the club's."""
        catalogue = self._snapshots.of_place(place, actor)
        if catalogue is None:
            return "UTC"
        person = catalogue.person(actor) if actor and place.is_private else None
        return (person and person.time_zone) or catalogue.club.time_zone

    def watched(self, platform: str) -> Sequence[PlaceRef]:
        return self._snapshots.watched(platform)


def _add_all(posts: Sequence[Post], now: datetime, uow: UnitOfWork) -> None:
    uow.posts.add_all(posts, now)
