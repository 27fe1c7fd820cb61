"""Which process this is, and whether another one on this machine is still there."""

from __future__ import annotations

import os
import platform
import secrets
from contextlib import suppress


def this_process() -> str:
    """A name that no other process has or will have: machine, process id and chance."""
    return f"{_machine()}:{os.getpid()}:{secrets.token_hex(4)}"


def is_dead(name: str) -> bool:
    """Whether the named process has surely ended: it ran on this machine, and is not there.

    Of another machine, or of a container with process ids of its own, nothing is known.
    """
    machine, _, rest = name.partition(":")
    pid = rest.partition(":")[0]
    if machine != _machine() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return True  # Ids are given again; whoever had this one before us has ended.
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _machine() -> str:
    """The machine, and the space in which its process ids hold."""
    space = ""
    with suppress(OSError):  # Where there is no such link, ids hold for the whole machine.
        space = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 (it leads to no path)
    return f"{platform.node()} {space}".replace(":", "")
