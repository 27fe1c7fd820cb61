"""A bare discord.py client, just enough to show that the simulator is Discord to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from tests.discord.simulator import Simulator

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Opinion(discord.ui.Modal, title="Your opinion"):
    words: discord.ui.TextInput[Opinion] = discord.ui.TextInput(label="Opinion", max_length=200)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Noted: {self.words.value}", ephemeral=True)


class Depth(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="In-depth", custom_id="deep")
    async def deep(
        self, interaction: discord.Interaction, button: discord.ui.Button[Depth]
    ) -> None:
        await interaction.response.edit_message(content="All of it")

    @discord.ui.button(label="Opinion", custom_id="opinion")
    async def opinion(
        self, interaction: discord.Interaction, button: discord.ui.Button[Depth]
    ) -> None:
        await interaction.response.send_modal(Opinion())


class SmallBot(discord.Client):
    """``log`` holds what happened to it, in order."""

    def __init__(
        self, intents: discord.Intents = INTENTS, shard: tuple[int, int] | None = None
    ) -> None:
        super().__init__(
            intents=intents,
            shard_id=shard[0] if shard else None,
            shard_count=shard[1] if shard else None,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0.05,
            max_ratelimit_timeout=30.0,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self.log: list[str] = []
        self.messages: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.interactions: list[discord.Interaction] = []

    async def setup_hook(self) -> None:
        self.tree.add_command(paper)
        self.tree.add_command(keep)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identifies anew at once: the library would wait for 5 s."""

    async def on_resumed(self) -> None:
        self.log.append("resumed")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.interactions.append(interaction)

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.messages.put_nowait(message)


@app_commands.command(description="Show a paper")
@app_commands.describe(what="Code or title", part="How deep")
@app_commands.choices(part=[app_commands.Choice(name="Abstract", value="abstract")])
async def paper(
    interaction: discord.Interaction, what: str, part: app_commands.Choice[str] | None = None
) -> None:
    title = f"{what} ({part.value})" if part else what
    await interaction.response.send_message(
        embed=discord.Embed(title=title, description="A card"), view=Depth()
    )


@paper.autocomplete("what")
async def complete_what(
    interaction: discord.Interaction, typed: str
) -> list[app_commands.Choice[str]]:
    titles = {"WPRC-006": "On crypto", "WPRC-007": "On birds"}
    return [
        app_commands.Choice(name=f"{code} {title}", value=code)
        for code, title in titles.items()
        if typed in title
    ]


@app_commands.context_menu(name="Save as opinion")
async def keep(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"Saved: {message.content}", ephemeral=True)


@asynccontextmanager
async def running(
    simulator: Simulator,
    intents: discord.Intents = INTENTS,
    shard: tuple[int, int] | None = None,
) -> AsyncIterator[SmallBot]:
    """A small bot that is connected."""
    with simulator.serving_discord_py():
        async with SmallBot(intents, shard) as bot:
            task = asyncio.create_task(bot.start(simulator.token))
            try:
                await simulator.gateway.connected()
                await bot.wait_until_ready()
                yield bot
            finally:
                await bot.close()
                await asyncio.gather(task, return_exceptions=True)
