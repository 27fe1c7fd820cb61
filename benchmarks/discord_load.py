"""Our bot on Discord against a bare one, by turns: ``measure`` gives the lines of the table.

It runs in a process of its own, which plays Discord; each bot is another.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import TypeAlias

import orjson

from benchmarks import discord_payloads as payloads
from benchmarks.bots import CODE, Bot, fill, pin_here
from benchmarks.corpus import chance
from benchmarks.databases import note
from benchmarks.discord_bare import BUTTON
from benchmarks.discord_bots import running
from benchmarks.discord_server import Act, LoadServer
from benchmarks.measure import MILLI, Spread, quantile
from benchmarks.table import Line

_OUTSTANDING = 64
_RATE = 100
_TURNS = 5
_SETTLE = 0.6
_PREFIX = CODE.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Work:
    """How much is asked of each bot in each repeat, and of how many papers."""

    papers: int = 1_000
    repeats: int = 5
    starts: int = 3
    warm: int = 200
    paced: int = 500
    same: int = 6_300
    any: int = 3_000
    completions: int = 1_000
    presses: int = 250

    @property
    def commands(self) -> int:
        return self.warm + self.paced + self.same + self.any


FULL = Work()
QUICK = Work(40, 1, 1, 20, 50, 100, 100, 50, 50)

Figures: TypeAlias = dict[str, float]


class Side:
    """One of the two bots, what its members do, and what was measured of it."""

    def __init__(self, name: str, bot: Bot[LoadServer], papers: int) -> None:
        self.name = name
        self.bot = bot
        self.figures: Figures = {}
        # The bare bot shows the same paper whatever it is asked for.
        knows = papers if name == "ours" else 0
        codes = [f"{_PREFIX}-{number:03}" for number in range(1, knows + 1)]
        chance(papers).shuffle(codes)
        self._any = cycle([_paper(code) for code in codes] or [_paper(CODE)])
        self._half = cycle(_typed(words) for words in ("6", "AI X"))
        self._press = _paper(CODE)

    def see(self, shown: payloads.Json) -> None:
        """Takes the button to press from an answer."""
        rows: list[payloads.Json] = shown.get("components") or []
        custom_id = rows[0]["components"][0]["custom_id"] if rows else BUTTON
        seen = payloads.message(payloads.COMMAND_ID, shown)
        self._press = Act(payloads.PRESS, payloads.pressed(custom_id), CODE.encode(), seen)

    def one_paper(self) -> Act:
        return _ONE

    def any_paper(self) -> Act:
        return next(self._any)

    def half_typed(self) -> Act:
        return next(self._half)

    def press(self) -> Act:
        return self._press


def _paper(code: str) -> Act:
    return Act(payloads.COMMAND, payloads.typed(code), code.encode())


def _typed(words: str) -> Act:
    return Act(payloads.COMPLETION, payloads.typed(words, is_half=True), CODE.encode())


_ONE = _paper(CODE)


def measure(work: Work) -> list[Line]:
    """Against a discord.py bot that answers with a fixed embed. Raises when an answer is wrong."""
    if not sys.platform.startswith("linux"):
        note("Discord: left out, since other processes are measured on Linux alone.")
        return []
    command = [sys.executable, "-m", "benchmarks.discord_load", json.dumps(asdict(work))]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: list[dict[str, Figures]] = json.loads(printed)

    def spread(name: str, bot: str) -> Spread:
        return Spread(tuple(repeat[bot][name] for repeat in found))

    def line(what: str, name: str, unit: str, scale: float, goal: float | None) -> Line:
        ours, bare = (spread(name, bot).scaled(scale) for bot in ("ours", "bare"))
        return Line(f"Discord: {what}", work.papers, unit, ours, bare, goal)

    return [
        line("/paper, 64 outstanding, time of each / bare bot", "same", "ms", MILLI, 1.25),
        line("/paper of any paper, 64 outstanding / bare bot", "any", "ms", MILLI, 1.25),
        line("CPU of a command / bare bot", "cpu", "ms", MILLI, 1.25),
        line(f"/paper at {_RATE} a second, p50 / bare bot", "p50", "ms", MILLI, 1.25),
        line(f"/paper at {_RATE} a second, p99 / bare bot", "p99", "ms", MILLI, 2),
        line("completion, 64 outstanding / fixed choices", "completion", "ms", MILLI, 1.25),
        line("a depth pressed, 64 outstanding / bare bot", "press", "ms", MILLI, None),
        line("process start to first right answer / bare bot", "first", "s", 1, 3),
        line("memory, idle / bare bot", "idle", "MB", 1, None),
        Line(
            f"Discord: memory gained over {work.commands:,} commands / bare bot",
            work.papers,
            "MB",
            spread("gained", "ours"),
            spread("gained", "bare"),
            12,
            is_absolute=True,
        ),
    ]


async def _repeats(work: Work) -> list[dict[str, Figures]]:
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name) / "archive.sqlite"
        fill(archive, work.papers)
        return [
            await _repeat(work, archive, Path(name) / str(number), number)
            for number in range(work.repeats)
        ]


async def _repeat(work: Work, archive: Path, folder: Path, number: int) -> dict[str, Figures]:
    """Both bots run at once and work by turns, so that what disturbs one disturbs both."""
    names = ("bare", "ours") if number % 2 else ("ours", "bare")
    async with AsyncExitStack() as stack:
        sides = []
        for name in names:
            bot = await stack.enter_async_context(running(name, archive, folder / name))
            sides.append(await _started(name, bot, work))
        await asyncio.sleep(_SETTLE)
        for side in sides:
            side.figures["idle"] = side.bot.memory
            await side.bot.server.keep_busy(side.one_paper, work.warm, _OUTSTANDING)
        await _commands(work, sides)
        for side in sides:
            side.figures["gained"] = side.bot.memory - side.figures["idle"]
        await _busy(sides, "completion", work.completions, lambda side: side.half_typed)
        await _busy(sides, "press", work.presses, lambda side: side.press)
    for again in range(1, work.starts):
        for side in sides:
            own = folder / f"{side.name}-{again}"
            async with running(side.name, archive, own) as bot:
                answered = (await _started(side.name, bot, work)).figures["first"]
            # The start that was disturbed least.
            side.figures["first"] = min(side.figures["first"], answered)
    return {side.name: side.figures for side in sides}


async def _started(name: str, bot: Bot[LoadServer], work: Work) -> Side:
    """With the time to its first right answer."""
    side = Side(name, bot, work.papers)
    answer = await bot.server.keep_busy(side.one_paper, 1, 1)
    side.figures["first"] = time.perf_counter() - bot.started
    side.see(orjson.loads(answer.last)["data"])
    return side


async def _commands(work: Work, sides: list[Side]) -> None:
    before = {side.name: side.bot.busy for side in sides}
    await _busy(sides, "same", work.same, lambda side: side.one_paper)
    # What an answer leaves to be written later is a part of its cost.
    await asyncio.sleep(_SETTLE)
    for side in sides:
        side.figures["cpu"] = (side.bot.busy - before[side.name]) / work.same
    await _busy(sides, "any", work.any, lambda side: side.any_paper)
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for turn in range(_TURNS):
        gaps = [chance(turn).expovariate(_RATE) for _ in range(work.paced // _TURNS)]
        for side in sides:
            outcome = await side.bot.server.pace(side.one_paper, gaps)
            seconds[side.name] += outcome.each
    for side in sides:
        side.figures["p50"] = quantile(seconds[side.name], 0.5)
        side.figures["p99"] = quantile(seconds[side.name], 0.99)


async def _busy(
    sides: list[Side], name: str, acts: int, chosen: Callable[[Side], Callable[[], Act]]
) -> None:
    """Seconds of one act where there is always another one to be done, by turns."""
    seconds = dict.fromkeys((side.name for side in sides), 0.0)
    for _ in range(_TURNS):
        for side in sides:
            outcome = await side.bot.server.keep_busy(chosen(side), acts // _TURNS, _OUTSTANDING)
            seconds[side.name] += outcome.whole
    for side in sides:
        side.figures[name] = seconds[side.name] / acts


if __name__ == "__main__":
    pin_here()
    print(json.dumps(asyncio.run(_repeats(Work(**json.loads(sys.argv[1]))))))
