"""What goes wrong between the bot and Discord, and what people notice of it: little."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.errors import IntentsRefused, TokenRefused
from bot.adapters.discord.options import DiscordOptions
from bot.chat.desk import Desk
from bot.chat.errors import Gone, Retry, Unknown
from bot.chat.invocation import Invocation, PlaceRef
from bot.chat.reply import Reply, Subject, say
from tests.adapters.discord_house import Stage
from tests.discord.permissions import Permission
from tests.discord.simulator import Simulator

CALLBACK = "POST */callback"


def _slow(seconds: float) -> Callable[[Desk], Desk]:
    """A house that takes its time."""

    def change(desk: Desk) -> Desk:
        async def dispatch(invocation: Invocation) -> Reply:
            await asyncio.sleep(seconds)
            return await desk.dispatch(invocation)

        return replace(desk, dispatch=dispatch)

    return change


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Putting off after 0.1 s instead of 2."""
    monkeypatch.setattr("bot.adapters.discord.interactions.DEFER_SECONDS", 0.1)


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("is_taken", [False, True])
async def test_a_server_error_is_tried_again(stage: Stage, status: int, is_taken: bool) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        stage.simulator.faults.fail(CALLBACK, status, is_taken=is_taken)
        await ana.slash("paper", what="6")
        card = await ana.answer()
        while not stage.kept.posts:
            await asyncio.sleep(0.01)
    assert card.labels == ["Lite summary", "In-depth", "Download page", "Give an opinion"]
    (message,) = stage.kept.posts
    assert message.message_id == str(card.message.id)


@pytest.mark.parametrize("is_taken", [False, True])
async def test_a_reset_connection_is_tried_again(stage: Stage, is_taken: bool) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        stage.simulator.faults.reset(CALLBACK, is_taken=is_taken)
        await ana.slash("paper", what="6")
        assert "Deepfakes" in (await ana.answer()).text
        assert len(ana.here.visible_to(ana)) == 1


async def test_a_rate_limit_is_waited_out(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        stage.simulator.faults.rate_limit(CALLBACK, 0.2)
        await ana.slash("paper", what="6")
        assert "Deepfakes" in (await ana.answer()).text


@pytest.mark.usefixtures("hurry")
async def test_a_slow_answer_is_put_off_and_edited(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot(_slow(0.4)):
        exchange = await ana.slash("paper", what="6")
        assert await exchange.acknowledged() == 5
        card = await ana.answer()
        assert "Deepfakes" in card.text
        assert not card.is_private
        exchange = await ana.press(card, "In-depth")
        assert await exchange.acknowledged() == 5
        depth = await ana.answer()
        assert depth.is_private
        exchange = await ana.press(depth, "Back to the card")
        assert await exchange.acknowledged() == 6
        back = await ana.answer()
        assert back.source is depth.source
        assert "Deepfakes" in back.text
    (message,) = stage.kept.posts
    assert message.message_id == str(card.message.id)


@pytest.mark.usefixtures("hurry")
async def test_a_late_error_is_seen_by_one_person_alone(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana, bo = club.member("Ana"), club.member("Bo")
    async with stage.bot(_slow(0.3)):
        exchange = await ana.slash("paper", what="nothing like it")
        assert await exchange.acknowledged() == 5
        said = await ana.answer()
    assert said.is_private
    assert "No paper is called" in said.content
    assert ana.here.visible_to(bo) == []


@pytest.mark.usefixtures("hurry")
async def test_a_form_that_comes_late_waits_behind_a_button(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot(_slow(0.3)) as bot:
        await bot.make_organiser(ana)
        await ana.slash("newpaper")
        waiting = await ana.answer()
    assert waiting.labels == ["Open the form"]


@pytest.mark.usefixtures("hurry")
async def test_a_token_that_died_sends_the_answer_to_the_channel(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot(_slow(0.5)):
        exchange = await ana.slash("paper", what="6")
        await exchange.acknowledged()
        stage.simulator.advance(16 * 60)
        posted = await ana.hear()
    assert "Deepfakes" in posted.text


@pytest.mark.usefixtures("hurry")
async def test_a_private_answer_that_is_too_late_goes_to_the_person(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana, bo = club.member("Ana"), club.member("Bo")
    async with stage.bot(_slow(0.5)):
        exchange = await ana.slash("paper", what="nothing like it")
        await exchange.acknowledged()
        stage.simulator.advance(16 * 60)
        posted = await ana.hear(ana.dm)
    assert "No paper is called" in posted.text
    assert [one for one in ana.here.visible_to(bo) if not one.is_thinking] == []


@pytest.mark.usefixtures("hurry")
async def test_who_takes_no_direct_messages_costs_one_line(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    ana.has_dms_closed = True
    async with stage.bot(_slow(0.5)):
        exchange = await ana.slash("paper", what="nothing like it")
        await exchange.acknowledged()
        stage.simulator.advance(16 * 60)
    (line,) = [one for one in caplog.records if "answered elsewhere" in one.getMessage()]
    assert "50007" in line.getMessage()
    assert exchange.interaction.token not in caplog.text


async def test_an_interaction_that_is_over_is_answered_in_the_channel(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")

    def change(desk: Desk) -> Desk:
        async def dispatch(invocation: Invocation) -> Reply:
            stage.simulator.advance(4)
            return await desk.dispatch(invocation)

        return replace(desk, dispatch=dispatch)

    async with stage.bot(change):
        await ana.slash("paper", what="6")
        assert "Deepfakes" in (await ana.hear()).text


async def test_a_gateway_that_drops_in_the_middle_loses_no_command(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot(_slow(0.2)):
        await ana.slash("paper", what="6")
        stage.simulator.gateway.drop()
        assert "Deepfakes" in (await ana.answer()).text
        await ana.slash("paper", what="1")
        assert "Cash, in short." in (await ana.answer(patience=10)).text


async def test_an_event_that_nobody_foresaw_costs_a_new_client_at_most(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot() as bot:
        stage.simulator.gateway.send("INTERACTION_CREATE", {"type": 2}, None, 0)
        stage.simulator.gateway.send("CHANNEL_CREATE", {"nonsense": True}, None, 0)
        while bot.adapter.ready.is_set():
            await asyncio.sleep(0.01)
        await asyncio.wait_for(bot.adapter.ready.wait(), 15)
        await ana.slash("paper", what="6")
        assert "Deepfakes" in (await ana.answer()).text


async def test_a_message_of_an_unforeseen_shape_costs_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot() as bot:
        for event in ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"):
            stage.simulator.gateway.send(event, {"author": 7, "channel_id": None}, None, 0)
        await ana.slash("paper", what="6")
        assert "Deepfakes" in (await ana.answer()).text
        assert bot.adapter.ready.is_set()
    assert "an event was left out" in caplog.text


async def test_an_answer_that_discord_refuses_is_apologised_for(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot():
        stage.simulator.faults.fail(CALLBACK, 400)
        await ana.slash("paper", what="6")
        said = await ana.answer()
    assert said.is_private
    assert "could not be shown" in said.content
    assert "could not be answered" in caplog.text


async def test_a_wrong_token_is_said_without_a_traceback(stage: Stage) -> None:
    with pytest.raises(TokenRefused, match="DISCORD_TOKEN"):
        async with stage.bot(token="wrong"):
            pass


async def test_an_intent_that_was_not_granted_is_named(stage: Stage) -> None:
    with pytest.raises(IntentsRefused, match="Message Content Intent"):
        async with stage.bot(message_content=True):
            pass


async def test_the_answers_of_running_commands_are_waited_for(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot(_slow(0.3)):
        await ana.slash("paper", what="6")
        await asyncio.sleep(0.1)
    assert "Deepfakes" in (await ana.answer()).text


async def test_it_says_when_it_is_ready(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    await stage.simulator.guild("Papers")
    caplog.set_level(logging.INFO)
    async with stage.bot():
        pass
    assert "Discord: ready as" in caplog.text
    assert "in 1 server\n" in caplog.text


async def test_what_is_sent_twice_is_there_once(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    place = PlaceRef("discord", str(ana.here.id), server_id=str(club.id))
    reply = replace(say("Tomorrow at eight."), subject=Subject("session", "1"))
    async with stage.bot() as bot:
        first = await bot.adapter.send(place, reply, "reminder 1")
        stage.simulator.faults.reset("POST /channels/*/messages", is_taken=True)
        second = await bot.adapter.send(place, reply, "reminder 2")
        stage.simulator.faults.fail("POST /channels/*/messages", 503)
        again = await bot.adapter.send(place, reply, "reminder 1")
    assert again == first != second
    assert [one.content for one in ana.here.visible_to(ana)] == ["Tomorrow at eight."] * 2
    assert stage.kept.posts[first] == Subject("session", "1")


async def test_what_is_known_of_a_failed_message(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    place = PlaceRef("discord", str(ana.here.id), server_id=str(club.id))
    async with stage.bot() as bot:
        send = bot.adapter.send
        stage.simulator.faults.rate_limit("POST /channels/*/messages", 40)
        with pytest.raises(Retry) as retry:
            await send(place, say("a"), "1")
        assert retry.value.after == 40
        stage.simulator.faults.reset("POST /channels/*/messages", times=9)
        with pytest.raises(Unknown):
            await send(place, say("a"), "2")
        stage.simulator.faults.clear()
        with pytest.raises(Gone):
            await send(PlaceRef("discord", "1"), say("a"), "3")
        club.let_bot(deny=Permission.SEND_MESSAGES)
        with pytest.raises(Gone):
            await send(place, say("a"), "4")
        sight = bot.adapter.sight(place)
    assert sight is not None
    assert (sight.name, sight.missing) == ("#general", ("Send Messages",))


async def test_no_discord_to_be_reached_is_no_reason_to_give_up(
    stage: Stage, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.bot() as bot:
        options = DiscordOptions("token", "http://127.0.0.1:9/api/v10", drain_seconds=1)
        adapter = DiscordAdapter(bot.desk, options)
        serving = asyncio.create_task(adapter.run())
        while "a new one is made" not in caplog.text:
            await asyncio.sleep(0.01)
        await adapter.stop()
        await asyncio.wait_for(serving, 5)


async def test_after_a_refusal_for_the_whole_api_all_that_is_unasked_waits_as_long(
    stage: Stage,
) -> None:
    club = await stage.simulator.guild("Readers")
    ana = club.member("Ana")
    place = PlaceRef("discord", str(ana.here.id), server_id=str(club.guild.id))
    async with stage.bot() as bot:
        stage.simulator.faults.rate_limit("POST /channels/*/messages", 1.0, is_global=True)
        sending = asyncio.create_task(bot.adapter.send(place, say("a"), "1"))
        await asyncio.sleep(0.3)
        begun = asyncio.get_running_loop().time()
        await bot.adapter.pacer.turn(PlaceRef("discord", "another"))
        assert asyncio.get_running_loop().time() - begun > 0.3
        await sending
