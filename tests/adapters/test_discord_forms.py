"""Forms, files and menus of a message, by what people see of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pytest

from bot.adapters.discord.forms import modal
from bot.chat.commands import Arg, Data, LongText, command
from bot.chat.desk import Desk
from bot.chat.invocation import Attachment, Invocation
from bot.chat.reply import Action, Ask, AskField, Choice, FieldKind, Reply, say
from tests.adapters.discord_house import Stage
from tests.discord.limits_modals import modal_problems

PAGE = Path(__file__).parents[2] / "bot" / "sample" / "WPRC-003.txt"


async def test_a_title_is_asked_for_in_a_form(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot() as bot:
        await bot.make_organiser(ana)
        await ana.slash("newpaper")
        form = await ana.answer()
        assert form.modal is not None
    async with stage.bot():
        await ana.fill(form, {"title": "A *new* one"})
        card = await ana.answer()
        assert "WPRC-007" in card.content
        assert card.embeds[0]["title"] == "WPRC-007 · A \\*new\\* one"
        await ana.press(card, "Add details")
        details = await ana.answer()
        await ana.fill(details, {"category": "Crypto", "date": "2023-02"})
        revised = await ana.answer()
    assert revised.is_private
    assert "Crypto" in revised.text


async def test_a_page_file_comes_with_the_command(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot() as bot:
        await bot.make_organiser(ana)
        page = await ana.upload("WPRC-003.txt", PAGE.read_bytes(), "text/plain")
        await ana.slash("newpaper", file=page)
        card = await ana.answer()
        await ana.press(card, "Download page")
        sent = await ana.answer()
    assert "WPRC-003 is in the archive now." in card.content
    assert "Attention Is All You Need" in card.text
    assert b"Attention Is All You Need" in sent.files[0].data


async def test_a_file_that_is_too_large_is_not_even_fetched(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot() as bot:
        await bot.make_organiser(ana)
        page = await ana.upload("large.txt", b"x" * 2_000_001)
        await ana.slash("newpaper", file=page)
        said = await ana.answer()
    assert said.is_private
    assert "2,000,001 bytes" in said.content


@command("give", "Say something long", data=Data.CATALOGUE, private=True, on_message="Save this")
def give(
    ctx: object,
    text: Annotated[LongText, Arg("What you want to say")],
    page: Annotated[Attachment | None, Arg("A file")] = None,
) -> Reply:
    raise NotImplementedError


def _with_give(answer: Callable[[Invocation], Reply]) -> Callable[[Desk], Desk]:
    """A house with one more command, which no adapter has ever heard of."""

    def change(desk: Desk) -> Desk:
        async def dispatch(invocation: Invocation) -> Reply:
            if invocation.command == "give":
                return answer(invocation)
            return await desk.dispatch(invocation)

        return replace(desk, commands=(*desk.commands, give), dispatch=dispatch)

    return change


ASK = Ask(
    Action("Give", "give"),
    "What is on your mind, in all the length that a title of a form does not have?",
    (
        AskField("text", "Words", FieldKind.LONG_TEXT),
        AskField("page", "Page", FieldKind.FILE, False),
    ),
)


async def test_a_new_command_needs_nothing_of_the_adapter(stage: Stage) -> None:
    got: list[Invocation] = []

    def answer(invocation: Invocation) -> Reply:
        got.append(invocation)
        return say("Kept.") if invocation.arguments or invocation.message_text else Reply(ask=ASK)

    club = await stage.simulator.guild("Papers")
    ana, bo = club.member("Ana"), club.member("Bo")
    async with stage.bot(_with_give(answer)):
        await ana.slash("give")
        form = await ana.answer()
        file = await ana.upload("a.txt", b"words")
        await ana.fill(form, {"Words": "One\ntwo", "Page": [file]})
        assert (await ana.answer()).content == "Kept."
        said = await bo.say("I think so")
        await ana.right_click(said, "Save this")
        assert (await ana.answer()).content == "Kept."
    assert got[1].arguments == {
        "text": "One\ntwo",
        "page": Attachment("a.txt", b"words", "text/plain"),
    }
    assert got[2].message_text == "I think so"
    assert got[2].message is not None
    assert got[2].message.message_id == str(said.id)


async def test_a_form_that_follows_a_form_waits_behind_a_button(stage: Stage) -> None:
    club = await stage.simulator.guild("Papers")
    ana = club.member("Ana")
    async with stage.bot(_with_give(lambda _: Reply(ask=ASK))):
        await ana.slash("give")
        form = await ana.answer()
        await ana.fill(form, {"text": "One"})
        waiting = await ana.answer()
        assert waiting.labels == ["Continue"]
        await ana.press(waiting, "Continue")
        assert (await ana.answer()).modal is not None


def test_a_form_says_what_it_has_no_room_for_in_a_description() -> None:
    made = modal(ASK)
    assert list(modal_problems(made)) == []
    assert len(str(made["title"])) <= 45


@pytest.mark.parametrize("count", [1, 5, 9, 30])
def test_a_form_of_any_size_is_within_the_limits(count: int) -> None:
    choices = tuple(Choice("c" * 200, str(number)) for number in range(count))
    fields = tuple(
        AskField(
            f"field_{number}",
            "l" * 40 * number,
            kind,
            is_required=number % 2 == 0,
            choices=choices if kind is FieldKind.CHOICE else (),
            max_length=10_000,
        )
        for number, kind in zip(range(count), list(FieldKind) * 6, strict=False)
    )
    made = modal(Ask(Action("a", "give"), "T" * 99, fields), ("word " * 2_000,))
    assert list(modal_problems(made)) == []
    shown = [one["component"] for one in made["components"] if "component" in one]  # type: ignore[attr-defined]
    needed = [one for one in fields if one.is_required][:5]
    assert {one.name for one in needed} <= {one["custom_id"] for one in shown}
