"""Both bots on Discord: ours as ``wprc run`` starts it, over an archive, and the bare one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from benchmarks.bots import Bot, started
from benchmarks.discord_server import LoadServer

_COMMANDS = MappingProxyType({"bare": ("benchmarks.discord_bare",), "ours": ("bot", "run")})


def environ_of(discord: LoadServer) -> dict[str, str]:
    """What a bot is told of the Discord that it is to see."""
    return {
        "DISCORD_TOKEN": "a-token-that-only-the-measured-discord-takes",
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }


@asynccontextmanager
async def running(name: str, archive: Path, folder: Path) -> AsyncIterator[Bot[LoadServer]]:
    """Starts a bot in a folder of its own; it is connected, but has answered nothing yet."""
    async with (
        LoadServer() as discord,
        started(
            discord, discord.connected, _COMMANDS[name], archive, folder, environ_of(discord)
        ) as bot,
    ):
        yield bot
