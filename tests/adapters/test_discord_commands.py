"""What is registered with Discord, for any table."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord.commands import fingerprint, registration
from bot.chat.commands import (
    Access,
    Arg,
    Command,
    Data,
    Kind,
    LongText,
    PaperRef,
    Parameter,
    PersonRef,
    RoleRef,
    command,
)
from bot.chat.invocation import Attachment, PlaceRef
from bot.chat.reply import Choice, Reply
from bot.core.table import TABLE
from tests.discord.limits import problems_within_limits
from tests.discord.refusals import Problem
from tests.discord.spec import problems_of_body


@command("every", "Takes everything", data=Data.READ, on_message="Every thing")
def every(
    ctx: object,
    paper: Annotated[PaperRef, Arg("Paper")],
    text: Annotated[str | None, Arg("Text", complete=lambda ctx, typed: [], max_length=9_000)],
    count: Annotated[int, Arg("Count")],
    kind: Annotated[Literal["one", "two"], Arg("Kind")],
    at: Annotated[datetime, Arg("When")],
    who: Annotated[PersonRef, Arg("Who")],
    where: Annotated[PlaceRef, Arg("Where")],
    role: Annotated[RoleRef, Arg("Role")],
) -> Reply:
    raise NotImplementedError


@command("manage", "Sets it up", data=Data.WRITE, access=Access.MANAGER)
def manage(ctx: object, code: Annotated[str, Arg("Code")] = "") -> Reply:
    raise NotImplementedError


@command("form", "Asks for much", data=Data.WRITE)
def form(
    ctx: object,
    words: Annotated[LongText, Arg("Words")],
    who: Annotated[PersonRef, Arg("Who")],
    file: Annotated[Attachment | None, Arg("File")] = None,
) -> Reply:
    raise NotImplementedError


@command("long", "Asks for too much", data=Data.WRITE, hidden=True)
def long(
    ctx: object,
    one: Annotated[str, Arg("One")],
    two: Annotated[str, Arg("Two")] = "",
    three: Annotated[str, Arg("Three")] = "",
    four: Annotated[str, Arg("Four")] = "",
    five: Annotated[str, Arg("Five")] = "",
    six: Annotated[str, Arg("Six")] = "",
) -> Reply:
    raise NotImplementedError


def test_the_table_is_what_discord_takes() -> None:
    made = registration(TABLE)
    assert _problems(made) == []
    shown = [command.name for command in TABLE if not command.is_hidden]
    assert [one["name"] for one in made if one.get("type", 1) == 1] == shown
    assert [one["name"] for one in made if one.get("type") == 3] == ["Save as opinion"]


def test_every_kind_of_argument_is_an_option_of_its_type() -> None:
    slash, menu = registration([every])
    options: Any = slash["options"]
    types = {one["name"]: one["type"] for one in options}
    assert types == {
        "paper": 3, "text": 3, "count": 4, "kind": 3, "at": 3,
        "who": 6, "where": 7, "role": 8,
    }  # fmt: skip
    by_name = {one["name"]: one for one in options}
    assert by_name["where"]["channel_types"] == [0, 5, 10, 11, 12]
    assert by_name["paper"]["autocomplete"]
    assert by_name["text"]["autocomplete"]
    assert by_name["text"]["max_length"] == 6_000
    assert by_name["kind"]["choices"][0] == {"name": "one", "value": "one"}
    needed = [one["required"] for one in options]
    assert needed == sorted(needed, reverse=True), "what is needed comes first"
    assert menu == {
        "type": 3,
        "name": "Every thing",
        "contexts": [0, 1],
        "integration_types": [0],
        "default_member_permissions": None,
    }


def test_what_a_form_asks_better_is_no_required_option() -> None:
    (made,) = registration([form])
    options: Any = made["options"]
    assert {one["name"]: one["required"] for one in options} == {
        "words": False,
        "who": True,
        "file": False,
    }
    assert {one["name"]: one["type"] for one in options}["file"] == 11


def test_a_command_with_more_fields_than_a_form_has_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 5 fields of a form, as /long has; these are 6"):
        registration([long])


def test_who_may_not_manage_a_server_is_not_offered_to() -> None:
    (made,) = registration([manage])
    assert made["default_member_permissions"] == 0x20
    assert made["contexts"] == [0]


def test_the_fingerprint_changes_with_any_word() -> None:
    made = registration([every, manage])
    assert fingerprint(made) == fingerprint(list(reversed(made)))
    assert fingerprint(made) != fingerprint(registration([every]))


_names = st.from_regex(re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII), fullmatch=True)
_texts = st.text("aé😀 /", min_size=1, max_size=120).filter(lambda text: bool(text.strip()))
_parameters = st.builds(
    Parameter,
    _names,
    st.sampled_from(Kind),
    st.builds(Arg, _texts, max_length=st.integers(1, 10_000)),
    st.booleans(),
    st.lists(st.builds(Choice, _texts, _texts), max_size=27, unique_by=lambda one: one.label).map(
        tuple
    ),
)
_commands = st.builds(
    Command,
    name=_names,
    summary=st.text("aé😀 /", min_size=1, max_size=100).filter(lambda text: bool(text.strip())),
    handler=st.just(print),
    parameters=st.lists(_parameters, max_size=6, unique_by=lambda one: one.name).map(tuple),
    data=st.just(Data.READ),
    access=st.sampled_from(Access),
    on_message=st.none() | st.just("Do it"),
)


@settings(deadline=None, max_examples=30)
@given(st.lists(_commands, max_size=3, unique_by=lambda one: one.name))
def test_a_table_is_refused_here_or_taken_there(table: list[Command]) -> None:
    try:
        made = registration(table)
    except ValueError:
        return
    menus = [one for one in made if one["type"] == 3]
    assert len(menus) == len([one for one in table if one.on_message])
    assert _problems([one for one in made if one["type"] == 1]) == []


@pytest.mark.parametrize(
    ("label", "count", "words"),
    [("x" * 33, 1, "32 characters of the menu entry"), ("Do it", 16, "15 entries of a message's")],
)
def test_too_much_is_named(label: str, count: int, words: str) -> None:
    one = command("x", "X", data=Data.READ, hidden=True, on_message=label)(lambda ctx: Reply())
    with pytest.raises(ValueError, match=words):
        registration([one] * count)


def _problems(made: list[dict[str, object]]) -> list[Problem]:
    call = ("PUT", "/applications/{application_id}/commands")
    return problems_within_limits(*call, made) + problems_of_body(*call, made)
