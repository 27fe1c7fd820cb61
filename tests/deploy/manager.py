"""A service manager that a test listens to, on a socket of its own."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30.0


class Manager:
    """What was said to it, line by line."""

    def __init__(self, listening: socket.socket, address: str) -> None:
        self._listening = listening
        self.address = address
        self.said: list[str] = []

    async def hears(self, line: str) -> None:
        """Waits until a line is said, from now on."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            while True:
                lines = (await loop.sock_recv(self._listening, 4096)).decode().split("\n")
                self.said += lines
                if line in lines:
                    return

    def drain(self) -> list[str]:
        """What has been said and not yet heard, without waiting."""
        found: list[str] = []
        while True:
            try:
                found += self._listening.recv(4096).decode().split("\n")
            except BlockingIOError:
                self.said += found
                return found


@contextmanager
def manager(folder: Path | None = None) -> Iterator[Manager]:
    """A manager with its socket in a folder or, without one, in Linux's abstract space."""
    name = f"wprc-{secrets.token_hex(6)}"
    bound, told = (str(folder / name),) * 2 if folder else (f"\0{name}", f"@{name}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.setblocking(False)
        listening.bind(bound)
        yield Manager(listening, told)
