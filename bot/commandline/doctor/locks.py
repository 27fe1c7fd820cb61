"""Who keeps an SQLite file from being written, read off the system's list without touching it."""

from __future__ import annotations

import os
import time
from pathlib import Path

_LOCKS = Path("/proc/locks")
# Source: SQLite's file format; the writer's place in the log's index, and in a file without a log.
_WRITER_IN_INDEX = 120
_WRITER_IN_FILE = range(1073741824, 1073741826)
_LOOKS, _BETWEEN = 6, 0.25


def long_writer(path: Path) -> int | None:
    """The process that has been writing for more than a second; None where nothing is known.

    The bot itself writes for milliseconds at a time.
    """
    first = _writer(path)
    for _ in range(_LOOKS - 1):
        if first is None:
            return None
        time.sleep(_BETWEEN)
        if _writer(path) != first:
            return None
    return first


def _writer(path: Path) -> int | None:
    try:
        lines = _LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    index = _inode(path.with_name(f"{path.name}-shm"))
    file = _inode(path)
    for line in lines:
        parts = line.split()
        if len(parts) < 8 or parts[1] != "POSIX" or parts[3] != "WRITE":
            continue
        inode, start = parts[5].rpartition(":")[2], int(parts[6])
        is_log = inode == index and start == _WRITER_IN_INDEX
        if is_log or (inode == file and start in _WRITER_IN_FILE):
            return int(parts[4])
    return None


def _inode(path: Path) -> str:
    try:
        return str(os.stat(path).st_ino)  # noqa: PTH116 (the fewest steps between two looks)
    except OSError:
        return ""
