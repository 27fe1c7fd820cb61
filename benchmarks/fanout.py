"""A reminder to a whole club: `wprc run` against platforms that enforce their limits.

It runs in a process of its own, which plays the platform; the bot is another.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from benchmarks import bare_fanout, discord_bots, discord_payloads
from benchmarks.bots import CODE, Bot, pin_here, started
from benchmarks.crowd import account, fill_crowd, plan_sessions
from benchmarks.databases import note
from benchmarks.discord_server import Act as DiscordAct
from benchmarks.discord_server import LoadServer as Discord
from benchmarks.limits import Bucket, Limit, Window
from benchmarks.measure import MILLI, Spread, quantile
from benchmarks.table import Line
from benchmarks.telegram_server import TOKEN
from benchmarks.telegram_server import Act as TelegramAct
from benchmarks.telegram_server import LoadServer as Telegram

_PATIENCE = 3.0
_TELEGRAM, _DISCORD = 30, 50
_ASKED_A_SECOND = 10
# Not a whole part of a second, since something may be looked at just then.
_APART = 0.2537


@dataclass(frozen=True, slots=True)
class Work:
    """How many are reminded, and how often each is measured."""

    people: int = 2_000
    repeats: int = 1
    starts_for: float = 6.0
    """Seconds that the bot is given before anything is due."""
    asked: int = 300
    sessions: int = 120
    is_whole: bool = True
    """With the libraries alone, each reading of a limit, and answers meanwhile."""

    @property
    def cases(self) -> tuple[Case, ...]:
        return CASES if self.is_whole else CASES[::2]


FULL = Work()
QUICK = Work(40, 1, 2.5, 0, 5, is_whole=False)

Figures: TypeAlias = dict[str, float]
Server: TypeAlias = Discord | Telegram


@dataclass(frozen=True, slots=True)
class Case:
    """One platform with one reading of its limit."""

    name: str
    platform: str
    limit: Callable[[], Limit]
    goal: float
    most_refused: int
    requests: int = 1
    """Of each message."""


CASES = (
    Case("Telegram, 30 a second saved up", "telegram", lambda: Bucket(_TELEGRAM), 1.03, 5),
    Case("Telegram, never over 30 in a second", "telegram", lambda: Window(_TELEGRAM), 1.05, 5),
    Case("Discord, open and send", "discord", lambda: Window(_DISCORD), 1.05, 20, 2),
)


def measure(work: Work) -> list[Line]:
    """Raises RuntimeError where somebody is not reminded, or is reminded twice."""
    if not sys.platform.startswith("linux"):
        note("Fan-out: left out, since other processes are measured on Linux alone.")
        return []
    command = [sys.executable, "-m", "benchmarks.fanout", json.dumps(asdict(work))]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: list[Figures] = json.loads(printed)

    def spread(name: str) -> Spread:
        return Spread(tuple(repeat[name] for repeat in found))

    lines = []
    for case in work.cases:
        what, name = f"fan-out: {case.name}", case.name
        shortest = spread(f"{name} shortest")
        lines += [
            Line(f"{what}: / shortest", work.people, "s", spread(name), shortest, case.goal),
            _alone(f"{what}: refused", work, "", spread(f"{name} refused"), case.most_refused),
            _alone(f"{what}: CPU of a message", work, "ms", spread(f"{name} cpu")),
        ]
        if work.is_whole:
            bare = spread(f"{name} bare")
            lines.append(Line(f"{what}: bare / shortest", work.people, "s", bare, shortest))
            for word in ("refused", "lost"):
                values = spread(f"{name} bare {word}")
                lines.append(_alone(f"{what}: bare: {word}", work, "", values))
    for platform in ("Discord", "Telegram") if work.is_whole else ():
        for part in ("p50", "p99"):
            lines.append(
                Line(
                    f"{platform}: /paper at {_ASKED_A_SECOND} a second in a fan-out, {part} / idle",
                    work.asked,
                    "ms",
                    spread(f"{platform} {part}").scaled(MILLI),
                    spread(f"{platform} idle {part}").scaled(MILLI),
                    2.0 if part == "p99" else None,
                )
            )
    requests = spread("mention requests"), spread("private requests")
    return [
        *lines,
        Line(
            "Discord: requests, named in a channel / each by DM", work.people, "", *requests, 0.02
        ),
        _alone("a due reminder is late, p50", work, "ms", spread("late p50").scaled(MILLI)),
        _alone("a due reminder is late, p99", work, "ms", spread("late p99").scaled(MILLI), 1_000),
    ]


def _alone(what: str, work: Work, unit: str, ours: Spread, goal: float | None = None) -> Line:
    return Line(what, work.people, unit, ours, None, goal, is_absolute=goal is not None)


@asynccontextmanager
async def running(
    platform: str, limit: Limit | None, archive: Path, folder: Path
) -> AsyncIterator[Bot[Discord] | Bot[Telegram]]:
    """`wprc run` on one platform, in a folder of its own."""
    if platform == "discord":
        async with (
            Discord(limit) as discord,
            started(
                *(discord, discord.connected, ("bot", "run"), archive, folder),
                discord_bots.environ_of(discord),
            ) as bot,
        ):
            yield bot
    else:
        async with Telegram(limit=limit) as telegram:
            environ = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
            async with started(
                *(telegram, telegram.connected, ("bot", "run"), archive, folder), environ
            ) as other:
                yield other


async def _repeat(work: Work, folder: Path) -> Figures:
    found: Figures = {}
    for number, case in enumerate(work.cases):
        found |= await _fan_out(case, work, folder / f"fan-{number}")
    found["private requests"] = found.pop("Discord, open and send requests")
    found["mention requests"] = await _mentions(work, folder / "mentions")
    for platform in ("discord", "telegram") if work.is_whole else ():
        found |= await _asked(platform, work, folder / f"asked-{platform}")
    found |= await _late(work, folder / "late")
    return found


async def _fan_out(case: Case, work: Work, folder: Path) -> Figures:
    """Seconds from the instant at which it is due until the last one is taken."""
    note(f"Fan-out: {case.name} ...")
    archive, due = _crowd(folder, case.platform, work.people), _soon(work)
    plan_sessions(archive, [due])
    limit = case.limit()
    count = work.people * case.requests
    found = {f"{case.name} shortest": limit.shortest(count)}
    async with running(case.platform, limit, archive, folder / "ours") as bot:
        await asyncio.sleep(due.timestamp() - time.time())
        busy = bot.busy
        seconds = await _until_all(bot.server, work.people, due.timestamp(), case.platform)
        found[case.name] = seconds
        found[f"{case.name} refused"] = bot.server.refusals
        found[f"{case.name} requests"] = bot.server.requests
        found[f"{case.name} cpu"] = (bot.busy - busy) / work.people / MILLI
    if work.is_whole:
        found |= await _bare(case, work.people)
    return found


async def _bare(case: Case, people: int) -> Figures:
    """The platform's library as it comes, which sends them all at once."""
    note(f"Fan-out: {case.name}, the bare library ...")
    accounts = [account(case.platform, number) for number in range(people)]
    async with (
        Discord(case.limit())
        if case.platform == "discord"
        else Telegram(limit=case.limit()) as server
    ):
        begun = time.time()
        lost = await bare_fanout.send(server, accounts)
        seconds = max(at for at, _ in server.unasked) - begun
        return {
            f"{case.name} bare": seconds,
            f"{case.name} bare refused": server.refusals,
            f"{case.name} bare lost": lost,
        }


async def _mentions(work: Work, folder: Path) -> float:
    """How many requests it takes to name the same people in a channel."""
    note("Fan-out: named in a channel ...")
    archive, due = _crowd(folder, "discord", work.people, where="place"), _soon(work)
    plan_sessions(archive, [due])
    async with running("discord", Window(_DISCORD), archive, folder / "ours") as bot:
        await asyncio.sleep(due.timestamp() - time.time())
        messages = -(-work.people // 50)
        while len(bot.server.unasked) < messages:
            await asyncio.sleep(0.01)
        return float(bot.server.requests)


async def _asked(platform: str, work: Work, folder: Path) -> Figures:
    """Seconds of answers, first with nothing else to do, then while all are reminded."""
    note(f"Fan-out: {platform} answers meanwhile ...")
    name = platform.capitalize()
    gaps = [1 / _ASKED_A_SECOND] * (work.asked // 2)
    lasts = len(gaps) / _ASKED_A_SECOND
    rate = _DISCORD / 2 if platform == "discord" else _TELEGRAM - _ASKED_A_SECOND
    people = int(rate * (lasts + 2) * 1.2)
    archive, due = _crowd(folder, platform, people), _soon(work, lasts + 3)
    plan_sessions(archive, [due])
    limit: Limit = Window(_DISCORD) if platform == "discord" else Bucket(_TELEGRAM)
    async with running(platform, limit, archive, folder / "ours") as bot:
        await _ask(bot.server, gaps[:5])
        idle = await _ask(bot.server, gaps)
        await asyncio.sleep(due.timestamp() - time.time() + 0.5)
        busy = await _ask(bot.server, gaps)
        if len(bot.server.unasked) >= people:
            raise RuntimeError("the fan-out was over before the answers were")
    return {
        f"{name} idle p50": quantile(idle, 0.5),
        f"{name} idle p99": quantile(idle, 0.99),
        f"{name} p50": quantile(busy, 0.5),
        f"{name} p99": quantile(busy, 0.99),
    }


async def _ask(server: Server, gaps: Sequence[float]) -> list[float]:
    if isinstance(server, Telegram):
        return (await server.pace(TelegramAct(f"/paper {CODE}", CODE.encode()), gaps)).each
    act = DiscordAct(discord_payloads.COMMAND, discord_payloads.typed(CODE), CODE.encode())
    return (await server.pace(lambda: act, list(gaps))).each


async def _late(work: Work, folder: Path) -> Figures:
    """Seconds from the instant at which each of many sessions' reminders is due."""
    note("Fan-out: how late a reminder is ...")
    archive = _crowd(folder, "telegram", work.sessions)
    begin = _soon(work)
    dues = [begin + timedelta(seconds=number * _APART) for number in range(work.sessions)]
    plan_sessions(archive, dues)
    by_account = {account("telegram", at): due.timestamp() for at, due in enumerate(dues)}
    async with running("telegram", Bucket(_TELEGRAM), archive, folder / "ours") as bot:
        await asyncio.sleep(dues[-1].timestamp() - time.time())
        await _until_all(bot.server, work.sessions, 0.0, "telegram")
        late = [at - by_account[to] for at, to in bot.server.unasked]
    return {"late p50": quantile(late, 0.5), "late p99": quantile(late, 0.99)}


def _crowd(folder: Path, platform: str, people: int, where: str | None = None) -> Path:
    folder.mkdir(parents=True)
    archive = folder / "archive.sqlite"
    fill_crowd(archive, platform, people, where=where)
    return archive


def _soon(work: Work, seconds: float = 0.0) -> datetime:
    """After the bot has started."""
    return datetime.now(UTC) + timedelta(seconds=work.starts_for + seconds)


async def _until_all(server: Server, people: int, since: float, platform: str) -> float:
    """Until everybody has a message. Raises RuntimeError if somebody has none, or two."""
    most = time.monotonic() + _PATIENCE * people / (_DISCORD if platform == "discord" else 20) + 30
    while len(server.unasked) < people:
        if time.monotonic() > most:
            raise RuntimeError(f"{people - len(server.unasked)} were not reminded")
        await asyncio.sleep(0.01)
    if len({to for _, to in server.unasked}) < people:
        raise RuntimeError("somebody was reminded twice, and another not at all")
    return server.unasked[-1][0] - since


async def _repeats(work: Work) -> list[Figures]:
    with tempfile.TemporaryDirectory() as name:
        return [await _repeat(work, Path(name) / str(number)) for number in range(work.repeats)]


if __name__ == "__main__":
    pin_here()
    print(json.dumps(asyncio.run(_repeats(Work(**json.loads(sys.argv[1]))))))
