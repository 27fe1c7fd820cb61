"""Answers that come too late for their interaction, and where they go instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.chat.desk import Desk
from bot.chat.invocation import Invocation
from bot.chat.reply import Block, Card, Reply, Subject
from tests.adapters.discord_house import Stage
from tests.discord.permissions import Permission


def _late(stage: Stage, reply: Reply | None = None) -> Callable[[Desk], Desk]:
    """A house that needs longer than Discord waits, and then says this or what it always says."""

    def change(desk: Desk) -> Desk:
        async def dispatch(invocation: Invocation) -> Reply:
            stage.simulator.advance(4)
            return reply or await desk.dispatch(invocation)

        return replace(desk, dispatch=dispatch)

    return change


async def test_a_late_card_is_remembered_as_what_it_is_about(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot(_late(stage)):
        await ana.slash("paper", what="6")
        posted = await ana.hear()
    ((message, subject),) = stage.kept.posts.items()
    assert message.message_id == str(posted.message.id)
    assert subject == Subject("paper", "WPRC-006")


async def test_where_the_bot_may_not_write_a_late_card_goes_to_the_person(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    club.let_bot(deny=Permission.SEND_MESSAGES)
    ana = club.member("Ana")
    async with stage.bot(_late(stage)):
        await ana.slash("paper", what="6")
        assert "Deepfakes" in (await ana.hear(ana.dm)).text
    assert ana.here.visible_to(ana) == []


async def test_who_takes_no_direct_messages_is_told_so_and_nothing_else(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana, bo = club.member("Ana"), club.member("Bo")
    ana.has_dms_closed = True
    async with stage.bot(_late(stage)):
        await ana.slash("paper", what="a secret")
        said = await bo.hear(ana.here)
    assert "direct messages" in said.content
    assert "secret" not in said.text
    assert not said.embeds


async def test_a_late_answer_of_several_messages_is_whole(stage: Stage) -> None:
    body = tuple(Block((f"Part {number}. " + "word " * 700,)) for number in range(3))
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot(_late(stage, Reply(card=Card("Long", body=body)))):
        await ana.slash("paper", what="6")
        shown = [await ana.hear(), await ana.hear(), await ana.hear()]
    assert ["Part 0" in shown[0].text, "Part 1" in shown[1].text, "Part 2" in shown[2].text] == [
        True
    ] * 3
