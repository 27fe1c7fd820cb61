"""When an interaction can be answered, how often, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import aiohttp
import discord
import pytest

from tests.discord.exchange import Unanswered
from tests.discord.simulator import Simulator
from tests.discord.small_bot import SmallBot, running


async def answer(
    simulator: Simulator, token: str, kind: int = 4, data: object = None
) -> tuple[int, int]:
    """Sends one more first answer, and says how it is refused."""
    key = simulator.interactions[token].id
    url = f"{simulator.api_url}/interactions/{key}/{token}/callback"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"type": kind, "data": data or {"content": "x"}}) as response,
    ):
        return response.status, (await response.json())["code"]


async def offer(
    bot: SmallBot, work: Callable[[discord.Interaction], Coroutine[object, object, None]]
) -> None:
    """Makes ``/work`` the one command."""

    async def callback(interaction: discord.Interaction) -> None:
        await work(interaction)

    bot.tree.clear_commands(guild=None)
    bot.tree.command(name="work", description="Works")(callback)
    await bot.tree.sync()


async def test_a_second_answer_is_refused(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator):
        exchange = await ana.slash("paper", what="WPRC-006")
        await ana.answer()
        assert await answer(simulator, exchange.interaction.token) == (400, 40060)


async def test_an_answer_after_three_seconds_is_refused(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator):
        simulator.faults.slow("POST */callback", 0.2)
        exchange = await ana.slash("paper", what="WPRC-006")
        waiting = asyncio.create_task(ana.answer())
        await asyncio.sleep(0.05)
        simulator.advance(3)
        with pytest.raises(Unanswered):
            await waiting
        assert await answer(simulator, exchange.interaction.token) == (404, 10062)


async def test_a_faster_clock_makes_people_less_patient() -> None:
    async with Simulator(speed=20) as simulator:
        ana = (await simulator.guild("Papers")).member("Ana")
        async with running(simulator):
            simulator.faults.slow("POST */callback", 0.4)
            began = asyncio.get_running_loop().time()
            await ana.slash("paper", what="WPRC-006")
            with pytest.raises(Unanswered):
                await ana.answer()
            assert 0.1 < asyncio.get_running_loop().time() - began < 0.4


async def test_a_token_ends_after_fifteen_minutes(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator) as bot:
        await ana.slash("paper", what="WPRC-006")
        await ana.answer()
        (taken,) = bot.interactions
        await taken.edit_original_response(content="Still there")
        assert (await ana.answer()).content == "Still there"
        await taken.followup.send("More", ephemeral=True)
        assert (await ana.answer()).is_private
        simulator.advance(15 * 60)
        with pytest.raises(discord.HTTPException) as error:
            await taken.edit_original_response(content="Too late")
        assert (error.value.status, error.value.code) == (401, 50027)
        with pytest.raises(discord.HTTPException):
            await taken.followup.send("Too late")


async def test_a_promise_is_kept_in_its_place(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana, bea = club.member("Ana"), club.member("Bea")
    general = club.channel("general")

    async def work(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("Found it")
        await interaction.followup.send("And this, for all")

    async with running(simulator) as bot:
        await offer(bot, work)
        exchange = await ana.slash("work")
        assert await exchange.acknowledged() == 5
        found = await ana.answer()
        assert (found.content, found.is_private, found.is_edited) == ("Found it", True, False)
        assert not (await ana.answer()).is_private
    assert len(general.visible_to(ana)) == 2
    assert [seen.content for seen in general.visible_to(bea)] == ["And this, for all"]


class Silent(discord.ui.Modal, title="Silent"):
    word: discord.ui.TextInput[Silent] = discord.ui.TextInput(label="Word", custom_id="word")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Leaves the answer to the test."""


async def test_a_form_cannot_answer_a_form(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")

    async def work(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Silent())

    async with running(simulator) as bot:
        await offer(bot, work)
        await ana.slash("work")
        sent = await ana.fill(await ana.answer(), {"word": "x"})
        for kind, data in ((9, Silent().to_dict()), (8, {"choices": []}), (7, {"content": "x"})):
            refused = await answer(simulator, sent.interaction.token, kind, data)
            assert refused == (400, 50035)
    told = [violation.problems[0].path for violation in simulator.take_violations()]
    assert told == [("type",)] * 3


async def test_an_answer_that_was_taken_but_lost_is_refused_again(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    refusals: asyncio.Queue[int] = asyncio.Queue()

    async def work(interaction: discord.Interaction) -> None:
        try:
            await interaction.response.send_message("Done")
        except discord.HTTPException as error:
            refusals.put_nowait(error.code)

    async with running(simulator) as bot:
        await offer(bot, work)
        simulator.faults.fail("POST */callback", 502, is_taken=True)
        exchange = await ana.slash("work")
        assert (await ana.answer()).content == "Done"
        assert await refusals.get() == 40060
        assert len(exchange.interaction.answers) == 1


async def test_choices_are_limited(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator) as bot:
        (command,) = (one for one in bot.tree.get_commands() if one.name == "paper")
        assert isinstance(command, discord.app_commands.Command)

        @command.autocomplete("what")
        async def too_much(
            interaction: discord.Interaction, typed: str
        ) -> list[discord.app_commands.Choice[str]]:
            return [discord.app_commands.Choice(name="x" * 101, value="x")]

        waiting = asyncio.create_task(ana.complete("paper", "what", ""))
        await simulator.bell.until(lambda: simulator.violations or None, lambda: "no violation")
        simulator.advance(3)
        with pytest.raises(Unanswered):
            await waiting
    (violation,) = simulator.take_violations()
    assert violation.problems[0].path == ("data", "choices", 0, "name")
