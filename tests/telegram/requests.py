"""Requests as they stand, past any client's own checks."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.telegram.people import Person
from tests.telegram.simulator import TelegramSimulator


async def ask(simulator: TelegramSimulator, method: str, **parameters: Any) -> dict[str, Any]:
    """What Telegram answers, whole."""
    url = f"{simulator.url}/bot{simulator.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=parameters) as response:
        said: dict[str, Any] = await response.json()
        assert response.status == said.get("error_code", 200)
        return said


async def complaint(simulator: TelegramSimulator, method: str, **parameters: Any) -> str:
    return str((await ask(simulator, method, **parameters))["description"])


async def reader(simulator: TelegramSimulator) -> Person:
    ana = simulator.user("Ana")
    await ana.starts()
    return ana
