"""How late the event loop is while everything runs at once, through the real way in."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from itertools import cycle, pairwise
from pathlib import Path

from benchmarks import corpus
from benchmarks.completion import misspell
from benchmarks.house import ACTOR, House, invocation, open_house
from benchmarks.measure import MILLI, Spread, quantile
from benchmarks.search import two_words
from benchmarks.table import Line
from bot.app import now
from bot.archive import write_page
from bot.chat.invocation import Attachment
from bot.core.people import join_as

_TICK = 0.002
# As the app sets it: a busy database thread lets the loop in after so many seconds.
_SWITCH_SECONDS = 0.0005


async def measure(papers: int, path: Path, repeats: int, seconds: float) -> list[Line]:
    """Lag of a ticker that does nothing itself: with an idle house, then with a busy one."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "club.sqlite"  # Pages are brought in, and the archive must stay.
        shutil.copyfile(path, copy)
        before = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            async with open_house(papers, copy) as house:
                return await _measure(house, repeats, seconds)
        finally:
            sys.setswitchinterval(before)


async def _measure(house: House, repeats: int, seconds: float) -> list[Line]:
    await join_as(house.snapshots, house.worker, house.catalogue, ACTOR, now())
    idle, busy, answered = [], [], []
    clients = _clients(house)
    for _ in range(repeats):
        idle.append(await _lag(seconds / 4))
        counts = [0] * len(clients)
        running = [
            asyncio.create_task(_client(clients[at], counts, at)) for at in range(len(clients))
        ]
        busy.append(await _lag(seconds))
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        answered.append(sum(counts) / seconds)
    return [
        Line(
            f"event-loop lag, all at once: {name} / idle",
            house.papers,
            "ms",
            _quantile(busy, part),
            _quantile(idle, part),
            goal,
            is_absolute=goal is not None,
        )
        for name, part, goal in (("p50", 0.5, None), ("p99", 0.99, 5.0), ("worst", 1.0, None))
    ] + [Line("answers a second meanwhile", house.papers, "/s", Spread(tuple(answered)))]


async def _lag(seconds: float) -> list[float]:
    """How late each tick was, but no more than what this process has worked meanwhile.

    The rest is the time that other programs took from it, which says nothing about the house.
    """
    late = []
    until = time.perf_counter() + seconds
    while (started := time.perf_counter()) < until:
        worked = time.process_time()
        await asyncio.sleep(_TICK)
        waited = time.perf_counter() - started - _TICK
        late.append(max(0.0, min(waited, time.process_time() - worked)))
    return late


_Client = tuple[float, Callable[[], Awaitable[object]]]


def _clients(house: House) -> list[_Client]:
    """Who asks what, and how many seconds each waits between an answer and the next question."""
    picker = corpus.chance(house.papers)
    vocabulary = corpus.vocabulary()
    codes = [f"{corpus.PREFIX}-{picker.randint(1, house.papers):03d}" for _ in range(500)]
    words = [
        *two_words(house.papers, 100),
        *(f"{a} {b}" for a, b in pairwise(vocabulary[:10])),
    ]
    wrong = [misspell(picker, word) for word in vocabulary[2_000:2_200]]
    dispatch = house.dispatcher.dispatch

    def asks(command: str, texts: Iterable[str]) -> Callable[[], Awaitable[object]]:
        turn = cycle(texts)
        return lambda: dispatch(invocation(command, next(turn)))

    def completes() -> Awaitable[object]:
        return house.dispatcher.complete(invocation("paper"), "what", next(typed))

    def imports() -> Awaitable[object]:
        return dispatch(invocation("newpaper", "", next(files)))

    typed = cycle(wrong)
    files = cycle(_pages(house.papers))
    return [
        (0.01, asks("paper", codes)),
        (0.01, asks("paper", (f"{code} in-depth" for code in codes))),
        (0.01, asks("paper", wrong)),
        (0.02, asks("search", words)),
        (0.02, completes),
        (0.2, imports),
        (1.0, asks("papers", ("", "AI", "2024"))),
    ]


def _pages(papers: int) -> list[Attachment]:
    records = (corpus.Writer(number).long_record(papers + number % 50 + 1) for number in range(100))
    return [Attachment(f"{record.code}.txt", write_page(record).encode()) for record in records]


async def _client(client: _Client, counts: list[int], at: int) -> None:
    pause, ask = client
    while True:
        await ask()
        counts[at] += 1
        await asyncio.sleep(pause)


def _quantile(repeats: list[list[float]], part: float) -> Spread:
    return Spread(tuple(quantile(late, part) for late in repeats)).scaled(MILLI)
