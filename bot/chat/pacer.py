"""How fast a platform may be written to.

What is sent unasked waits for its turn, evenly spaced and a little below the limit; answers to
people are counted and never wait, so they overtake. Time that was lost is made up for, and yet no
second has more in it than the limit, by the instants at which messages really left. Instants are
seconds of a monotonic clock.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil

from bot.chat.invocation import PlaceRef

# Requests that leave evenly arrive a little less evenly; without a margin some are one too many.
_MARGIN = 1.01
_CHAT_MARGIN = 1.02
_MAKES_UP_FOR = 0.25
# Who answers people keeps room for the next ones: they must not meet a full second.
_ROOM_FOR_ANSWERS = 4
_ANSWERING_FOR = 10.0
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
        requests: Callable[[PlaceRef], int] = lambda place: 1,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate = rate
        self._chat = chat
        self._requests = requests
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
        self._left: deque[float] = deque(maxlen=ceil(rate or 1))
        self._answered: deque[float] = deque(maxlen=_ROOM_FOR_ANSWERS)

    def used(self, place: PlaceRef) -> None:
        """An answer went out now: what is sent unasked makes room for it."""
        now = self._clock()
        self._next = max(self._next, now) + self._interval(now)
        self._left.append(now)
        self._answered.append(now)
        self._note(place, now)

    async def turn(self, place: PlaceRef) -> None:
        """Waits until the next unasked message may go to this chat; first come, first served."""
        await self.leave(place, await self.reserve(place))

    async def reserve(self, place: PlaceRef, ahead: float = 0.0) -> float:
        """Waits until so many seconds before a turn, and gives its instant to `leave` at."""
        while True:
            while (wait := self.room_in(place)) > 0:
                await self._sleep(wait)
            async with self._line:
                slot = await self._wait_in_line(ahead, self._requests(place))
                # Somebody may have been answered in this chat meanwhile.
                if self.room_in(place) <= 0:
                    self._next = slot + self._interval(slot) * self._requests(place)
                    slot = max(slot, self._clock())
                    self._note(place, slot)
                    return slot

    async def leave(self, place: PlaceRef, slot: float) -> None:
        """Waits for the instant of a turn, and longer where a second would have too much in it."""
        count = self._requests(place)
        while (wait := max(slot, self._held_until, self._free_at(count)) - self._clock()) > 0:
            await self._sleep(wait)
        self._left.extend([self._clock()] * count)

    async def _wait_in_line(self, ahead: float, count: int) -> float:
        while True:
            now = self._clock()
            # Whoever was refused a moment ago makes up for nothing.
            lost = 0.0 if self._slow_since is not None else _MAKES_UP_FOR
            slot = max(self._next, self._held_until, self._shares_from, now - lost)
            slot = max(slot, self._free_at(count))
            if slot - now <= ahead:
                return slot
            await self._sleep(slot - now - ahead)

    def _free_at(self, count: int) -> float:
        """From when on so many requests, and those who are answered, fit into a second."""
        if self._rate is None:
            return 0.0
        now = self._clock()
        answers = sum(at > now - _ANSWERING_FOR for at in self._answered)
        # A share of a limit is so many in a longer or shorter span, which need not be a second.
        own = max(1, int(self._rate / self._share))
        span = own * self._share / self._rate * _MARGIN
        room = max(1, own - answers - count + 1)
        return self._left[-room] + span if len(self._left) >= room else 0.0

    def room_in(self, place: PlaceRef) -> float:
        """Seconds until this chat takes another unasked message; 0 when it does now."""
        now = self._clock()
        until = max(now, self._held.get(place.chat_id, 0.0))
        sent = self._chats.get(place.chat_id)
        for rate in self._chat(place) if sent else ():
            if sent and len(sent) >= rate.count:
                until = max(until, sent[-rate.count] + rate.seconds * _CHAT_MARGIN)
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
