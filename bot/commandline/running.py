"""wprc run: the club on every platform that has a token, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from bot.app import App, Connection
from bot.chat.errors import PlatformRefused
from bot.commandline.processes import is_dead, this_process
from bot.notify import ServiceManager
from bot.settings import Settings
from storage.database import Database
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

NOTHING_TO_RUN = """\
There is no token, so there is nothing to run. To be asked for what is needed: wprc init
Or set one or both, in the environment or in .env:
  DISCORD_TOKEN   from https://discord.com/developers/applications (Bot, Reset Token)
  TELEGRAM_TOKEN  from @BotFather on Telegram (/newbot)
Then `wprc invite` prints the link that brings the bot into a Discord server; on Telegram whoever
manages a group adds it there by its name.
To look round without a token: wprc chat --sample"""
# Short, since after a crash nobody is served until the lease has run out.
_LEASE_FOR = timedelta(seconds=10)
_RENEW_SECONDS = 2.5
_RETRY_SECONDS = 1.0
_SERVING, _WAITING = "serving", "another process serves it"


async def run(settings: Settings, database: Database) -> int:
    """Serves until SIGINT or SIGTERM, which end it with 0.

    A platform that refuses its token says so and the others go on; 1 when none is left.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no signals for event loops.
            loop.add_signal_handler(number, stop.set)
    served: list[_Served] = []
    manager = ServiceManager(os.environ)
    async with (
        manager.told(partial(_state, served)),
        App(settings, database) as app,
        app.watched(settings),
        app.background(),
    ):
        served += [_Served(app, one, stop) for one in app.connect(settings)]
        running = [asyncio.create_task(one.serve(), name=one.name) for one in served]
        stopping = asyncio.create_task(stop.wait())
        while not stopping.done() and not all(task.done() for task in running):
            waiting = [task for task in running if not task.done()]
            await asyncio.wait({*waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        manager.stopping()
        if stopping.done():
            log.info("Stopping: what is being answered is finished first.")
            # What is being sent needs the platforms, so it ends before them.
            await app.deliverer.stop()
            await asyncio.gather(*(one.stop() for one in served))
        stopping.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return 0 if stop.is_set() else 1


def _state(served: Sequence[_Served]) -> tuple[bool, str]:
    """Whether anything is served by now, or waits for its turn; and how it goes, in words."""
    words = [(one.name, one.state) for one in served]
    is_ready = any(state in (_SERVING, _WAITING) for _, state in words)
    return is_ready, "; ".join(f"{name.capitalize()}: {state}" for name, state in words)


class _Served:
    """One platform, for as long as this process holds the leases that it needs."""

    def __init__(self, app: App, connection: Connection, stop: asyncio.Event) -> None:
        self._app = app
        self._adapter = connection.adapter
        self._stop = stop
        self._owner = this_process()
        self._own = connection.leases
        self._leases = (*connection.shared, *((name, self._owner) for name in connection.leases))
        self.name = connection.adapter.name
        self._is_waiting = False

    @property
    def state(self) -> str:
        """How it goes, in words."""
        if self._adapter.is_ready:
            return _SERVING
        return _WAITING if self._is_waiting else "not connected"

    async def serve(self) -> None:
        try:
            if await self._claim_all():
                await self._run()
        except PlatformRefused as error:
            sys.stderr.write(f"wprc: {self.name}: {error}\n")
        except Exception:
            log.exception("%s ended.", self.name)
            raise

    async def stop(self) -> None:
        await self._adapter.stop()

    async def _run(self) -> None:
        keeper = asyncio.create_task(self._keep())
        try:
            await self._adapter.run()
        finally:
            keeper.cancel()
            for name in self._own:
                await self._app.worker.write(partial(_release, name, self._owner))

    async def _claim_all(self) -> bool:
        """Waits until no other process serves what this one is to serve; False when stopped."""
        for name, owner in self._leases:
            has_waited = False
            while not await self._claim(name, owner):
                if not has_waited:
                    log.warning("%s is served by another process; this one waits.", name)
                    has_waited = self._is_waiting = True
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), _RETRY_SECONDS)
                if self._stop.is_set():
                    return False
            self._is_waiting = False
        return True

    async def _keep(self) -> None:
        """Renews the leases; whoever has lost one stops, since another process serves it now.

        A database that is away for a while ends nothing: without it an update has no effects, so
        that one which two processes see meanwhile does no harm. Once it is back, it says whose the
        leases are.
        """
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            try:
                are_ours = [await self._claim(name, owner) for name, owner in self._leases]
            except Exception as error:
                log.warning("the leases could not be renewed: %s", error)
                continue
            if not all(are_ours):
                log.error("%s is served by another process now; this one stops.", self.name)
                await self._adapter.stop()
                return

    async def _claim(self, name: str, owner: str) -> bool:
        now = self._app.clock()
        return await self._app.worker.write(partial(_claimed, name, owner, now))


def _claimed(name: str, owner: str, now: datetime, uow: UnitOfWork) -> bool:
    """Takes or renews a lease; that of a process which has ended on this machine is free."""
    holder = uow.leases.owner(name)
    if holder is not None and holder != owner and is_dead(holder):
        uow.leases.release(name, holder)
    return uow.leases.claim(name, owner, now, _LEASE_FOR)


def _release(name: str, owner: str, uow: UnitOfWork) -> None:
    uow.leases.release(name, owner)
