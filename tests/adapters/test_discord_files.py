"""Files that come along and files that are sent, and what the bot's own requests look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.http import Route

from bot.adapters.discord.api import Api
from bot.adapters.discord.errors import ApiError
from bot.chat.desk import Desk
from bot.chat.invocation import Invocation, Origin, PlaceRef
from bot.chat.pacer import Pacer
from bot.chat.reply import Action, Card, File, Reply
from tests.adapters.discord_house import Stage

PAGE = Path(__file__).parents[2] / "bot" / "sample" / "WPRC-003.txt"


async def test_a_file_of_an_unencrypted_api_may_be_at_another_host(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot() as bot:
        await bot.make_organiser(ana)
        page = await ana.upload("WPRC-003.txt", PAGE.read_bytes(), "text/plain")
        page.url = page.url.replace("127.0.0.1", "localhost")
        await ana.slash("newpaper", file=page)
        assert "WPRC-003 is in the archive now." in (await ana.answer()).content


@pytest.mark.parametrize("url", ["http://discord.com/a", "ftp://discord.com/a", "file:///a", "a"])
async def test_a_file_of_discord_comes_encrypted_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(Route, "BASE", "https://discord.com/api/v10")
    with pytest.raises(ApiError, match="not an address"):
        await Api(Pacer()).fetch(url, 1)


async def test_a_card_in_the_place_of_a_file_leaves_no_file_behind(stage: Stage) -> None:
    sent = Reply(files=(File("a.txt", b"words"),), actions=(Action("Card", "paper", ("6",)),))

    def change(desk: Desk) -> Desk:
        async def dispatch(invocation: Invocation) -> Reply:
            return Reply(card=Card("New")) if invocation.origin is Origin.BUTTON else sent

        return replace(desk, dispatch=dispatch)

    ana = stage.simulator.person("Ana")
    async with stage.bot(change):
        await ana.slash("paper")
        file = await ana.answer()
        await ana.press(file, "Card")
        card = await ana.answer()
    assert card.source is file.source
    assert [one["title"] for one in card.embeds] == ["New"]
    assert card.files == ()


async def test_every_request_says_who_asks(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        await ana.slash("paper", what="6")
        await ana.answer()
    agents = {one.agent for one in stage.simulator.requests}
    (agent,) = agents
    assert agent.startswith("DiscordBot (")


async def test_an_answer_without_a_message_has_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    async def told(*_: object) -> Mapping[str, Any]:
        return {"resource": None}

    api = Api(Pacer())
    monkeypatch.setattr(api, "_open", told)
    assert await api.answer(("1", "token"), 4, {}, wants_message=True) is None


async def test_a_server_in_which_the_bot_does_not_know_itself_is_no_mistake(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot() as bot:
        monkeypatch.setattr(discord.Guild, "me", None)
        place = PlaceRef("discord", str(ana.here.id), server_id=str(club.id))
        assert bot.adapter.sight(place) is None
