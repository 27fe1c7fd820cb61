"""Our bot on Telegram against a bare one, by turns: ``measure`` gives the lines of the table.

It runs in a process of its own, which plays Telegram; each bot is another.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from benchmarks import discord_bots
from benchmarks.bots import CODE, Bot, fill, pin_here, started
from benchmarks.corpus import chance
from benchmarks.databases import AT, note
from benchmarks.discord_server import LoadServer as Discord
from benchmarks.measure import MILLI, Spread, quantile
from benchmarks.table import Line
from benchmarks.telegram_server import CHATS, TOKEN, Act, LoadServer
from storage.database import Database

_OUTSTANDING = 300
_DELAY = 0.05
_RATE = 100
_TURNS = 5
_SETTLE = 0.6
_COMMANDS = MappingProxyType({"bare": ("benchmarks.telegram_bare",), "ours": ("bot", "run")})
_PAPER = Act(f"/paper {CODE}", CODE.encode())
_DEPTH = Act(f"paper_{CODE}_lite", CODE.encode(), is_press=True)
# It is answered in the same way each time, and kept in the same transaction as the press.
_WRITE = Act("unpost_1", b"posted already", is_press=True)
_BARE_PRESS = Act("bare_x", CODE.encode(), is_press=True)


@dataclass(frozen=True, slots=True)
class Work:
    """How much is asked of each bot in each repeat, and of how many papers."""

    papers: int = 1_000
    repeats: int = 5
    starts: int = 3
    warm: int = 200
    paced: int = 400
    same: int = 4_000
    presses: int = 1_500
    gained: int = 4_000
    far: int = 60

    @property
    def commands(self) -> int:
        return self.warm + self.paced + self.same + self.gained + self.presses * 2


FULL = Work()
QUICK = Work(40, 1, 1, 20, 40, 100, 60, 100, 5)

Figures: TypeAlias = dict[str, float]


class Side:
    """One of the two bots, and what was measured of it."""

    def __init__(self, name: str, bot: Bot[LoadServer]) -> None:
        self.name = name
        self.bot = bot
        self.figures: Figures = {}

    def depth(self) -> Act:
        return _DEPTH if self.name == "ours" else _BARE_PRESS

    def write(self) -> Act:
        return _WRITE if self.name == "ours" else _BARE_PRESS


def measure(work: Work) -> list[Line]:
    """Against a python-telegram-bot bot with a fixed answer. Raises when an answer is wrong."""
    if not sys.platform.startswith("linux"):
        note("Telegram: left out, since other processes are measured on Linux alone.")
        return []
    command = [sys.executable, "-m", "benchmarks.telegram_load", json.dumps(asdict(work))]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: list[dict[str, Figures]] = json.loads(printed)

    def spread(name: str, bot: str) -> Spread:
        return Spread(tuple(repeat[bot][name] for repeat in found))

    def line(what: str, name: str, unit: str, scale: float, goal: float | None) -> Line:
        ours, bare = (spread(name, bot).scaled(scale) for bot in ("ours", "bare"))
        return Line(f"Telegram: {what}", work.papers, unit, ours, bare, goal)

    return [
        line(f"/paper, {_OUTSTANDING} waiting, time of each / bare", "same", "ms", MILLI, 1 / 2),
        line("CPU of a command / bare bot", "cpu", "ms", MILLI, 0.55),
        line("/paper, 50 ms more for each request / bare", "far", "ms", MILLI, 1 / 20),
        line("a press with a durable write / bare press", "write", "ms", MILLI, 1 / 2),
        line("a depth pressed / bare press", "press", "ms", MILLI, None),
        line(f"/paper at {_RATE} a second, p50 / bare bot", "p50", "ms", MILLI, None),
        line(f"/paper at {_RATE} a second, p99 / bare bot", "p99", "ms", MILLI, None),
        line("process start to first right answer / bare bot", "first", "s", 1, 3),
        line("memory of both platforms, idle / both bare bots", "idle", "MB", 1, 1.25),
        Line(
            f"Telegram: memory gained over {work.commands:,} commands / bare bot",
            work.papers,
            "MB",
            spread("gained", "ours"),
            spread("gained", "bare"),
            12,
            is_absolute=True,
        ),
    ]


@asynccontextmanager
async def running(
    name: str, archive: Path, folder: Path, delay: float = 0.0
) -> AsyncIterator[Bot[LoadServer]]:
    """Starts a bot in a folder of its own; it polls, but has answered nothing yet."""
    async with LoadServer(delay) as telegram:
        environ = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
        command = _COMMANDS[name]
        async with started(telegram, telegram.connected, command, archive, folder, environ) as bot:
            yield bot


async def _both(archive: Path, folder: Path) -> float:
    """Megabytes of our bot on both platforms at once, idle."""
    async with Discord() as discord, LoadServer() as telegram:
        environ = {
            **discord_bots.environ_of(discord),
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
        }
        async with started(
            discord, discord.connected, ("bot", "run"), archive, folder, environ
        ) as bot:
            await telegram.connected.wait()
            await asyncio.sleep(3 * _SETTLE)
            return bot.memory


async def _bare_memory(archive: Path, folder: Path) -> float:
    """Megabytes of the two bare bots together, idle."""
    async with (
        discord_bots.running("bare", archive, folder / "discord") as first,
        running("bare", archive, folder / "telegram") as second,
    ):
        await asyncio.sleep(3 * _SETTLE)
        return first.memory + second.memory


async def _repeats(work: Work) -> list[dict[str, Figures]]:
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name) / "archive.sqlite"
        fill(archive, work.papers)
        _make_organisers(archive)
        return [
            await _repeat(work, archive, Path(name) / str(number), number)
            for number in range(work.repeats)
        ]


def _make_organisers(archive: Path) -> None:
    """Everybody may press what writes; the announcement is one that nobody posts."""
    with closing(Database(f"sqlite:///{archive}")) as database, database.unit(write=True) as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        for chat in range(1_000, 1_000 + CHATS):
            person = uow.people.add("Reader", "telegram", str(chat), AT)
            uow.people.set_role(person.id, "organiser")
        uow.announcements.confirm(uow.announcements.add("Nothing", AT), AT)


async def _repeat(work: Work, archive: Path, folder: Path, number: int) -> dict[str, Figures]:
    """Both bots run at once and work by turns, so that what disturbs one disturbs both."""
    names = ("bare", "ours") if number % 2 else ("ours", "bare")
    async with AsyncExitStack() as stack:
        sides = []
        for name in names:
            bot = await stack.enter_async_context(running(name, archive, folder / name))
            sides.append(await _started(name, bot))
        await asyncio.sleep(_SETTLE)
        for side in sides:
            await side.bot.server.keep_busy(_PAPER, work.warm, _OUTSTANDING)
        idle = {side.name: side.bot.memory for side in sides}
        await _commands(work, sides)
        for side in sides:
            await side.bot.server.keep_busy(_PAPER, work.gained, _OUTSTANDING)
            side.figures["gained"] = side.bot.memory - idle[side.name]
    for side in sides:
        for again in range(1, work.starts):
            async with running(side.name, archive, folder / f"{side.name}-{again}") as bot:
                answered = (await _started(side.name, bot)).figures["first"]
            # The start that was disturbed least.
            side.figures["first"] = min(side.figures["first"], answered)
        far = folder / f"{side.name}-far"
        async with running(side.name, archive, far, _DELAY) as bot:
            acts = work.far if side.name == "bare" else work.far * 40
            await bot.server.keep_busy(_PAPER, 5, 5)
            outcome = await bot.server.keep_busy(_PAPER, acts, _OUTSTANDING)
            side.figures["far"] = outcome.whole / acts
    found = {side.name: side.figures for side in sides}
    found["ours"]["idle"] = await _both(archive, folder / "both")
    found["bare"]["idle"] = await _bare_memory(archive, folder / "bares")
    return found


async def _started(name: str, bot: Bot[LoadServer]) -> Side:
    """With the time to its first right answer."""
    side = Side(name, bot)
    await bot.server.keep_busy(_PAPER, 1, 1)
    side.figures["first"] = time.perf_counter() - bot.started
    return side


async def _commands(work: Work, sides: list[Side]) -> None:
    before = {side.name: side.bot.busy for side in sides}
    await _busy(sides, "same", work.same)
    # What an answer leaves to be written later is a part of its cost.
    await asyncio.sleep(_SETTLE)
    for side in sides:
        side.figures["cpu"] = (side.bot.busy - before[side.name]) / work.same
    await _busy(sides, "press", work.presses)
    await _busy(sides, "write", work.presses)
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for turn in range(_TURNS):
        gaps = [chance(turn).expovariate(_RATE) for _ in range(work.paced // _TURNS)]
        for side in sides:
            seconds[side.name] += (await side.bot.server.pace(_PAPER, gaps)).each
    for side in sides:
        side.figures["p50"] = quantile(seconds[side.name], 0.5)
        side.figures["p99"] = quantile(seconds[side.name], 0.99)


async def _busy(sides: list[Side], name: str, acts: int) -> None:
    """Seconds of one act where there is always another one to be done, by turns."""
    seconds = dict.fromkeys((side.name for side in sides), 0.0)
    for _ in range(_TURNS):
        for side in sides:
            act = {"same": _PAPER, "press": side.depth(), "write": side.write()}[name]
            outcome = await side.bot.server.keep_busy(act, acts // _TURNS, _OUTSTANDING)
            seconds[side.name] += outcome.whole
    for side in sides:
        side.figures[name] = seconds[side.name] / acts


if __name__ == "__main__":
    pin_here()
    print(json.dumps(asyncio.run(_repeats(Work(**json.loads(sys.argv[1]))))))
