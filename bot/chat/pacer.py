"""How fast a platform may be written to.

What is sent unasked waits for its turn, evenly spaced and a little below the limit; answers to
people are counted and never wait, so they overtake. Instants are seconds of a monotonic clock.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.invocation import PlaceRef

# Requests that leave evenly arrive a little less evenly; without a margin some are one too many.
_MARGIN = 1.02
_SLACK = 0.2
_SLOWER = 0.9
_RECOVERS_FOR = 20.0
_MOST_CHATS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many in so many seconds, however they are spread."""

    count: int
    seconds: float


class Pacer:
    """One platform's limits: `rate` over all chats in a second, and those of a single chat.

    Without a rate nothing waits. One pacer serves one event loop.
    """

    def __init__(
        self,
        rate: float | None = None,
        chat: Callable[[PlaceRef], tuple[Rate, ...]] = lambda place: (),
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate = rate
        self._chat = chat
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._share = 1
        self._shares_from = 0.0
        self._slow_since: float | None = None
        self._held_until = 0.0
        self._chats: dict[str, deque[float]] = {}
        self._held: dict[str, float] = {}
        self._line: asyncio.Lock = asyncio.Lock()
        self.refusals = 0
        """How often the platform has said that this is too much (429); its adapter counts."""

    def used(self, place: PlaceRef, requests: int = 1) -> None:
        """An answer went out now: what is sent unasked makes room for it."""
        now = self._clock()
        self._next = max(self._next, now) + self._interval(now) * requests
        self._note(place, now)

    async def turn(self, place: PlaceRef, requests: int = 1) -> None:
        """Waits until the next unasked message may go to this chat; first come, first served."""
        while True:
            while (wait := self.room_in(place)) > 0:
                await self._sleep(wait)
            async with self._line:
                now = await self._wait_in_line()
                # Somebody may have been answered in this chat meanwhile.
                if self.room_in(place) <= 0:
                    interval = self._interval(now)
                    # A sleep ends a little late each time; a part of that is made up for.
                    self._next = max(self._next, now - interval * _SLACK) + interval * requests
                    self._note(place, now)
                    return

    async def _wait_in_line(self) -> float:
        while True:
            now = self._clock()
            wait = max(self._next, self._held_until, self._shares_from) - now
            if wait <= 0:
                return now
            await self._sleep(wait)

    def room_in(self, place: PlaceRef) -> float:
        """Seconds until this chat takes another unasked message; 0 when it does now."""
        now = self._clock()
        until = max(now, self._held.get(place.chat_id, 0.0))
        sent = self._chats.get(place.chat_id)
        for rate in self._chat(place) if sent else ():
            if sent and len(sent) >= rate.count:
                until = max(until, sent[-rate.count] + rate.seconds * _MARGIN)
        return until - now

    def held(self, place: PlaceRef) -> float:
        """Seconds for which not even an answer may go to this chat."""
        now = self._clock()
        return max(0.0, self._held.get(place.chat_id, 0.0) - now)

    def refused(self, after: float, place: PlaceRef | None = None) -> None:
        """The platform wants us to wait, in a chat or everywhere; then all goes slower for a while.

        A platform need not say of which limit it speaks, so that one refusal counts for all.
        """
        now = self._clock()
        self._slow_since = max(now, self._slow_since or now)
        if place is not None:
            self._held[place.chat_id] = max(self._held.get(place.chat_id, 0.0), now + after)
            self._forget(now)
            return
        self._held_until = max(self._held_until, now + after)
        self._slow_since = self._held_until

    def share(self, count: int) -> None:
        """So many processes use the same limits.

        Whoever comes late waits: the others must have noticed first. So a smaller share holds at
        once, and a larger one as soon as it is said.
        """
        self._share = max(1, count)

    def wait_for_share(self, seconds: float) -> None:
        """Sends nothing unasked for so long, until other processes know of this one."""
        self._shares_from = self._clock() + seconds

    def _interval(self, now: float) -> float:
        if self._rate is None:
            return 0.0
        interval = self._share * _MARGIN / self._rate
        if self._slow_since is not None:
            passed = now - self._slow_since
            if passed >= _RECOVERS_FOR:
                self._slow_since = None
            else:
                interval /= _SLOWER + (1 - _SLOWER) * max(0.0, passed) / _RECOVERS_FOR
        return interval

    def _note(self, place: PlaceRef, now: float) -> None:
        rates = self._chat(place)
        if not rates:
            return
        most = max(rate.count for rate in rates)
        # The newest is last, so the chat that was quiet for longest is forgotten first.
        sent = self._chats.pop(place.chat_id, None)
        if sent is None or sent.maxlen != most:
            sent = deque(sent or (), maxlen=most)
        sent.append(now)
        self._chats[place.chat_id] = sent
        if len(self._chats) > _MOST_CHATS:
            del self._chats[next(iter(self._chats))]

    def _forget(self, now: float) -> None:
        if len(self._held) > _MOST_CHATS:
            self._held = {chat: until for chat, until in self._held.items() if until > now}
