"""What is said on Discord without a command, for a table that has a command for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.chat.commands import Data, command
from bot.chat.desk import Desk
from bot.chat.invocation import Event, Invocation, MessageRef, PlaceRef
from bot.chat.reply import PRIVATE, Reaction, Reply, say
from tests.adapters.discord_house import Stage
from tests.discord.intents import MESSAGE_CONTENT
from tests.discord.people import Person


@command("message", "Something was said", data=Data.READ, hidden=True)
def hear(ctx: object) -> Reply:
    raise NotImplementedError


@command(Event.MESSAGE_EDITED, "Something was changed", data=Data.READ, hidden=True)
def hear_edited(ctx: object) -> Reply:
    raise NotImplementedError


def _listening(heard: list[Invocation], reply: Reply, seconds: float = 0) -> Callable[[Desk], Desk]:
    """A house that takes so long for each message, and then has heard it."""

    def change(desk: Desk) -> Desk:
        async def dispatch(invocation: Invocation) -> Reply:
            await asyncio.sleep(seconds)
            heard.append(invocation)
            return reply

        return replace(desk, commands=(*desk.commands, hear, hear_edited), dispatch=dispatch)

    return change


def _place(stage: Stage, ana: Person) -> PlaceRef:
    assert ana.here.guild is not None
    place = PlaceRef("discord", str(ana.here.id), server_id=str(ana.here.guild.id))
    stage.kept.places = (place,)
    return place


async def _until(heard: list[Invocation], count: int) -> None:
    async with asyncio.timeout(5):
        while len(heard) < count:
            await asyncio.sleep(0.01)


async def test_a_watched_channel_is_heard_and_answered(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers", channels=("general", "elsewhere"))
    ana = club.member("Ana")
    place = _place(stage, ana)
    heard: list[Invocation] = []
    stage.simulator.privileged = MESSAGE_CONTENT
    reacting = _listening(heard, Reply(reaction=Reaction("👍")))
    async with stage.bot(reacting, message_content=True):
        await ana.say("Not here", club.channel("elsewhere"))
        said = await ana.say("I agree", club.channel("general"))
        await _until(heard, 1)
    (call,) = heard
    assert call.command == "message"
    assert call.message == MessageRef(place, str(said.id))
    assert call.actor.name == "Ana"
    assert call.message_text == "I agree"
    assert list(said.reactions) == ["👍"]
    assert stage.kept.states["discord", f"seen:{place.chat_id}"] == str(said.id)


async def test_what_is_said_to_the_bot_is_heard_anywhere(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    place = PlaceRef("discord", str(ana.here.id), server_id=str(club.id))
    heard: list[Invocation] = []
    async with stage.bot(_listening(heard, say("Kept.", audience=PRIVATE))) as bot:
        asked = await bot.adapter.send(place, say("What do you think?"), "1")
        shown = await ana.hear()
        await ana.say("I agree", reply_to=shown)
        assert (await ana.hear(ana.dm)).content == "Kept."
        await ana.say("Hello", ana.dm)
        await _until(heard, 2)
    assert heard[0].arguments == {"reply_to": asked.message_id}
    assert heard[0].message_text == "I agree"
    assert heard[1].place.is_private


async def test_what_was_said_during_an_outage_is_read_back_in_order(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    _place(stage, ana)
    heard: list[Invocation] = []
    quiet = _listening(heard, Reply())
    stage.simulator.privileged = MESSAGE_CONTENT
    async with stage.bot(quiet, message_content=True):
        await ana.say("before")
        await _until(heard, 1)
    said = [await ana.say(f"during {number}") for number in range(120)]
    async with stage.bot(quiet, message_content=True):
        await _until(heard, 121)
        last = await ana.say("after")
        await _until(heard, 122)
    ids = [call.message.message_id for call in heard[1:] if call.message]
    assert ids == [str(one.id) for one in (*said, last)]


async def test_without_such_a_command_nothing_is_taken_in(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    _place(stage, ana)

    def deaf(desk: Desk) -> Desk:
        return replace(desk, commands=[one for one in desk.commands if one.name != "message"])

    async with stage.bot(deaf):
        await ana.say("Anybody?")
        await ana.slash("paper", what="6")
        await ana.answer()
    assert not [key for _, key in stage.kept.states if key.startswith("seen:")]


async def test_what_is_said_while_the_bot_reads_back_comes_after_it_and_once(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    place = _place(stage, ana)
    heard: list[Invocation] = []
    slow = _listening(heard, Reply(), 0.01)
    stage.simulator.privileged = MESSAGE_CONTENT
    async with stage.bot(slow, message_content=True):
        said = [await ana.say("before")]
        await _until(heard, 1)
    said += [await ana.say(f"during {number}") for number in range(110)]
    async with stage.bot(slow, message_content=True):
        said += [await ana.say(f"after {number}") for number in range(20)]
        await _until(heard, len(said))
        await ana.change(said[0], "before, corrected")
        await _until(heard, len(said) + 1)
    assert [one.message_text for one in heard] == [
        *("before", *(f"during {number}" for number in range(110))),
        *(f"after {number}" for number in range(20)),
        "before, corrected",
    ]
    assert stage.kept.states["discord", f"seen:{place.chat_id}"] == str(said[-1].id)


async def test_a_message_in_work_is_finished_before_the_end(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    place = _place(stage, ana)
    heard: list[Invocation] = []
    stage.simulator.privileged = MESSAGE_CONTENT
    async with stage.bot(_listening(heard, Reply(), 0.3), message_content=True):
        said = await ana.say("Just in time")
        await asyncio.sleep(0.1)
    assert [one.message_text for one in heard] == ["Just in time"]
    assert stage.kept.states["discord", f"seen:{place.chat_id}"] == str(said.id)


async def test_a_text_that_discord_hides_is_not_taken_in(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    _place(stage, ana)
    heard: list[Invocation] = []
    async with stage.bot(_listening(heard, Reply())):
        await ana.say("Nobody can read this")
        await ana.say("But this", ana.dm)
        await _until(heard, 1)
    assert [one.message_text for one in heard] == ["But this"]
