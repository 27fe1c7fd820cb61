"""What Telegram sends, read: each thing that a person can do, and whatever else may come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.incoming import Bot, Call, Query, Reader, lane_of
from bot.chat.invocation import Event, Origin, PlaceRef
from bot.core.table import TABLE

READER = Reader.of(TABLE, Bot(42, "paper_bot"))
ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "last_name": "Lux", "language_code": "pt"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ana"}
GROUP = {"id": -100, "type": "supergroup", "title": "Readers"}
OWN = {"id": 42, "is_bot": True, "first_name": "Bot"}


def said(text: str, chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    message = {"message_id": 5, "date": 1, "chat": chat, "from": ANA, "text": text, **more}
    return {"update_id": 9, "message": message}


def pressed(data: str, **more: Any) -> dict[str, Any]:
    query = {"id": "77", "from": ANA, "chat_instance": "1", "data": data}
    query["message"] = {"message_id": 6, "date": 1, "chat": GROUP, "from": OWN, **more}
    return {"update_id": 9, "callback_query": query}


def call(update: dict[str, Any]) -> Call:
    got = READER.read(update)
    assert isinstance(got, Call)
    return got


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/paper 6", "paper", "6"),
        ("/PAPER@Paper_Bot  AI X ", "paper", "AI X"),
        ("/paper\n6 lite", "paper", "6 lite"),
        ("/place_moved", "place-moved", ""),
        ("/", "", ""),
    ],
)
def test_a_command_is_its_name_and_the_rest(text: str, command: str, rest: str) -> None:
    got = call(said(text))
    assert (got.invocation.command, got.invocation.rest) == (command, rest)
    assert got.invocation.origin is Origin.TEXT
    assert got.invocation.actor.name == "Ana Lux"
    assert got.invocation.update is not None
    assert got.invocation.update.source == "telegram:42"


def test_in_a_group_what_is_for_others_is_nothing() -> None:
    assert READER.read(said("/paper@other_bot 6", GROUP)) is None
    assert READER.read(said("/roll", GROUP)) is None
    assert call(said("/roll@paper_bot", GROUP)).invocation.command == "roll"
    assert not call(said("good morning", GROUP)).is_meant
    assert call(said("hello @paper_bot", GROUP)).is_meant
    mine = {"message_id": 3, "date": 1, "chat": GROUP, "from": OWN, "text": "x"}
    assert call(said("yes", GROUP, reply_to_message=mine)).is_meant


def test_a_topic_is_a_place_of_its_own_and_its_first_message_is_no_reply() -> None:
    opened = {"message_id": 8, "date": 1, "chat": GROUP, "forum_topic_created": {"name": "N"}}
    topic = {"message_thread_id": 8, "is_topic_message": True, "reply_to_message": opened}
    got = call(said("/paper 6", GROUP, **topic))
    assert got.invocation.place == PlaceRef("telegram", "-100", thread_id="8")
    assert (got.replied_to, got.invocation.message) == (None, None)
    # A reply in a group without topics has a thread id as well.
    assert call(said("/paper 6", GROUP, message_thread_id=8)).invocation.place.thread_id is None


def test_a_button_is_its_code_and_a_link_too() -> None:
    got = call(pressed("paper_WPRC-006_lite_-2-1"))
    assert (got.command, got.invocation.values) == ("paper", ("WPRC-006", "lite"))
    assert (got.invocation.page, got.invocation.revision) == (2, 1)
    assert call(pressed("paper_WPRC-006.")).is_elsewhere
    assert call(pressed("..")).is_stale
    link = call(said("/start paper_WPRC-006"))
    assert (link.command, link.invocation.origin) == ("paper", Origin.LINK)
    assert call(said("/start at-abc")).link == "abc"
    assert call(said("/start not!a!code")).command == "start"
    assert call(said("/start here_opinions")).command == "here"


def test_what_bots_say_and_what_comes_through_them_is_nothing() -> None:
    assert READER.read(said("/paper 6", **{"from": OWN})) is None
    assert READER.read(said("/paper 6", via_bot=OWN)) is None
    assert READER.read({"update_id": 1, "channel_post": said("/paper 6")["message"]}) is None


@pytest.mark.parametrize(
    ("chat", "status", "event"),
    [
        (PRIVATE, "kicked", Event.BOT_BLOCKED),
        (PRIVATE, "member", Event.BOT_UNBLOCKED),
        (GROUP, "left", Event.BOT_REMOVED),
        (GROUP, "administrator", Event.BOT_ADDED),
    ],
)
def test_what_becomes_of_the_bot_itself_is_an_event(
    chat: dict[str, Any], status: str, event: Event
) -> None:
    change = {"chat": chat, "from": ANA, "date": 1, "new_chat_member": {"status": status}}
    got = call({"update_id": 9, "my_chat_member": change})
    assert (got.command, got.invocation.origin) == (event, Origin.EVENT)


def test_a_group_that_moves_is_told_from_both_sides() -> None:
    basic = {"id": -5, "type": "group", "title": "Readers"}
    there = call(said("", basic, migrate_to_chat_id=-100)).invocation
    here = call(said("", GROUP, migrate_from_chat_id=-5)).invocation
    for one in (there, here):
        assert one.command == Event.PLACE_MOVED
        assert one.place.chat_id == "-5"
        assert one.arguments["to"] == PlaceRef("telegram", "-100")


def test_an_inline_query_is_a_query() -> None:
    query = {"id": "5", "from": ANA, "query": "z\u202ek", "offset": ""}
    got = READER.read({"update_id": 9, "inline_query": query})
    assert isinstance(got, Query)
    assert got.text == "zk"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KNOWN = [
    said("/paper 6", GROUP, reply_to_message={"message_id": 3, "text": "x", "from": OWN}),
    said("/start paper_WPRC-006"),
    {
        "update_id": 1,
        "edited_message": said(
            "Well said",
            GROUP | {"id": -1001234567890, "username": "readers"},
            message_thread_id=8,
            is_topic_message=True,
            reply_to_message={"message_id": 3, "text": "x", "from": ANA, "chat": GROUP},
        )["message"],
    },
    said("", GROUP, migrate_to_chat_id=-100, document={"file_id": "f", "file_size": 3}),
    pressed("paper_WPRC-006"),
    {"update_id": 1, "inline_query": {"id": "5", "from": ANA, "query": "x", "offset": ""}},
    {
        "update_id": 1,
        "my_chat_member": {"chat": GROUP, "from": ANA, "new_chat_member": {"status": "left"}},
    },
]


def spots(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += spots(inner, (*path, key))
    return found


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_an_update_of_any_shape_is_read_or_left_alone(data: st.DataObject) -> None:
    update = json.loads(json.dumps(data.draw(st.sampled_from(KNOWN))))
    *path, last = data.draw(st.sampled_from(spots(update)))
    holder = update
    for key in path:
        holder = holder[key]
    if data.draw(st.booleans()):
        del holder[last]
    else:
        holder[last] = data.draw(JSON)
    READER.read(update)
    hash(lane_of(update))
