"""What the bot is told: numbered, kept until it is acknowledged, by polling or by a webhook."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.telegram.clock import Bell
from tests.telegram.refusals import Json, other_poller, webhook_is_set

ON_DEMAND = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
FIRST_ID = 800_000_001


@dataclass(frozen=True, slots=True)
class Update:
    """``lane`` is the chat or person that it is about: a webhook keeps each in order."""

    id: int
    kind: str
    payload: Json
    lane: int


class Updates:
    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._next = FIRST_ID
        self._arrived = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self.pending: deque[Update] = deque()
        self.allowed: frozenset[str] | None = None  # None is all but what is told on demand.
        self.webhook_url = ""

    def add(self, kind: str, payload: Json, lane: int) -> Update | None:
        """None where the bot did not ask for such."""
        wanted = kind in self.allowed if self.allowed is not None else kind not in ON_DEMAND
        if not wanted:
            return None
        update = Update(self._next, kind, {"update_id": self._next, kind: payload}, lane)
        self._next += 1
        self.pending.append(update)
        self.ring()
        return update

    def allow(self, kinds: Iterable[str] | None) -> None:
        """What is said stays until something else is said; an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def is_acknowledged(self, update: Update | int) -> bool:
        key = update if isinstance(update, int) else update.id
        return all(one.id != key for one in self.pending)

    def acknowledge_before(self, offset: int) -> None:
        changed = False
        while self.pending and self.pending[0].id < offset:
            self.pending.popleft()
            changed = True
        if changed:
            self._bell.ring()

    def drop(self) -> None:
        self.pending.clear()
        self._bell.ring()

    def remove(self, update: Update) -> None:
        with suppress(ValueError):
            self.pending.remove(update)
        self._bell.ring()

    async def get(
        self,
        offset: int = 0,
        limit: int = 100,
        timeout: int = 0,
        allowed: list[str] | None = None,
    ) -> list[Any]:
        """getUpdates: an offset acknowledges all before it, a negative one all but the last."""
        if self.webhook_url:
            raise webhook_is_set()
        self.allow(allowed)
        if offset > 0:
            self.acknowledge_before(offset)
        elif offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(other_poller())
        limit = limit if 1 <= limit <= 100 else 100
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = mine
        try:
            await self._something(mine, min(max(timeout, 0), 50))
        finally:
            # Asked for its exception, a future that nobody waits for any more does not complain.
            if mine.done():
                mine.exception()
            mine.cancel()
        return [one.payload for _, one in zip(range(limit), self.pending, strict=False)]

    async def _something(self, mine: asyncio.Future[None], seconds: float) -> None:
        """Waits for an update, unless another poller or a webhook comes instead."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.pending and seconds:
                    arrival = asyncio.ensure_future(self._arrived.wait())
                    try:
                        await asyncio.wait((arrival, mine), return_when=asyncio.FIRST_COMPLETED)
                    finally:
                        arrival.cancel()
                    if mine.done():
                        break
        if mine.done():
            mine.result()
        if self.webhook_url:
            raise webhook_is_set()

    def set_webhook(self, url: str) -> None:
        self.webhook_url = url
        if url and self._poll is not None and not self._poll.done():
            self._poll.set_exception(webhook_is_set())
        self.ring()

    @property
    def arrival(self) -> asyncio.Event:
        """Set when something changes from now on."""
        return self._arrived

    def ring(self) -> None:
        self._arrived.set()
        self._arrived = asyncio.Event()
        self._bell.ring()
