"""What the house remembers for its adapters: what a message is about, and their own small notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.reply import Subject
from bot.core.snapshots import Snapshots
from storage.posts import Post
from storage.worker import DatabaseWorker


class Notes:
    """Kept in the database, so that a button pressed or a reply given in a year is understood."""

    def __init__(
        self, database: DatabaseWorker, snapshots: Snapshots, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._snapshots = snapshots
        self._clock = clock

    async def posted(self, message: MessageRef, subject: Subject) -> None:
        """Remembers what a sent message is about; saying it again changes nothing."""
        catalogue = self._snapshots.of_place(message.place)
        if catalogue is None:
            return
        place = message.place
        chat = place.thread_id or place.chat_id
        post = Post(place.platform, chat, message.message_id, subject.kind, subject.key)
        now = self._clock()
        await self._database.write(lambda uow: uow.posts.add(post, now), catalogue.club.id)

    async def subject_of(self, message: MessageRef) -> Subject | None:
        """What a message is about, if the bot sent it about something of this place's club."""
        catalogue = self._snapshots.of_place(message.place)
        if catalogue is None:
            return None
        place = message.place
        chat = place.thread_id or place.chat_id
        post = await self._database.read(
            lambda uow: uow.posts.by_message(place.platform, chat, message.message_id),
            catalogue.club.id,
        )
        return Subject(post.subject_kind, post.subject_key) if post else None

    async def load_state(self, platform: str, key: str) -> str | None:
        return await self._database.read(lambda uow: uow.platform_state.load(platform, key))

    async def save_state(self, platform: str, key: str, value: str) -> None:
        await self._database.write(lambda uow: uow.platform_state.save(platform, key, value))

    def watched(self, platform: str) -> Sequence[PlaceRef]:
        return self._snapshots.watched(platform)
