"""``wprc run`` as a process, and what it has said so far."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 30
_RUN = (sys.executable, "-m", "bot", "run")


class Process:
    """A running ``wprc run`` and what it has said so far on its error output."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""

    async def says(self, pattern: str) -> None:
        """Waits for a line."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while not re.search(pattern, self.said):
                line = await self.process.stderr.readline()
                assert line, f"it ended before it said {pattern!r}: {self.said}"
                self.said += line.decode()

    async def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@asynccontextmanager
async def running(
    folder: Path, *, start: Sequence[str] = _RUN, **environ: str
) -> AsyncIterator[Process]:
    """With its data in the folder."""
    async with _started(start, ROOT, {"WPRC_DATA_DIR": str(folder), **environ}) as process:
        yield process


@asynccontextmanager
async def running_in(folder: Path, **environ: str) -> AsyncIterator[Process]:
    """Started in the folder, whose `.env` it reads."""
    async with _started(_RUN, folder, {"PYTHONPATH": str(ROOT), **environ}) as process:
        yield process


@asynccontextmanager
async def _started(
    command: Sequence[str], folder: Path, environ: dict[str, str]
) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environ},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
