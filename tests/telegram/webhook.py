"""Updates pushed to a bot that listens: each chat in order, many at once, again until taken."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import aiohttp

from tests.telegram.updates import Update
from tests.telegram.world import World

FIRST_PAUSE = 0.02
LONGEST_PAUSE = 1.0


class Webhook:
    """A repeat comes sooner than Telegram's, so that tests need not wait."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._main: asyncio.Task[None] | None = None
        self._lanes: dict[int, asyncio.Task[None]] = {}

    def start(self) -> None:
        self._main = asyncio.create_task(self._run())

    async def stop(self) -> None:
        tasks = [*self._lanes.values(), *([self._main] if self._main else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        """Starts a task for each chat or person with something pending."""
        updates = self._world.updates
        async with aiohttp.ClientSession() as session:
            while True:
                arrival = updates.arrival
                if updates.webhook_url:
                    for update in list(updates.pending):
                        self._open(update.lane, session)
                await arrival.wait()

    def _open(self, lane: int, session: aiohttp.ClientSession) -> None:
        most = self._world.webhook.get("max_connections", 40)
        if lane in self._lanes or len(self._lanes) >= most:
            return
        task = asyncio.create_task(self._deliver(lane, session))
        self._lanes[lane] = task

    async def _deliver(self, lane: int, session: aiohttp.ClientSession) -> None:
        updates = self._world.updates
        pause = FIRST_PAUSE
        try:
            while updates.webhook_url:
                update = next((one for one in updates.pending if one.lane == lane), None)
                if update is None:
                    break
                if await self._push(update, session):
                    updates.remove(update)
                    pause = FIRST_PAUSE
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            del self._lanes[lane]
            updates.ring()  # Somebody may have waited for the place.

    async def _push(self, update: Update, session: aiohttp.ClientSession) -> bool:
        world = self._world
        headers = {"Content-Type": "application/json"}
        if world.webhook.get("secret"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = world.webhook["secret"]
        data = json.dumps(update.payload, ensure_ascii=False).encode()
        error = "Connection refused"
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with session.post(
                world.updates.webhook_url,
                data=data,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=10),
            ) as response:
                await response.read()
                if 200 <= response.status < 300:
                    return True
                error = f"Wrong response from the webhook: {response.status} {response.reason}"
        world.webhook["last_error_date"] = int(world.clock.now())
        world.webhook["last_error_message"] = error
        return False
