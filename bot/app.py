"""The one composition root: builds everything, and closes it in the right order."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType

from bot.chat.adapter import Adapter, Sight
from bot.chat.desk import Desk
from bot.chat.invocation import Invocation, PlaceRef
from bot.chat.reply import Reply
from bot.commandline.database import reason
from bot.commandline.processes import is_dead, this_process
from bot.core.backups import LOOK_SECONDS, Backups
from bot.core.budgets import RENEW_SECONDS, Budgets
from bot.core.deliveries import Deliverer
from bot.core.dispatch import Dispatcher
from bot.core.inbox import Inbox
from bot.core.kinds import KINDS
from bot.core.luma.api import DEFAULT_URL
from bot.core.luma.reading import LumaReader
from bot.core.notes import Notes
from bot.core.questions import ask_again
from bot.core.sessions.mirrors import Mirroring
from bot.core.sessions.reminding import plan_due
from bot.core.snapshots import Snapshots
from bot.core.table import TABLE
from bot.logs import logged_as
from bot.scheduler import Job, Scheduler
from bot.settings import Settings
from bot.web import Web
from storage.backup_folder import BackupFolder
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

# A busy database thread holds the interpreter for 5 ms at a time by default, and everybody's
# answer waits as long.
_SWITCH_SECONDS = 0.0005
_WATCH_SECONDS = 2.0
_SETTLED_SECONDS = 60.0
# A button works a year later; what it carries is not kept for ever.
_ACTIONS_FOR = timedelta(days=400)
_FORMS_FOR = timedelta(days=30)
# A platform gives up on an event that nobody takes in after a day.
_UPDATES_FOR = timedelta(days=2)

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

    def __init__(
        self, settings: Settings, database: Database, clock: Callable[[], datetime] = now
    ) -> None:
        self.clock = clock
        self.worker = DatabaseWorker(database)
        self._database_kind = "sqlite" if database.is_sqlite else "postgresql"
        self.snapshots = Snapshots(self.worker, settings.club)
        self._adapters: list[Adapter] = []
        owner = this_process()
        self.deliverer = Deliverer(
            self.worker,
            self.snapshots,
            self.clock,
            owner,
            self._ready_to_send,
            KINDS,
            is_dead,
            plan_due,
            logged_as,
        )
        self.mirroring = Mirroring(self.worker, self.clock, owner, self._ready_to_send)
        self._budgets = Budgets(self.worker, self.clock, owner, self._connected, is_dead)
        fetch = Web(trusted=settings.luma_api_url).fetch
        self._dispatcher = Dispatcher(
            TABLE,
            self.worker,
            self.snapshots,
            self.clock,
            sight=self._sight,
            is_open=settings.is_open,
            time_zone=settings.time_zone,
            planned=self.deliverer.wake,
            fetch=fetch,
        )
        self.luma = LumaReader(
            self.worker,
            self.snapshots,
            self.clock,
            fetch,
            settings.luma_api_url or DEFAULT_URL,
            settings.luma_api_keys,
            self.deliverer.wake,
        )
        self.backups = Backups(
            database,
            self.worker,
            BackupFolder.of(database, settings.backup_folder),
            self.clock,
            owner,
            hours=settings.backup_hours,
            days=settings.backup_keep,
            is_dead=is_dead,
        )
        self._inbox = inbox = Inbox(self.worker, self.clock)
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
            zone_of=notes.zone_of,
            accept=inbox.accept,
            recall=inbox.recall,
            finish=inbox.finish,
            load_form=notes.load_form,
            save_form=notes.save_form,
            logged_as=logged_as,
        )

    def connect(self, settings: Settings) -> list[Connection]:
        """An adapter for each platform that has a token; none of them runs yet."""
        connections = []
        if settings.discord_token:
            connections.append(self._discord(settings, settings.discord_token))
        if settings.telegram_token:
            connections.append(self._telegram(settings, settings.telegram_token))
        self._adapters[:] = [one.adapter for one in connections]
        return connections

    def _discord(self, settings: Settings, token: str) -> Connection:
        # Who has no token for a platform need not have its library.
        from bot.adapters.discord.adapter import DiscordAdapter
        from bot.adapters.discord.options import DiscordOptions

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

    def _telegram(self, settings: Settings, token: str) -> Connection:
        from bot.adapters.telegram.adapter import TelegramAdapter, TelegramOptions

        options = TelegramOptions(
            token=token,
            api_url=settings.telegram_api_url,
            webhook_url=settings.telegram_webhook_url,
            webhook_host=settings.telegram_webhook_host,
            webhook_port=settings.telegram_webhook_port,
            webhook_secret=settings.telegram_webhook_secret,
        )
        # The first part of the token is the bot's own id, which anybody may know. One process
        # takes updates in, so that none is handled by two; another one waits for its turn.
        lease = f"Telegram bot {token.partition(':')[0]}"
        return Connection(TelegramAdapter(self.desk, options), (lease,))

    @asynccontextmanager
    async def background(self) -> AsyncIterator[None]:
        """What goes on beside the platforms while they are served."""
        delivering = asyncio.create_task(self.deliverer.run(), name="deliveries")
        scheduler = Scheduler(
            (
                Job("deliveries", 1.0, self._tick),
                Job("cards", 0.5, self._show_cards),
                Job("luma", 30.0, self._read_luma),
                Job("interest", 300.0, self.mirroring.read_interested),
                Job("budgets", RENEW_SECONDS, self._budgets.renew),
                Job("old things", 3600.0, self._forget),
                Job("backup", LOOK_SECONDS, self.backups.make_due, first_after=_SETTLED_SECONDS),
            )
        )
        scheduler.start()
        try:
            yield
        finally:
            scheduler.stop()
            await self.deliverer.stop()
            await asyncio.gather(delivering, return_exceptions=True)
            await self._budgets.release()

    async def _tick(self) -> None:
        if len(self._ready_to_send()) < len(self._connected()):
            # A platform that has just come need not wait for its turn.
            await self._budgets.renew()
        self.deliverer.wake()

    async def _show_cards(self) -> None:
        await self.mirroring.show_due()

    async def _read_luma(self) -> None:
        await self.luma.read_due()

    async def _forget(self) -> None:
        """What was kept for a while only."""
        now = self.clock()

        def forget(uow: UnitOfWork) -> None:
            uow.inbox.forget_before(now - _UPDATES_FOR)
            uow.asks.forget_before(now - _FORMS_FOR)
            uow.leases.forget_before(now - _UPDATES_FOR)
            for kind in ("link:", "asked:"):
                uow.platform_state.forget("telegram", kind, now - _FORMS_FOR)

        await self.worker.write(forget)
        if self._dispatcher.has_forgotten:
            self._dispatcher.has_forgotten = not await self.worker.purge()
        for club in self.snapshots.clubs():
            await self.worker.write(lambda uow: ask_again(uow, now), club)
        self.deliverer.wake()
        await self.snapshots.forget_actions_before(now - _ACTIONS_FOR)

    @asynccontextmanager
    async def watched(self, settings: Settings) -> AsyncIterator[None]:
        """Serves how the bot is, where a port is set for it; raises CannotServe."""
        if settings.http_port is None:
            yield
            return
        # Only who watches needs the libraries for it.
        from prometheus_client import CollectorRegistry, ProcessCollector

        from bot.watching.probe import Probe
        from bot.watching.server import Server
        from bot.watching.state import State
        from bot.watching.tally import Tally

        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        tally = Tally([command.name for command in TABLE], KINDS, self.clock)
        registry.register(tally)
        self._dispatcher.handled = tally.handled
        self.deliverer.settled = tally.settled
        state = State(self._adapters, self.worker, KINDS, self._database_kind)
        registry.register(state)
        last_backup = self.backups.last_made_at
        probe = Probe(self.worker, this_process(), self.clock, reason, lambda uow: last_backup())
        server = Server(probe, state, registry)
        address = await server.start(settings.http_host, settings.http_port)
        feeling = asyncio.create_task(tally.feel_lag(), name="lag")
        log.info("Watching: %s/readyz", address)
        try:
            yield
        finally:
            feeling.cancel()
            await asyncio.gather(feeling, return_exceptions=True)
            await server.stop()
            await probe.close()

    def _sight(self, place: PlaceRef) -> Sight | None:
        for adapter in self._adapters:
            if adapter.name == place.platform:
                return adapter.sight(place)
        return None

    def _ready_to_send(self) -> list[Adapter]:
        """Those of them of whose limits this process knows its share."""
        return [adapter for adapter in self._connected() if self._budgets.has_share(adapter)]

    def _connected(self) -> list[Adapter]:
        """The platforms that this process can send to at this moment."""
        return [adapter for adapter in self._adapters if adapter.is_ready]

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
        await self._inbox.close()
        await self.worker.close()

    async def _watch(self) -> None:
        """Other processes change the database too: an import, a second bot."""
        has_failed = False
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                await self.snapshots.load()
            except Exception:
                if not has_failed:
                    log.exception("the clubs could not be read again; it is tried until they can")
                has_failed = True
            else:
                has_failed = False

    async def _dispatch(self, invocation: Invocation) -> Reply:
        with logged_as(invocation.id):
            if invocation.message is not None:
                replied = str(invocation.arguments.get("reply_to", invocation.message.message_id))
                await self._notes.settle(invocation.message.place, replied)
            if (place := invocation.place).thread_id is not None:
                # A thread may have been begun on the card that was sent a moment ago.
                await self._notes.settle(replace(place, thread_id=None), place.thread_id)
            return await self._dispatcher.dispatch(invocation)
