"""Bots as processes, each on the processor that is theirs, over real and made-up papers."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Generic, TypeVar

from benchmarks import corpus
from benchmarks.databases import AT
from bot.archive import read_page
from bot.archive.record import PaperCode, PaperRecord
from bot.core.records import draft_of
from storage.database import Database
from storage.schema import migrate

S = TypeVar("S")

ROOT = Path(__file__).parent.parent
CODE = "WPRC-006"
"""The paper that everybody asks for."""
_PREFIX = CODE.partition("-")[0]
_MEGABYTE = 1_024
# As they are before this process keeps to one of them.
_PROCESSORS = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []


@dataclass(frozen=True, slots=True)
class Bot(Generic[S]):
    """A running bot, the platform that it sees, and when its process was started."""

    server: S
    started: float
    _pid: int

    @property
    def busy(self) -> float:
        """Seconds that all its threads have computed so far."""
        # The clock of another process, by the number that the C library gives it too.
        return time.clock_gettime((~self._pid << 3) | 2)

    @property
    def memory(self) -> float:
        """Megabytes that it holds."""
        lines = Path(f"/proc/{self._pid}/status").read_text().splitlines()
        (resident,) = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
        return int(resident) / _MEGABYTE


def fill(path: Path, papers: int) -> None:
    """A database with so many papers: those of the sample club, and made-up ones after them."""
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.unit(write=True) as uow:
        club = uow.clubs.add(_PREFIX, "The measured club", AT)
    with database.unit(club.id, write=True) as uow:
        for record in chain(_real(), _made_up(papers)):
            uow.papers.save(draft_of(record), AT)
    database.close()


def _real() -> Iterator[PaperRecord]:
    for page in sorted((ROOT / "bot" / "sample").glob("*.txt")):
        yield read_page(page.read_bytes(), page.name).record


def _made_up(papers: int) -> Iterator[PaperRecord]:
    first = len(list(_real())) + 1
    for record in corpus.papers(first, papers):
        yield replace(record, code=PaperCode(_PREFIX, record.code.number))


@asynccontextmanager
async def started(
    server: S,
    connected: asyncio.Event,
    command: Sequence[str],
    archive: Path,
    folder: Path,
    environ: Mapping[str, str],
) -> AsyncIterator[Bot[S]]:
    """A bot in a folder of its own; it is connected, but has answered nothing yet."""
    folder.mkdir(parents=True)
    database = shutil.copy(archive, folder / "club.sqlite")
    known = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "WPRC_DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{database}",
    }
    with (folder / "log").open("wb") as log:
        begun = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *command),
            cwd=folder,
            env={**known, **environ},
            stdout=log,
            stderr=log,
        )
    try:
        _pin(process.pid, _PROCESSORS[-1])
        await _connected(connected, process, folder / "log")
        yield Bot(server, begun, process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _connected(event: asyncio.Event, process: asyncio.subprocess.Process, log: Path) -> None:
    ended = asyncio.create_task(process.wait())
    connected = asyncio.create_task(event.wait())
    await asyncio.wait({ended, connected}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    connected.cancel()
    if not event.is_set():
        raise RuntimeError(f"the bot did not connect: {log.read_text()[-2_000:]}")


def pin_here() -> None:
    """Keeps this process off the processor that the bots share, where there are two."""
    _pin(0, _PROCESSORS[0])


def _pin(pid: int, processor: int) -> None:
    if len(_PROCESSORS) > 1:
        os.sched_setaffinity(pid, {processor})
