"""Forms with something in them already, and answers that come again after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.forms import Form
from bot.chat.desk import Desk
from bot.chat.invocation import Actor, Invocation, PlaceRef, UpdateRef
from bot.chat.reply import PRIVATE, Action, Ask, AskField, Audience, Choice, FieldKind, Reply, say
from tests.adapters.telegram_house import TelegramStage
from tests.telegram.html import parse_html

WORDS = "Bonds <need> a judge & a jury. " * 130
EDIT = Ask(
    Action("Edit", "newpaper"),
    "Your opinion",
    (
        AskField("title", "What you think", FieldKind.LONG_TEXT, value=WORDS.strip()),
        AskField("who", "Who", choices=(Choice("All", "all"), Choice("Me", "me")), value="me"),
        AskField("pages", "Pages", is_required=False, value="25-27"),
    ),
)


def asking(
    heard: list[Invocation], ask: Ask, audience: Audience = PRIVATE
) -> Callable[[Desk], Desk]:
    """A house that answers each paper with this form, and a filled-in form with a word."""

    def change(desk: Desk) -> Desk:
        async def dispatch(call: Invocation) -> Reply:
            heard.append(call)
            if call.command == "paper":
                return Reply(ask=ask, audience=audience)
            return say("Changed.", audience=audience)

        return replace(desk, dispatch=dispatch)

    return change


async def test_what_is_there_already_is_shown_and_kept_by_a_dash(
    telegram_stage: TelegramStage,
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    heard: list[Invocation] = []
    async with telegram_stage.bot(asking(heard, EDIT)):
        await ana.says(ana.private, "/paper 6")
        first = await ana.hears(ana.private)
        (shown,) = first.parts("code")
        assert WORDS.startswith(shown.removesuffix("…").rstrip())
        assert len(shown) > 3_500
        assert len(first.text) <= 4_096
        assert "Send - to keep it." in first.text
        await ana.answers(first, "-")
        second = await ana.hears(ana.private)
        assert second.parts("code") == ["Me"]
        assert second.choices == (("All",), ("Me",), ("-",))
        await ana.chooses(second, "-")
        third = await ana.hears(ana.private)
        assert third.parts("code") == ["25-27"]
        assert "leave it out" not in third.text
        await ana.answers(third, "26")
        assert (await ana.hears(ana.private)).text == "Changed."
    assert heard[-1].arguments == {"title": WORDS.strip(), "who": "me", "pages": "26"}


async def test_what_is_there_already_is_not_shown_in_a_group(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana])
    heard: list[Invocation] = []
    ask = replace(EDIT, fields=EDIT.fields[2:])
    async with telegram_stage.bot(asking(heard, ask)):
        await ana.says(group, f"/paper@{tg.username} 6")
        opened = await ana.hears(group)
        assert "25-27" not in opened.text
        url = opened.button("Open our chat").url
        assert url is not None
        await ana.opens(url)
        assert (await ana.hears(ana.private)).parts("code") == ["25-27"]


@given(
    value=st.text(max_size=4_000),
    label=st.text(min_size=1, max_size=2_000),
    title=st.text(max_size=2_000),
)
@settings(max_examples=100, deadline=None)
def test_a_question_fits_into_a_message_whatever_is_in_it(
    value: str, label: str, title: str
) -> None:
    ask = Ask(EDIT.action, title, (AskField("a", label, value=value),))
    asker = Actor("telegram", "7", "A" * 64)
    form = Form.of(ask, PlaceRef("telegram", "7"))
    message, _ = form.question("That is too long: at most 4,000 characters.", asker)
    text, _ = parse_html(message.text)
    assert len(text.encode("utf-16-le")) // 2 <= 4_096


@pytest.mark.parametrize("number", [5, 10**9])
def test_an_answer_is_taken_whatever_number_it_has(number: int) -> None:
    form = Form.of(EDIT, PlaceRef("telegram", "7"), UpdateRef("telegram:42", 800_000_000))
    assert form.is_answered_by(UpdateRef("telegram:42", 800_000_000))
    assert not form.is_answered_by(UpdateRef("telegram:42", number))
    assert not form.is_answered_by(None)


async def test_the_last_answer_that_comes_again_does_not_answer_the_form_that_follows(
    telegram_stage: TelegramStage,
) -> None:
    ana = telegram_stage.telegram.user("Ana")
    heard: list[Invocation] = []
    first = replace(EDIT, fields=EDIT.fields[2:])
    second = replace(EDIT, title="And then", fields=EDIT.fields[:1])

    def following(*, is_stuck: bool) -> Callable[[Desk], Desk]:
        def change(desk: Desk) -> Desk:
            async def dispatch(call: Invocation) -> Reply:
                heard.append(call)
                return Reply(ask=first if call.command == "paper" else second)

            async def save_form(place: PlaceRef, actor: Actor, text: str | None) -> None:
                await desk.save_form(place, actor, text)
                if is_stuck and text is not None and "And then" in text:
                    await asyncio.Event().wait()

            return replace(desk, dispatch=dispatch, save_form=save_form)

        return change

    async with telegram_stage.bot(following(is_stuck=True)):
        await ana.says(ana.private, "/paper 6")
        await ana.hears(ana.private)
        await ana.says(ana.private, "26")
        assert "And then" in (await ana.hears(ana.private)).text
    async with telegram_stage.bot(following(is_stuck=False)):
        assert "And then" in (await ana.hears(ana.private)).text
        await ana.hears_nothing(ana.private)
    assert [one.command for one in heard] == ["paper", "newpaper"]
