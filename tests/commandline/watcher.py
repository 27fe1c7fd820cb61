"""Whoever watches the bot: asks the three addresses of a running process."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


Labels = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Watcher:
    """Asks a bot that serves on this port."""

    port: int

    async def ask(self, path: str) -> tuple[int, str]:
        """Status and text."""
        timeout = aiohttp.ClientTimeout(10)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://127.0.0.1:{self.port}{path}") as response,
        ):
            return response.status, await response.text()

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """The status of /readyz, and what it says."""
        status, text = await self.ask("/readyz")
        said: dict[str, Any] = json.loads(text)
        assert said["is_ready"] == (status == 200)
        return status, said

    async def until(self, wanted: Callable[[dict[str, Any]], bool], patience: float = 15) -> None:
        """Waits until it listens and /readyz says what is wanted."""
        said: dict[str, Any] = {}
        try:
            async with asyncio.timeout(patience):
                while True:
                    with suppress(aiohttp.ClientConnectorError):
                        if wanted(said := (await self.ready())[1]):
                            return
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"it went on saying {said}") from None

    async def numbers(self) -> dict[str, dict[Labels, float]]:
        """Every sample of /metrics, by its name and its labels."""
        status, text = await self.ask("/metrics")
        assert status == 200
        found: dict[str, dict[Labels, float]] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = frozenset(sample.labels.items())
                assert labels not in found.get(sample.name, {}), f"{sample.name} stands twice"
                found.setdefault(sample.name, {})[labels] = sample.value
        return found

    async def number(self, name: str, **labels: str) -> float:
        """One sample; 0 where it was never counted."""
        return (await self.numbers()).get(name, {}).get(frozenset(labels.items()), 0.0)
