"""What goes wrong between a bot and Discord goes wrong here in the same way."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord.errors import ConnectionClosed, LoginFailure, PrivilegedIntentsRequired

from tests.discord.gateway import SHARDING_REQUIRED
from tests.discord.intents import MESSAGE_CONTENT
from tests.discord.simulator import Simulator
from tests.discord.small_bot import INTENTS, SmallBot, running

SEND = "POST /channels/*/messages"


async def test_a_dropped_connection_is_resumed_and_misses_nothing(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator) as bot:
        simulator.gateway.drop()
        await ana.slash("paper", what="WPRC-006")
        assert (await ana.answer()).text == "WPRC-006\nA card"
        assert bot.log == ["resumed"]
    assert (simulator.gateway.identified, simulator.gateway.resumed) == (1, 1)


async def test_the_bot_follows_the_call_to_reconnect(simulator: Simulator) -> None:
    await simulator.guild("Papers")
    async with running(simulator):
        simulator.gateway.ask_to_reconnect()
        await simulator.gateway.connected(times=2)
    assert (simulator.gateway.identified, simulator.gateway.resumed) == (1, 1)


async def test_a_forgotten_session_begins_anew_without_what_was_missed(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator) as bot:
        simulator.gateway.drop()
        simulator.gateway.forget()
        await ana.say("Anybody there?")
        await simulator.gateway.connected(times=2)
        await ana.say(f"And now {simulator.bot.mention}?")
        assert (await bot.messages.get()).content.startswith("And now")
        assert bot.messages.empty()
    assert (simulator.gateway.identified, simulator.gateway.resumed) == (2, 0)


async def test_an_invalid_session_begins_anew(simulator: Simulator) -> None:
    await simulator.guild("Papers")
    async with running(simulator):
        simulator.gateway.invalidate()
        await simulator.gateway.connected(times=2)
    assert (simulator.gateway.identified, simulator.gateway.resumed) == (2, 0)


async def test_a_wrong_token_is_no_login(simulator: Simulator) -> None:
    with simulator.serving_discord_py():
        async with SmallBot() as bot:
            with pytest.raises(LoginFailure):
                await bot.start("wrong")


async def test_a_privileged_intent_must_be_granted(simulator: Simulator) -> None:
    intents = discord.Intents(INTENTS.value, message_content=True)
    with simulator.serving_discord_py():
        async with SmallBot(intents) as bot:
            with pytest.raises(PrivilegedIntentsRequired):
                await bot.start(simulator.token)
    assert not intents.value & ~(INTENTS.value | MESSAGE_CONTENT)


async def test_sharding_can_be_required(simulator: Simulator) -> None:
    simulator.gateway.needs_sharding = True
    with simulator.serving_discord_py():
        async with SmallBot() as bot:
            with pytest.raises(ConnectionClosed) as error:
                await bot.start(simulator.token)
    assert error.value.code == SHARDING_REQUIRED


@pytest.mark.parametrize("is_global", [False, True])
async def test_a_rate_limit_is_waited_for(simulator: Simulator, is_global: bool) -> None:
    general = (await simulator.guild("Papers")).channel("general")
    async with running(simulator) as bot:
        simulator.faults.rate_limit(SEND, 0.05, is_global=is_global)
        began = asyncio.get_running_loop().time()
        await bot.get_partial_messageable(general.id).send("Hello")
        assert asyncio.get_running_loop().time() - began >= 0.05
    assert len(general.messages) == 1
    statuses = [one.status for one in simulator.requests if one.template.endswith("/messages")]
    assert statuses == [429, 200]


async def test_an_outage_is_not_retried_by_the_library(simulator: Simulator) -> None:
    general = (await simulator.guild("Papers")).channel("general")
    async with running(simulator) as bot:
        simulator.faults.fail(SEND, 503)
        with pytest.raises(discord.DiscordServerError):
            await bot.get_partial_messageable(general.id).send("Hello")
    assert general.messages == {}


@pytest.mark.parametrize(("is_taken", "count"), [(False, 0), (True, 1)])
async def test_a_reset_connection_is_an_os_error(
    simulator: Simulator, is_taken: bool, count: int
) -> None:
    general = (await simulator.guild("Papers")).channel("general")
    async with running(simulator) as bot:
        simulator.faults.reset(SEND, is_taken=is_taken)
        with pytest.raises(OSError):
            await bot.get_partial_messageable(general.id).send("Hello")
    assert len(general.messages) == count


async def test_a_nonce_sends_a_message_once(simulator: Simulator) -> None:
    general = (await simulator.guild("Papers")).channel("general")
    async with running(simulator) as bot:
        place = bot.get_partial_messageable(general.id)
        simulator.faults.reset(SEND, is_taken=True)
        with pytest.raises(OSError):
            await place.send("Reminder", nonce="delivery-1")
        again = await place.send("Reminder", nonce="delivery-1")
        assert [*general.messages] == [again.id]
        simulator.advance(10 * 60)
        later = await place.send("Reminder", nonce="delivery-1")
    assert [*general.messages] == [again.id, later.id]
