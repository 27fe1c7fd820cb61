"""Connections that are lost or refused: where the next one goes, and when there is none."""

from __future__ import annotations

import asyncio
import logging

import pytest
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.adapters.discord.errors import IntentsRefused, Refused, ShardsRefused, VersionRefused
from bot.adapters.discord.gateway import GatewayRoute, refusal
from tests.adapters.discord_house import Stage

# Nothing listens there.
NOWHERE = "ws://127.0.0.1:9/"


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute before each attempt to connect again."""
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda self: 60.0)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("shard_count", [None, 1])
async def test_a_wait_before_the_next_connection_ends_with_the_bot(
    stage: Stage, caplog: pytest.LogCaptureFixture, shard_count: int | None
) -> None:
    await stage.simulator.guild("Papers")
    async with asyncio.timeout(10), stage.bot(shard_count=shard_count):
        stage.simulator.gateway.is_down = True
        stage.simulator.gateway.drop()
        while "Attempting a reconnect" not in caplog.text:
            await asyncio.sleep(0.01)
    (line,) = [one for one in caplog.records if "Attempting a reconnect" in one.getMessage()]
    assert line.getMessage().startswith("Discord is not reached")
    assert not line.exc_info


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("shard_count", [None, 1])
async def test_a_session_is_resumed_where_the_gateway_was_set(
    stage: Stage, shard_count: int | None
) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    stage.simulator.gateway.resume_url = NOWHERE
    async with stage.bot(shard_count=shard_count):
        stage.simulator.gateway.drop()
        await ana.slash("paper", what="6")
        assert "Deepfakes" in (await ana.answer()).text
    assert stage.simulator.gateway.resumed == 1


def test_an_address_that_fails_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL("wss://gateway.example/"))
    route = GatewayRoute(is_fixed=False)
    home, away = "wss://gateway.example/?v=10", "wss://eu.gateway.example/?v=10"
    assert [route.address(away) for _ in range(4)] == [away, away, home, home]
    assert route.address(home) == home
    route.arrived()
    assert route.address(away) == away


@pytest.mark.parametrize("shards", [(None, None), (2, (5,))])
async def test_shards_that_discord_refuses_are_said_and_not_tried_again(
    stage: Stage, shards: tuple[int | None, tuple[int, ...] | None]
) -> None:
    stage.simulator.gateway.needs_sharding = True
    count, ids = shards
    with pytest.raises(ShardsRefused, match="DISCORD_SHARD_COUNT"):
        async with stage.bot(shard_count=count, shard_ids=ids):
            pass


@pytest.mark.parametrize(
    ("code", "kind"), [(4012, VersionRefused), (4013, VersionRefused), (4014, IntentsRefused)]
)
def test_what_trying_again_would_not_change_is_refused(code: int, kind: type[Refused]) -> None:
    assert isinstance(refusal(code), kind)
    assert refusal(4000) is None


async def test_a_lost_connection_costs_one_line(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.bot():
        stage.simulator.faults.reset("GET /users/@me", times=9)
        stage.simulator.gateway.send("CHANNEL_CREATE", {"nonsense": True}, None, 0)
        while "a new one is made" not in caplog.text or "reset" not in caplog.text.lower():
            await asyncio.sleep(0.01)
    lines = [one for one in caplog.records if "a new one is made" in one.getMessage()]
    unforeseen, lost = lines[:2]
    assert unforeseen.exc_info
    assert lost.levelno == logging.ERROR
    assert not lost.exc_info
