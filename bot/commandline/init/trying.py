"""Whether a token or a database is good for anything, found out by using it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.app import now
from bot.commandline.asking import Asker, TokenRefused, Unreachable
from bot.commandline.database import DatabaseProblem, open_database, reason
from bot.commandline.platforms import discord, telegram
from bot.commandline.platforms.discord import DiscordBot
from bot.commandline.platforms.telegram import TelegramBot
from bot.settings import Settings
from bot.settings.readers import mask_url
from storage.database import Database
from storage.schema import version_of

T = TypeVar("T")
_SECONDS = 10.0
_TRIED = "wprc init"


class Failed(Exception):
    """It did not work; the text says what happened and what to do. `is_refused` is for good."""

    def __init__(self, text: str, *, is_refused: bool = False) -> None:
        super().__init__(text)
        self.is_refused = is_refused


def try_discord(settings: Settings) -> DiscordBot:
    """The bot of the token; raises Failed."""
    refused = (
        "Discord refuses this token. Copy it anew: “Bot”, “Reset Token” at "
        f"{discord.PORTAL} (the application's id, its public key and its client secret are not it)"
    )
    token = settings.discord_token or ""
    return _met(
        "discord",
        lambda: discord.asker(token, settings.discord_api_url, now, _SECONDS),
        discord.meet,
        refused,
    )


def try_telegram(settings: Settings) -> TelegramBot:
    """The bot of the token; raises Failed."""
    refused = (
        "Telegram refuses this token. Send /mybots to @BotFather, choose the bot and “API Token”, "
        "and copy it anew"
    )
    token = settings.telegram_token or ""
    return _met(
        "telegram",
        lambda: telegram.asker(token, settings.telegram_api_url, now, _SECONDS),
        telegram.meet,
        refused,
    )


def _met(
    platform: str,
    asker: Callable[[], Asker],
    meet: Callable[[Asker], Awaitable[T]],
    refused: str,
) -> T:
    async def run() -> T:
        async with asker() as ask:
            return await meet(ask)

    try:
        return asyncio.run(run())
    except TokenRefused:
        raise Failed(f"{refused}.", is_refused=True) from None
    except Unreachable as error:
        raise Failed(
            f"{platform.capitalize()} cannot be asked: {error}. Look at the network and at "
            f"{platform.upper()}_API_URL, if that is set."
        ) from None
    except ImportError as error:
        raise Failed(
            f"{error.name} is not installed, so {platform.capitalize()} cannot be asked. Type: "
            f"pip install 'wprc-bot[{platform}]'"
        ) from None


def try_database(settings: Settings) -> Database:
    """The database, open, with tables and able to take a write; raises Failed."""
    try:
        database = Database(settings.database_url)
        try:
            is_new = version_of(database) is None
        finally:
            database.close()
        database = open_database(settings, may_migrate=is_new)
        with database.unit(write=True) as uow:
            uow.leases.claim(_TRIED, _TRIED, now(), timedelta())
            uow.leases.release(_TRIED, _TRIED)
    except DatabaseProblem as error:
        text = str(error)
        raise Failed(text[:1].upper() + text[1:]) from None
    except (SQLAlchemyError, OSError, ValueError) as error:
        raise Failed(
            f"The database {mask_url(settings.database_url)} cannot be used: {reason(error)}."
        ) from None
    return database
