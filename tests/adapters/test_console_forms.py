"""A terminal's forms with something in them already, and lines that are no command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.adapters.console.conversation import Conversation
from bot.adapters.console.incoming import PLACE
from bot.adapters.console.render import Look
from bot.chat.invocation import Actor, Invocation, MessageRef, Origin
from bot.chat.reply import Action, Ask, AskField, Choice, FieldKind, Reaction, Reply, say
from storage.database import Database
from tests.house import open_house

ANA = Actor("console", "member:Ana", "Ana")
HOW = "A command begins with a slash: /help shows what there is. A number presses a button."
OPINION = "First.\n\n\x1b[31mSecond."
FORM = Ask(
    Action("Edit", "paper"),
    "Your opinion",
    (
        AskField("text", "What you think", FieldKind.LONG_TEXT, value=OPINION),
        AskField("who", "Who", choices=(Choice("All", "all"), Choice("Me", "me")), value="me"),
        AskField("pages", "Pages", is_required=False),
    ),
)


@dataclass(slots=True)
class Talk:
    """A conversation with a house that notes what it is asked and answers as a test says."""

    conversation: Conversation
    heard: list[Invocation]
    answers: dict[str, Reply]

    async def say(self, line: str) -> str:
        return await self.conversation.say(line)


@pytest.fixture
async def talk(database: Database, tmp_path: Path) -> AsyncIterator[Talk]:
    async with open_house(database, tmp_path) as house:
        heard: list[Invocation] = []
        answers: dict[str, Reply] = {}

        async def dispatch(call: Invocation) -> Reply:
            heard.append(call)
            return answers.get(call.command, Reply())

        desk = replace(house.app.desk, dispatch=dispatch)
        yield Talk(Conversation(desk, ANA, Look(), tmp_path), heard, answers)


async def test_what_is_there_already_is_shown_and_kept_by_a_dash(talk: Talk) -> None:
    talk.answers["help"] = Reply(ask=FORM)
    assert await talk.say("/help") == (
        "Your opinion (/cancel ends this form)\n"
        "What you think (- keeps it):\n"
        "  First.\n"
        "  [31mSecond."
    )
    assert await talk.say("-") == "Who (one of all, me; - keeps it):\n  me"
    assert await talk.say("all") == "Pages (- skips):"
    await talk.say("-")
    assert talk.heard[-1].origin is Origin.FORM
    assert talk.heard[-1].arguments == {"text": OPINION, "who": "all"}


async def test_nothing_typed_keeps_nothing(talk: Talk) -> None:
    talk.answers["help"] = Reply(ask=FORM)
    await talk.say("/help")
    assert (await talk.say("")).startswith("This is needed. What you think (- keeps it):")


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        (Reply(), HOW),
        (Reply(reaction=Reaction("✍")), "✍"),
        (say("Kept."), "Kept."),
    ],
)
async def test_a_line_that_is_no_command_is_a_message(talk: Talk, reply: Reply, shown: str) -> None:
    talk.answers["message"] = reply
    assert await talk.say("WPRC-006: judges are needed\u202e") == shown
    assert await talk.say("WPRC-006: judges are needed") == shown
    first, second = talk.heard
    assert (first.command, first.origin) == ("message", Origin.EVENT)
    assert first.message_text == "WPRC-006: judges are needed"
    assert first.message_author == first.actor == ANA
    assert first.message == MessageRef(PLACE, first.id)
    assert first.message != second.message


async def test_a_number_stays_a_button(talk: Talk) -> None:
    talk.answers["message"] = say("Heard.")
    assert await talk.say("7") == "There is no button to press yet. /help shows what there is."
    assert talk.heard == []
