"""Menus, forms of all kinds of fields, typed options, and shards."""

from __future__ import annotations

import discord
from discord import app_commands

from tests.discord.simulator import Simulator
from tests.discord.small_bot import running


async def test_a_menu_is_chosen_from(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana = club.member("Ana")
    general = club.channel("general")
    options = [discord.SelectOption(label=name, value=name.lower()) for name in ("Short", "Long")]

    class Choice(discord.ui.View):
        @discord.ui.select(options=options, custom_id="length")
        async def length(
            self, interaction: discord.Interaction, select: discord.ui.Select[Choice]
        ) -> None:
            await interaction.response.send_message(select.values[0], ephemeral=True)

        @discord.ui.select(cls=discord.ui.UserSelect, custom_id="who")
        async def who(
            self, interaction: discord.Interaction, select: discord.ui.UserSelect[Choice]
        ) -> None:
            await interaction.response.edit_message(content=select.values[0].display_name)

    async with running(simulator) as bot:
        await bot.get_partial_messageable(general.id).send("How?", view=Choice())
        asked = await ana.hear(general)
        assert [menu.options for menu in asked.menus] == [
            (("Short", "short"), ("Long", "long")),
            (),
        ]
        await ana.choose(asked, "Long")
        assert (await ana.answer()).content == "long"
        await ana.choose(asked, club.member("Bea"), menu=1)
        assert (await ana.answer()).content == "Bea"


async def test_a_form_with_every_kind_of_field(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    page = await ana.upload("page.md", b"# Page")

    class Form(discord.ui.Modal, title="New paper"):
        name: discord.ui.Label[Form] = discord.ui.Label(
            text="Name", component=discord.ui.TextInput(default="Untitled")
        )
        kind: discord.ui.Label[Form] = discord.ui.Label(
            text="Kind",
            component=discord.ui.Select(options=[discord.SelectOption(label="Physics", value="p")]),
        )
        file: discord.ui.Label[Form] = discord.ui.Label(
            text="Page", component=discord.ui.FileUpload()
        )

        async def on_submit(self, interaction: discord.Interaction) -> None:
            assert isinstance(self.name.component, discord.ui.TextInput)
            assert isinstance(self.kind.component, discord.ui.Select)
            assert isinstance(self.file.component, discord.ui.FileUpload)
            data = await self.file.component.values[0].read()
            said = f"{self.name.component.value} {self.kind.component.values} {data!r}"
            await interaction.response.send_message(said)

    async with running(simulator) as bot:

        @bot.tree.command(name="newpaper", description="Adds a paper")
        async def newpaper(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(Form())

        await bot.tree.sync()
        await ana.slash("newpaper")
        await ana.fill(await ana.answer(), {"Kind": "Physics", "Page": page})
        assert (await ana.answer()).content == "Untitled ['p'] b'# Page'"


async def test_typed_options(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana, readers = club.member("Ana"), club.add_role("Readers")
    page = await ana.upload("page.md", b"# Page")
    async with running(simulator) as bot:

        @bot.tree.command(name="all", description="Takes everything")
        async def take_all(
            interaction: discord.Interaction,
            number: app_commands.Range[int, 1, 5],
            who: discord.Member,
            role: discord.Role,
            channel: discord.TextChannel,
            file: discord.Attachment,
        ) -> None:
            read = await file.read()
            said = f"{number} {who.display_name} {role.name} {channel.name} {read!r}"
            await interaction.response.send_message(said)

        await bot.tree.sync()
        place = {"channel": club.channel("general")}
        await ana.slash("all", number=5, who=ana, role=readers, file=page, options=place)
        assert (await ana.answer()).content == "5 Ana Readers general b'# Page'"


async def test_a_shard_hears_of_its_own_guilds(simulator: Simulator) -> None:
    first = await simulator.guild("First")
    simulator.advance(60)
    while (second := await simulator.guild("Second")).id >> 22 & 1 == first.id >> 22 & 1:
        simulator.advance(0.001)
    shard = first.id >> 22 & 1
    ana, bea = first.member("Ana"), second.member("Bea")
    async with running(simulator, shard=(shard, 2)) as bot:
        served = {guild.id for guild in bot.guilds}
        assert first.id in served
        assert second.id not in served
        await bea.say("Not for this shard")
        await ana.say("For this shard")
        assert (await bot.messages.get()).author.id == ana.id
