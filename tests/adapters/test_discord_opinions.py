"""Opinions on Discord: whose message was picked, who is written to alone, forms with values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.discord.forms import modal
from bot.adapters.discord.incoming import Incoming, Reader
from bot.chat.errors import Gone
from bot.chat.invocation import Actor, Event, Invocation, PlaceRef
from bot.chat.reply import Action, Ask, AskField, Choice, FieldKind, Reply, say
from bot.core.table import TABLE
from tests.adapters.discord_house import Stage
from tests.adapters.test_discord_incoming import USER, interaction
from tests.adapters.test_discord_listening import _listening, _until
from tests.discord.intents import MESSAGE_CONTENT
from tests.discord.spec import problems_of_body
from tests.discord.test_limits import CALLBACK

READER = Reader.of(TABLE)


def _picked(author: dict[str, object], **more: object) -> Invocation:
    target = {"id": "60", "content": "Bonds\u202e need a judge.", "author": author, **more}
    data = {"name": "Save as opinion", "type": 3, "target_id": "60"}
    got = READER.read(interaction(2, {**data, "resolved": {"messages": {"60": target}}}))
    assert isinstance(got, Incoming)
    return got.invocation


def test_a_picked_message_tells_its_author_its_words_and_its_address() -> None:
    call = _picked({"id": "6", "username": "bo", "global_name": "Bo B"})
    assert call.command == "opinion"
    assert call.message_author == Actor("discord", "6", "Bo B")
    assert call.message_text == "Bonds need a judge."
    assert call.message_url == "https://discord.com/channels/77/70/60"


@pytest.mark.parametrize(
    "author", [{"id": "6", "username": "x", "bot": True}, {"id": "6", "username": "hook"}]
)
def test_what_no_person_wrote_has_no_author(author: dict[str, object]) -> None:
    more = {} if author.get("bot") else {"webhook_id": "9"}
    assert _picked(author, **more).message_author is None


def test_a_thread_is_told_by_its_name() -> None:
    thread = {"id": "71", "type": 11, "parent_id": "70", "name": "WPRC-006 night"}
    data = {"name": "opinion", "type": 1, "options": []}
    got = READER.read(interaction(2, data, channel=thread))
    assert isinstance(got, Incoming)
    assert got.invocation.thread_name == "WPRC-006 night"
    assert got.invocation.place == PlaceRef("discord", "70", "71", server_id="77")
    assert USER["id"] == got.invocation.actor.account_id


def test_a_form_shows_what_is_there_already() -> None:
    fields = (
        AskField("text", "What you think", FieldKind.LONG_TEXT, value="Bonds need a judge."),
        AskField("kind", "Kind", choices=(Choice("A", "a"), Choice("B", "b")), value="b"),
    )
    made = modal(Ask(Action("Change", "reword", ("k",)), "Your opinion", fields))
    assert problems_of_body("POST", CALLBACK, {"type": 9, "data": made}) == []
    text, kind = (one["component"] for one in made["components"])  # type: ignore[attr-defined]
    assert text["value"] == "Bonds need a judge."
    assert [one.get("default", False) for one in kind["options"]] == [False, True]


async def test_one_person_is_written_to_by_their_account(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana, bo = club.member("Ana"), club.member("Bo")
    bo.has_dms_closed = True
    async with stage.bot() as bot:
        to = PlaceRef("discord", str(ana.id), is_private=True)
        message = await bot.adapter.send(to, say("Only for you."), "question 1")
        assert (await ana.hear(ana.dm)).text == "Only for you."
        assert message.place == replace(to, chat_id=str(ana.dm.id))
        again = await bot.adapter.send(to, say("Only for you."), "question 1")
        assert again == message, "a repeat makes no second message"
        with pytest.raises(Gone):
            await bot.adapter.send(
                replace(to, chat_id=str(bo.id)), Reply(text=("x",)), "question 2"
            )


async def test_edits_are_told_wherever_they_are_and_previews_of_links_are_not(
    stage: Stage,
) -> None:
    club = await stage.simulator.guild("Papers", channels=("general", "elsewhere"))
    ana = club.member("Ana")
    heard: list[Invocation] = []
    stage.simulator.privileged = MESSAGE_CONTENT
    async with stage.bot(_listening(heard, Reply()), message_content=True):
        message = await ana.say("Bonds.", club.channel("elsewhere"))
        stage.simulator.tell_of_message("MESSAGE_UPDATE", message)
        await ana.change(message, "Bonds need a judge.")
        await _until(heard, 1)
        await ana.slash("help")
        await ana.answer()
    assert [(one.command, one.message_text) for one in heard if one.command != "help"] == [
        (Event.MESSAGE_EDITED, "Bonds need a judge.")
    ]
    assert heard[0].message_author == Actor("discord", str(ana.id), "Ana")
