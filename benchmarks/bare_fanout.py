"""The platforms' libraries with nothing round them: one message to each of many people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord
from discord.http import Route
from telegram import Bot
from telegram.error import RetryAfter
from telegram.request import HTTPXRequest

from benchmarks.discord_server import LoadServer as Discord
from benchmarks.telegram_server import TOKEN
from benchmarks.telegram_server import LoadServer as Telegram

_TEXT = "A reminder. " * 20
_CONNECTIONS = 40


async def send(server: Discord | Telegram, accounts: Sequence[str]) -> int:
    """How many were lost, since the library gave up."""
    if isinstance(server, Discord):
        return await _on_discord(server, accounts)
    return await _on_telegram(server, accounts)


async def _on_discord(server: Discord, accounts: Sequence[str]) -> int:
    Route.BASE = server.api_url
    client = discord.Client(intents=discord.Intents.none())
    await client.login("a-token-that-only-the-measured-discord-takes")
    lost = 0

    async def one(account: str) -> None:
        nonlocal lost
        try:
            channel = await client.http.start_private_message(int(account))
            route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel["id"])
            await client.http.request(route, json={"content": _TEXT})
        except discord.HTTPException:
            lost += 1

    await asyncio.gather(*(one(account) for account in accounts))
    await client.close()
    return lost


async def _on_telegram(server: Telegram, accounts: Sequence[str]) -> int:
    request = HTTPXRequest(connection_pool_size=_CONNECTIONS, pool_timeout=600.0)
    waiting = list(reversed(accounts))

    async def work(bot: Bot) -> None:
        while waiting:
            account = waiting.pop()
            while True:
                try:
                    await bot.send_message(int(account), _TEXT)
                except RetryAfter as error:
                    after = error.retry_after
                    await asyncio.sleep(
                        float(after) if isinstance(after, int | float) else after.total_seconds()
                    )
                else:
                    break

    async with Bot(TOKEN, base_url=f"{server.url}/bot", request=request) as bot:
        await asyncio.gather(*(work(bot) for _ in range(_CONNECTIONS)))
    return 0
