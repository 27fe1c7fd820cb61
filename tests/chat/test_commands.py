"""A command is declared once; what a platform could not carry is refused at the declaration."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest

from bot.chat.commands import Arg, Command, Data, Kind, LongText, PaperRef, command
from bot.chat.invocation import Attachment
from bot.chat.reply import Reply, say


@command("try", "Try it", data=Data.READ)
def try_it(
    ctx: Any,
    paper: Annotated[PaperRef, Arg("Which paper")],
    mood: Annotated[Literal["good", "bad"] | None, Arg("How")] = None,
    count: Annotated[int | None, Arg("How many")] = None,
    note: Annotated[LongText | None, Arg("What else")] = None,
    file: Annotated[Attachment | None, Arg("A file")] = None,
) -> Reply:
    return say("tried")


def test_the_signature_is_the_declaration() -> None:
    assert isinstance(try_it, Command)
    assert [(p.name, p.kind, p.is_required) for p in try_it.parameters] == [
        ("paper", Kind.PAPER, True),
        ("mood", Kind.CHOICE, False),
        ("count", Kind.INTEGER, False),
        ("note", Kind.LONG_TEXT, False),
        ("file", Kind.FILE, False),
    ]
    assert [choice.value for choice in try_it.parameters[1].choices] == ["good", "bad"]


@pytest.mark.parametrize("name", ["", "Try", "two words", "x" * 33, "under_score", "1st"])
def test_a_name_that_not_every_platform_can_carry_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        command(name, "Try it", data=Data.READ)


def test_a_summary_fits_a_menu() -> None:
    with pytest.raises(ValueError):
        command("try", "x" * 101, data=Data.READ)


def test_a_parameter_says_what_it_is_for() -> None:
    def handler(ctx: Any, paper: PaperRef) -> Reply:
        return say("never")

    with pytest.raises(TypeError):
        command("try", "Try it", data=Data.READ)(handler)
