"""Where each connection to the gateway goes, and what it means when Discord ends one."""

from __future__ import annotations

from typing import Any

import discord
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.adapters.discord.errors import (
    IntentsRefused,
    Refused,
    ShardsRefused,
    TokenRefused,
    VersionRefused,
)

_RESUMES = 2
REFUSED = (
    "Discord does not accept the token. Take a new one from the bot's page at "
    "https://discord.com/developers/applications and set DISCORD_TOKEN."
)
NO_INTENT = (
    "Discord does not allow the message-content intent. Switch on “Message Content Intent” on "
    "the bot's page at https://discord.com/developers/applications, or leave "
    "DISCORD_MESSAGE_CONTENT unset: the bot works without it."
)
_REFUSALS: dict[int, tuple[type[Refused], str]] = {
    4004: (TokenRefused, REFUSED),
    4010: (
        ShardsRefused,
        "Discord does not know such a shard: set DISCORD_SHARD_IDS below DISCORD_SHARD_COUNT.",
    ),
    4011: (
        ShardsRefused,
        "The bot is in too many servers for its connections: set a higher DISCORD_SHARD_COUNT.",
    ),
    4012: (
        VersionRefused,
        "Discord no longer takes the gateway's version that this bot speaks: install a newer one.",
    ),
    4013: (
        VersionRefused,
        "Discord does not know what the bot asks to be told: install a newer version of it.",
    ),
    4014: (IntentsRefused, NO_INTENT),
}


def refusal(code: int) -> Refused | None:
    """What a close code says that trying again would not change, if it says so."""
    if code not in _REFUSALS:
        return None
    kind, words = _REFUSALS[code]
    return kind(words)


class GatewayRoute:
    """Where one client connects to.

    READY names an address to resume at. Where the gateway's address was set by whoever runs the
    bot that one may be out of reach, so it is not used; elsewhere it is given up when it has
    failed twice in a row. The gateway itself then resumes, or says that it begins anew.
    """

    def __init__(self, *, is_fixed: bool) -> None:
        self._most = 0 if is_fixed else _RESUMES
        self._tries = 0

    def lead(self, client: discord.Client) -> None:
        """Makes every connection of this client take the way from here."""
        connect = client.http.ws_connect

        async def ws_connect(url: str, **options: Any) -> Any:
            return await connect(self.address(url), **options)

        client.http.ws_connect = ws_connect  # type: ignore[method-assign]

    def address(self, url: str) -> str:
        """Where to connect instead of the address that discord.py would take."""
        wanted, gateway = URL(url), DiscordWebSocket.DEFAULT_GATEWAY
        if wanted.origin() == gateway.origin():
            return url
        self._tries += 1
        return url if self._tries <= self._most else str(gateway.with_query(wanted.query))

    def arrived(self) -> None:
        """A session was begun or resumed."""
        self._tries = 0
