"""What the service manager is told over its socket: ready, alive, stopping, and how it goes.

This is systemd's protocol for Type=notify and WatchdogSec=; without NOTIFY_SOCKET nothing is said.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5
# As long as the event loop comes round, a start may take its time: a platform may be away.
_EXTEND_SECONDS = 30
# Told well before the time runs out, since the machine may be busy.
_SHARE_OF_WATCHDOG = 0.25


class ServiceManager:
    """The service manager that has started this process, or nobody."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self._watchdog = _watchdog_seconds(environ)
        self._is_stopping = False

    @asynccontextmanager
    async def told(self, state: Callable[[], tuple[bool, str]]) -> AsyncIterator[None]:
        """Tells it, within this, that the event loop comes round, and what the state is.

        `state` says whether anything is served by now, and how it goes in a few words.
        """
        if not self._address:
            yield
            return
        telling = asyncio.create_task(self._tell(state), name="notify")
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    def stopping(self) -> None:
        """Tells it that the end has begun."""
        self._is_stopping = True
        self._say("STOPPING=1", "STATUS=Finishing what is being answered")

    async def _tell(self, state: Callable[[], tuple[bool, str]]) -> None:
        watchdog = (self._watchdog or float("inf")) * _SHARE_OF_WATCHDOG
        wait = min(_LOOK_SECONDS, watchdog / 2)
        was_ready, said = False, ""
        alive_at = extended_at = float("-inf")
        while True:
            now, lines = time.monotonic(), []
            if not self._is_stopping:
                is_ready, words = state()
                if words != said:
                    said = words
                    lines.append(f"STATUS={words}")
                if is_ready and not was_ready:
                    was_ready = True
                    lines.append("READY=1")
                if not was_ready and now - extended_at >= _EXTEND_SECONDS / 3:
                    extended_at = now
                    lines.append(f"EXTEND_TIMEOUT_USEC={_EXTEND_SECONDS * 1_000_000}")
            if self._watchdog is not None and now - alive_at >= watchdog:
                alive_at = now
                lines.append("WATCHDOG=1")
            self._say(*lines)
            await asyncio.sleep(wait)

    def _say(self, *lines: str) -> None:
        if not self._address or not lines:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            # It asked to be told; that it cannot be is no reason to serve nobody.
            log.warning("the service manager could not be told: %s", error.strerror or error)


def _address(given: str) -> str:
    """A path, or a name in Linux's abstract space, which is written with @ at its beginning."""
    if given.startswith("@"):
        return "\0" + given[1:]
    return given if given.startswith("/") else ""


def _watchdog_seconds(environ: Mapping[str, str]) -> float | None:
    """Within how many seconds it wants to hear from this process."""
    microseconds, process = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or int(microseconds) == 0:
        return None
    if process and process != str(os.getpid()):
        return None
    return int(microseconds) / 1_000_000
