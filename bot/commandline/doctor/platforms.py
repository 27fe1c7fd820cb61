"""Each platform: whether it can be reached, takes the token, lets the bot do what it must."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.commandline.asking import Asker, TokenRefused, Unreachable
from bot.commandline.doctor import discord_places, telegram_places
from bot.commandline.doctor.database import Clubs
from bot.commandline.doctor.guard import Found
from bot.commandline.platforms import discord, telegram
from bot.core.findings import Finding, ok, problem, warning
from bot.settings import Settings

CLOCK_WARNING, CLOCK_PROBLEM = timedelta(seconds=5), timedelta(seconds=60)
_FEW_STARTS = 20
_HELLO = 10
Clock = Callable[[], datetime]


def look_at_discord(
    settings: Settings, clubs: Clubs, clock: Clock, seconds: float, found: Found
) -> None:
    token = settings.discord_token
    if not token:
        return
    ask = discord.asker(token, settings.discord_api_url, clock, seconds)

    async def look() -> None:
        bot = await discord.meet(ask)
        found.append(ok(discord.AREA, f"Its token is good: {bot.name}."))
        reads = settings.discord_message_content
        found.extend(discord.switches(bot, reads_messages=reads))
        await _look_at_gateway(ask, settings, found)
        await discord_places.look(ask, bot, clubs, settings, found)

    _ask("Discord", ask, look, found)


async def _look_at_gateway(ask: Asker, settings: Settings, found: Found) -> None:
    """Opens the gateway and goes again before it says who it is, which disturbs nobody."""
    answer = await ask.get("/gateway/bot")
    told = answer.body if answer.status == 200 and isinstance(answer.body, dict) else {}
    address = settings.discord_gateway_url or told.get("url")
    limit = told.get("session_start_limit") or {}
    if int(limit.get("remaining", _FEW_STARTS)) < _FEW_STARTS:
        hours = int(limit.get("reset_after", 0)) / 3_600_000
        found.append(
            warning(
                discord.AREA,
                f"It may connect only {limit['remaining']} times more within {hours:.0f} h.",
                to_do="Find out why it starts so often: its log says so.",
            )
        )
    shards = int(told.get("shards", 1))
    if shards > (settings.discord_shard_count or 1):
        found.append(
            warning(
                discord.AREA,
                f"Discord wants {shards} shards for this many servers.",
                to_do=f"Set DISCORD_SHARD_COUNT={shards}.",
            )
        )
    if not address:
        return
    try:
        if await ask.greets(f"{address}?v=10&encoding=json") != _HELLO:
            raise Unreachable("what answers there is another server")
    except Unreachable as error:
        found.append(
            problem(
                discord.AREA,
                f"Its gateway cannot be reached: {error}.",
                to_do="Let web sockets to gateway.discord.gg through the firewall or proxy, and "
                "look at DISCORD_GATEWAY_URL, if that is set.",
            )
        )
    else:
        found.append(ok(discord.AREA, "Its API and its gateway can be reached."))


def look_at_telegram(
    settings: Settings, clubs: Clubs, clock: Clock, seconds: float, found: Found
) -> None:
    token = settings.telegram_token
    if not token:
        return
    ask = telegram.asker(token, settings.telegram_api_url, clock, seconds)

    async def look() -> None:
        bot = await telegram.meet(ask)
        found.append(ok(telegram.AREA, f"It can be reached, its token is good: @{bot.username}."))
        found.extend(telegram.switches(bot))
        await telegram_places.look_at_webhook(ask, settings, found)
        await telegram_places.look(ask, bot, clubs, found)

    _ask("Telegram", ask, look, found)


def _ask(name: str, ask: Asker, look: Callable[[], Awaitable[None]], found: Found) -> None:
    area = name.casefold()

    async def run() -> None:
        async with ask:
            await look()

    try:
        asyncio.run(run())
    except TokenRefused:
        found.append(
            problem(
                area,
                f"{name} refuses {area.upper()}_TOKEN.",
                to_do=f"Get a new one, and type: wprc init --{area}-token -",
            )
        )
    except Unreachable as error:
        found.append(
            problem(
                area,
                f"{name} cannot be reached: {error}.",
                to_do=f"Look at the network, and at {area.upper()}_API_URL, if that is set.",
            )
        )
    if ask.ahead_by is not None:
        found.append(clock_finding(ask.ahead_by, name))


def clock_finding(ahead_by: timedelta, name: str) -> Finding:
    """Our clock against a platform's: sessions begin, and reminders go out, by ours."""
    off = abs(ahead_by)
    seconds = off.total_seconds()
    if off <= CLOCK_WARNING:
        return ok("clock", f"It agrees with {name}'s.")
    way = "ahead of" if ahead_by > timedelta() else "behind"
    text = f"It is {seconds:.0f} s {way} {name}'s, so reminders come at the wrong time."
    to_do = "Let the system set it: timedatectl set-ntp true"
    if off <= CLOCK_PROBLEM:
        return warning("clock", text, to_do=to_do)
    return problem("clock", text, to_do=to_do)
