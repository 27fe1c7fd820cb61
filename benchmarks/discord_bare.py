"""The bot to compare with: discord.py and nothing else, and always the same answer."""

from __future__ import annotations

import os

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

CODE = "WPRC-006"
BUTTON = "bare-button"
_EMBED = discord.Embed(title=f"{CODE} · AI X Crypto Primer", description="Some words. " * 45)
for _name, _value in (("Category", "AI"), ("Chapter", "SG"), ("Date", "28 June 2024")):
    _EMBED.add_field(name=_name, value=_value)
_CHOICES = [
    app_commands.Choice(name=f"{CODE} · A title of some words, number {at}", value=f"{CODE}-{at}")
    for at in range(25)
]


class Buttons(discord.ui.View):
    """Persistent, so that it is found without the message that it stands on."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Lite summary", custom_id=BUTTON)
    async def lite(
        self, interaction: discord.Interaction, button: discord.ui.Button[Buttons]
    ) -> None:
        await interaction.response.send_message(embed=_EMBED, ephemeral=True)


class BareBot(discord.Client):
    """It caches no more than it must, as a careful author would have it."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(paper)

    async def setup_hook(self) -> None:
        self.add_view(Buttons())
        await self.tree.sync()


@app_commands.command(description="Read a paper of the club")
async def paper(interaction: discord.Interaction, what: str) -> None:
    await interaction.response.send_message(embed=_EMBED)


@paper.autocomplete("what")
async def complete(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return _CHOICES


def main() -> None:
    """Serves at the addresses that our own bot is given in the same way."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["DISCORD_GATEWAY_URL"])
    BareBot().run(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    main()
