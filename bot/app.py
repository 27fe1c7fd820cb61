"""The one composition root: builds everything, and closes it in the right order."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType

from bot.chat.adapter import Adapter, Sight
from bot.chat.desk import Desk
from bot.chat.invocation import Invocation, PlaceRef
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
# A button works a year later; what it carries is not kept for ever.
_ACTIONS_FOR = timedelta(days=400)

log = logging.getLogger(__name__)


def now() -> datetime:
    """The real clock: the time as aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Connection:
    """A platform's adapter, and the leases without which it must not run."""

    adapter: Adapter
    leases: tuple[str, ...]
    shared: tuple[tuple[str, str], ...] = ()
    """Leases by name and owner that processes of one kind hold together."""


class App:
    """Everything that runs, over a migrated database. Used as an asynchronous context."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.clock = now
        self.worker = DatabaseWorker(database)
        self.snapshots = Snapshots(self.worker, settings.club)
        self._sights: dict[str, Callable[[PlaceRef], Sight | None]] = {}
        self._dispatcher = Dispatcher(
            TABLE,
            self.worker,
            self.snapshots,
            self.clock,
            sight=self._sight,
            is_open=settings.is_open,
        )
        self._notes = notes = Notes(self.worker, self.snapshots, self.clock)
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

    def connect(self, settings: Settings) -> list[Connection]:
        """An adapter for each platform that has a token; none of them runs yet."""
        connections = []
        if settings.discord_token:
            connections.append(self._discord(settings, settings.discord_token))
        self._sights = {one.adapter.name: one.adapter.sight for one in connections}
        return connections

    def _discord(self, settings: Settings, token: str) -> Connection:
        # Who has no token for a platform need not have its library.
        from bot.adapters.discord.adapter import DiscordAdapter, DiscordOptions

        count, ids = settings.discord_shard_count, settings.discord_shard_ids
        options = DiscordOptions(
            token=token,
            api_url=settings.discord_api_url,
            gateway_url=settings.discord_gateway_url,
            message_content=settings.discord_message_content,
            shard_count=count,
            shard_ids=ids,
        )
        own = ids if ids is not None else range(count or 1)
        # One database may serve several bots; which one it is must not be told by its token.
        bot = f"Discord bot {hashlib.sha256(token.encode()).hexdigest()[:8]}"
        leases = tuple(f"{bot}, shard {number} of {count or 1}" for number in own)
        # Processes that count the shards differently would serve some servers twice.
        shared = ((f"{bot}, number of shards", str(count or 1)),)
        return Connection(DiscordAdapter(self.desk, options), leases, shared)

    def _sight(self, place: PlaceRef) -> Sight | None:
        sees = self._sights.get(place.platform)
        return sees(place) if sees else None

    async def __aenter__(self) -> App:
        sys.setswitchinterval(_SWITCH_SECONDS)
        await self.snapshots.load()
        # What was built by now stays: a collection need not walk a whole archive again and again.
        gc.collect()
        gc.freeze()
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
        await self._notes.close()
        await self.worker.close()

    async def _watch(self) -> None:
        """Other processes change the database too: an import, a second bot."""
        await self.snapshots.forget_actions_before(self.clock() - _ACTIONS_FOR)
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
