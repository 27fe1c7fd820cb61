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

_CHAT_MARGIN = 1.02
_MAKES_UP_FOR = 0.5
_CLOSEST = 0.7
# Who answers people keeps room for the next ones: they must not meet a full second.
_ROOM_FOR_ANSWERS = 4
_ANSWERING_FOR = 10.0
# What is refused slows all down a little, and more if it is refused again before that has passed.
_SLOWER = 0.92
_SLOWEST = 0.25
_RECOVERS_A_SECOND = 0.01
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
        margin: float = 1.015,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`requests` says how many a message to a place takes. What leaves evenly arrives a little
        less evenly: without a `margin` some of it would be one too many.
        """
        self._rate = rate
        self._chat = chat
        self._requests = requests
        self._margin = margin
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._share = 1
        self._shares_from = 0.0
        self._pace = 1.0
        self._paced_at = 0.0
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
        await self.leave(await self.reserve(place))

    async def reserve(self, place: PlaceRef, ahead: float = 0.0) -> float:
        """Waits until so many seconds before a turn, and gives its instant to `leave` at."""
        while True:
            while (wait := self.room_in(place)) > 0:
                await self._sleep(wait)
            async with self._line:
                turn, slot = await self._wait_in_line(ahead)
                # Somebody may have been answered in this chat meanwhile.
                if self.room_in(place) <= 0:
                    # What leaves later than its turn does not put off the turns after it.
                    self._next = turn + self._interval(turn) * self._requests(place)
                    slot = max(slot, self._clock())
                    self._note(place, slot)
                    return slot

    async def leave(self, slot: float = 0.0) -> None:
        """Waits for the instant of a turn, and longer where a second would have too much in it.

        Each further request of the same turn leaves by itself, as soon as it can.
        """
        while (wait := max(slot, self._held_until, self._free_at()) - self._clock()) > 0:
            await self._sleep(wait)
        self._left.append(self._clock())

    async def _wait_in_line(self, ahead: float) -> tuple[float, float]:
        """The next turn, and from when on its message may leave."""
        while True:
            now = self._clock()
            turn = max(self._next, self._held_until, self._shares_from, now - _MAKES_UP_FOR)
            slot = max(turn, self._free_at())
            if slot - now <= ahead:
                return turn, slot
            await self._sleep(slot - now - ahead)

    def _free_at(self) -> float:
        """From when on one more request, and those who are answered, fit into a second."""
        if self._rate is None:
            return 0.0
        now = self._clock()
        answers = sum(at > now - _ANSWERING_FOR for at in self._answered)
        # A share of a limit is so many in a longer or shorter span, which need not be a second.
        own = max(1, int(self._rate / self._share))
        # Half the margin, so that what left a little late does not make all that follows late too.
        span = own * self._share / self._rate * (1 + self._margin) / 2
        room = max(1, own - answers)
        if not self._left:
            return 0.0
        # What leaves all at once arrives one after the other, and not as it left.
        apart = self._left[-1] + span / own * _CLOSEST
        return max(apart, self._left[-room] + span) if len(self._left) >= room else apart

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
        pace = self._pace_at(now)
        if now - self._paced_at >= 1:
            # Several that were under way at the same time are one refusal.
            self._pace, self._paced_at = max(_SLOWEST, pace * _SLOWER), now
            self._next = max(self._next, now)
        if place is not None:
            self._held[place.chat_id] = max(self._held.get(place.chat_id, 0.0), now + after)
            self._forget(now)
            return
        self._held_until = max(self._held_until, now + after)
        # All that time is not made up for, nor is there any recovery in it.
        self._next = max(self._next, self._held_until)
        self._paced_at = max(self._paced_at, self._held_until)

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
        return self._share * self._margin / self._rate / self._pace_at(now)

    def _pace_at(self, now: float) -> float:
        recovered = max(0.0, now - self._paced_at) * _RECOVERS_A_SECOND
        return min(1.0, self._pace + recovered)

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
