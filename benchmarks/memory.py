"""What a club's snapshot takes: memory and time to load, each in a process of its own."""

from __future__ import annotations

import asyncio
import gc
import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from benchmarks.house import open_house, read_only
from benchmarks.measure import Spread
from benchmarks.table import Line

_HEADS = """
    SELECT papers.id, papers.code, papers.number, title, subtitle, abstract, category, chapter,
           date, summary, outline, revisions.number, papers.version
    FROM papers JOIN revisions ON revisions.club_id = papers.club_id
        AND revisions.paper_id = papers.id AND revisions.number = papers.current_revision
    ORDER BY papers.number
"""


def measure(papers: int, path: Path, repeats: int) -> list[Line]:
    """Against a list of the same columns as the engine gives them."""
    found = [_in_own_process(papers, path) for _ in range(repeats)]
    by_name = {name: Spread(tuple(each[name] for each in found)) for name in found[0]}
    return [
        Line(
            "memory of the snapshot, per 1,000 papers / rows in a list",
            papers,
            "MB",
            by_name["snapshot_memory"],
            by_name["rows_memory"],
        ),
        Line(
            "loading the snapshot / reading the rows",
            papers,
            "s",
            by_name["snapshot_seconds"],
            by_name["rows_seconds"],
        ),
    ]


def _in_own_process(papers: int, path: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in ("rows", "snapshot"):
        command = [sys.executable, "-m", "benchmarks.memory", name, str(papers), str(path)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found.update(json.loads(printed))
    return found


async def _snapshot(papers: int, path: Path) -> None:
    before, started = _resident(), time.perf_counter()
    async with open_house(papers, path) as house:
        seconds = time.perf_counter() - started
        assert len(house.catalogue.papers) == papers
        _print("snapshot", papers, before, seconds)


def _rows(papers: int, path: Path) -> None:
    with closing(read_only(path)) as connection:
        before, started = _resident(), time.perf_counter()
        rows: list[sqlite3.Row] = connection.execute(_HEADS).fetchall()
        seconds = time.perf_counter() - started
        assert len(rows) == papers
        _print("rows", papers, before, seconds)


def _print(name: str, papers: int, before: float, seconds: float) -> None:
    gc.collect()
    memory = (_resident() - before) / papers * 1_000
    print(json.dumps({f"{name}_memory": memory, f"{name}_seconds": seconds}))


def _resident() -> float:
    """Megabytes that this process holds now, or held at most where the system tells no more."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    (resident,) = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(resident) / 1_024


if __name__ == "__main__":
    if sys.argv[1] == "rows":
        _rows(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        asyncio.run(_snapshot(int(sys.argv[2]), Path(sys.argv[3])))
