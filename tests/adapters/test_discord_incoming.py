"""Interactions as Discord sends them, and what the house is told of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.incoming import Completion, Download, Incoming, Reader
from bot.chat.commands import Arg, Data, PaperRef, command
from bot.chat.invocation import Actor, MessageRef, Origin, PlaceRef
from bot.chat.reply import Reply


@command("paper", "Read", data=Data.READ, on_message="Read this")
def paper(
    ctx: object,
    what: Annotated[PaperRef, Arg("What")],
    at: Annotated[datetime | None, Arg("When")] = None,
) -> Reply:
    raise NotImplementedError


READER = Reader.of([paper])
USER = {"id": "5", "username": "ana", "global_name": "Ana B", "discriminator": "0", "avatar": None}


def interaction(kind: int, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What Discord sends for an act of Ana in a server's channel."""
    return {
        "id": "900",
        "application_id": "1",
        "type": kind,
        "token": "tok.en",
        "version": 1,
        "guild_id": "77",
        "channel_id": "70",
        "channel": {"id": "70", "type": 0, "guild_id": "77", "name": "general"},
        "member": {"user": USER, "nick": "Ana", "roles": ["8"], "permissions": "2048"},
        "locale": "en-GB",
        "app_permissions": "3072",
        "data": data,
    } | more


def _read(payload: dict[str, Any]) -> Incoming:
    got = READER.read(payload)
    assert isinstance(got, Incoming)
    return got


def test_a_slash_command_brings_typed_options() -> None:
    options = [
        {"name": "what", "type": 3, "value": "WPRC-\u202e006"},
        {"name": "at", "type": 3, "value": "<t:1930590000:F>"},
        {"name": "count", "type": 4, "value": 3},
        {"name": "where", "type": 7, "value": "71"},
        {"name": "file", "type": 11, "value": "91"},
    ]
    attachment = {"id": "91", "filename": "a.txt", "size": 5, "url": "https://cdn.x/a.txt"}
    channel = {"id": "71", "type": 11, "parent_id": "70", "name": "thread"}
    resolved = {"attachments": {"91": attachment}, "channels": {"71": channel}}
    data = {"id": "3", "name": "paper", "type": 1, "options": options, "resolved": resolved}
    got = _read(interaction(2, data))
    call = got.invocation
    assert (call.id, call.command, call.origin) == ("900", "paper", Origin.TYPED)
    assert call.arguments == {
        "what": "WPRC-006",
        "at": datetime(2031, 3, 6, 19, 0, tzinfo=UTC),
        "count": 3,
        "where": PlaceRef("discord", "70", "71", server_id="77"),
    }
    assert got.downloads == (Download("file", "a.txt", "https://cdn.x/a.txt", 5),)
    assert call.actor == Actor("discord", "5", "Ana", "en-GB", False, ("8",))
    assert call.place == PlaceRef("discord", "70", server_id="77")


@pytest.mark.parametrize(("permissions", "may"), [("32", True), ("8", True), ("2048", False)])
def test_who_may_manage_the_server_is_what_discord_says(permissions: str, may: bool) -> None:
    member = {"user": USER, "nick": None, "permissions": permissions}
    payload = interaction(2, {"name": "paper", "type": 1}, member=member)
    assert _read(payload).invocation.actor.is_manager is may
    assert _read(payload).invocation.actor.name == "Ana B"


def test_a_direct_conversation_is_private_and_manages_nothing() -> None:
    payload = interaction(
        2, {"name": "paper", "type": 1}, user=USER, channel={"id": "6", "type": 1}
    )
    del payload["member"], payload["guild_id"]
    call = _read(payload).invocation
    assert call.place == PlaceRef("discord", "6", is_private=True)
    assert not call.actor.is_manager


@pytest.mark.parametrize(
    ("custom_id", "values", "page", "is_share"),
    [
        ("paper_WPRC-006_lite", ("WPRC-006", "lite"), 1, False),
        ("paper_WPRC-006.2", ("WPRC-006",), 1, False),
        ("share.paper_WPRC-006_-2-1", ("WPRC-006",), 2, True),
    ],
)
def test_a_button_is_its_code(
    custom_id: str, values: tuple[str, ...], page: int, is_share: bool
) -> None:
    message = {"id": "60", "flags": 64, "embeds": [{"title": "x"}]}
    data = {"custom_id": custom_id, "component_type": 2}
    got = _read(interaction(3, data, message=message))
    assert (got.invocation.command, got.invocation.values) == ("paper", values)
    assert got.invocation.page == page
    assert got.is_share is is_share
    assert got.invocation.message == MessageRef(got.invocation.place, "60")
    assert (got.is_on_private, got.has_card) == (True, True)


def test_what_is_picked_in_a_menu_is_the_last_value() -> None:
    data = {"custom_id": "paper_a", "component_type": 3, "values": ["b"]}
    got = _read(interaction(3, data, message={"id": "60"}))
    assert got.invocation.values == ("a", "b")


def test_a_form_brings_answers_by_the_names_of_its_fields() -> None:
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": "title", "value": "One\r\ntwo"}},
        {"type": 18, "component": {"type": 3, "custom_id": "kind", "values": ["b"]}},
        {"type": 18, "component": {"type": 4, "custom_id": "empty", "value": ""}},
        {"type": 1, "components": [{"type": 4, "custom_id": "old", "value": "way"}]},
    ]
    got = _read(interaction(5, {"custom_id": "form.paper_x", "components": components}))
    assert got.invocation.origin is Origin.FORM
    assert got.invocation.values == ("x",)
    assert got.invocation.arguments == {"title": "One\ntwo", "kind": "b", "old": "way"}


def test_a_completion_knows_what_is_typed_and_what_is_given() -> None:
    options = [
        {"name": "what", "type": 3, "value": "cry", "focused": True},
        {"name": "part", "type": 3, "value": "lite"},
    ]
    got = READER.read(interaction(4, {"name": "paper", "type": 1, "options": options}))
    assert isinstance(got, Completion)
    assert (got.parameter, got.typed) == ("what", "cry")
    assert got.invocation.arguments == {"part": "lite"}


def test_a_menu_entry_is_the_command_of_that_label() -> None:
    resolved = {"messages": {"60": {"id": "60", "content": "See \u2066six"}}}
    data = {"name": "Read this", "type": 3, "target_id": "60", "resolved": resolved}
    call = _read(interaction(2, data)).invocation
    assert (call.command, call.origin, call.message_text) == ("paper", Origin.MENU, "See six")


@pytest.mark.parametrize("custom_id", ["", "paper_!", "_", "x" * 99, "PAPER", "form.", "share."])
def test_a_code_that_nobody_made_is_nothing(custom_id: str) -> None:
    data = {"custom_id": custom_id, "component_type": 2}
    assert READER.read(interaction(3, data, message={"id": "60"})) is None


@given(st.text(max_size=110))
def test_no_code_can_hurt(custom_id: str) -> None:
    data = {"custom_id": custom_id, "component_type": 2}
    got = READER.read(interaction(3, data, message={"id": "60"}))
    assert got is None or isinstance(got, Incoming)
