"""The measuring itself: ``python -m benchmarks [--quick] [--sizes 1000,10000] [--only NAME]``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from benchmarks import (
    claims,
    completion,
    discord_load,
    fanout,
    importing,
    lag,
    lookup,
    memory,
    presses,
    search,
    telegram_load,
)
from benchmarks.databases import archive, note
from benchmarks.house import House, open_house
from benchmarks.table import Line, render

SESSIONS = ("claims", "presses", "fanout")
NAMES = (
    *("lookup", "search", "completion", "lag", "import", "memory", "discord", "telegram"),
    *SESSIONS,
)
# These need no archive of papers.
_APART = {"discord", "telegram", *SESSIONS}


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: enough to trust, or just enough to see that it runs."""

    repeats: int
    lookups: int
    searches: int
    completions: int
    lag_seconds: float
    imports: int
    processes: int
    claims: int
    presses: int


FULL = Effort(5, 2_000, 100, 1_000, 6.0, 200, 3, 10_000, 10_000)
QUICK = Effort(2, 50, 8, 40, 0.3, 5, 1, 60, 60)


async def run(sizes: list[int], effort: Effort, only: list[str]) -> list[Line]:
    """All lines; search, lag and memory are measured at the largest size."""
    paths = {size: archive(size) for size in sizes}
    largest = max(sizes)
    lines: list[Line] = []
    async with AsyncExitStack() as stack:
        houses: list[House] = []
        for size, path in paths.items():
            houses.append(await stack.enter_async_context(open_house(size, path)))
        if "lookup" in only:
            note("Code to card ...")
            lines += await lookup.measure(houses, effort.repeats, effort.lookups)
        if "completion" in only:
            note("Completion ...")
            lines += completion.measure(houses, effort.repeats, effort.completions)
        if "search" in only:
            for house in houses:
                note(f"Search in {house.papers:,} papers ...")
                lines += search.measure(house, effort.repeats, effort.searches)
    if "lag" in only:
        note("The event loop with all at once ...")
        lines += await lag.measure(largest, paths[largest], effort.repeats, effort.lag_seconds)
    if "import" in only:
        note("Import ...")
        lines += importing.measure(effort.repeats, effort.imports)
    if "memory" in only:
        note("Memory ...")
        lines += memory.measure(largest, paths[largest], effort.processes)
    return lines


def main(arguments: list[str]) -> int:
    """Prints the table; 0 whatever the figures are, since a noisy machine is no failure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="papers, divided by commas")
    parser.add_argument("--quick", action="store_true", help="only see that everything runs")
    told = f"of {', '.join(NAMES)}; sessions for {', '.join(SESSIONS)}"
    parser.add_argument("--only", default=",".join(NAMES), help=told)
    given = parser.parse_args(arguments)
    sizes = sorted(int(size) for size in given.sizes.split(","))
    only = given.only.replace("sessions", ",".join(SESSIONS)).split(",")
    if unknown := set(only) - set(NAMES):
        parser.error(f"--only takes {', '.join(NAMES)}; not {', '.join(sorted(unknown))}")
    logging.basicConfig(level=logging.WARNING)
    started = time.monotonic()
    lines: list[Line] = []
    effort = QUICK if given.quick else FULL
    if set(only) - _APART:
        lines += asyncio.run(run(sizes, effort, only))
    if "discord" in only:
        note("Discord ...")
        lines += discord_load.measure(discord_load.QUICK if given.quick else discord_load.FULL)
    if "telegram" in only:
        note("Telegram ...")
        lines += telegram_load.measure(telegram_load.QUICK if given.quick else telegram_load.FULL)
    if "claims" in only:
        note("Deliveries that are due ...")
        lines += claims.measure(effort.repeats, effort.claims)
    if "presses" in only:
        note("Presses ...")
        lines += presses.measure(effort.repeats, effort.presses)
    if "fanout" in only:
        lines += fanout.measure(fanout.QUICK if given.quick else fanout.FULL)
    print(render(lines))
    over = sum(line.is_met is False for line in lines)
    print(f"\n{over} over their goals; {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
