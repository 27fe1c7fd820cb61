"""A kept reply is the same reply when it is read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.codec import decode_reply, encode_reply
from bot.chat.invocation import PlaceRef
from bot.chat.reply import (
    Action,
    Ask,
    AskField,
    Audience,
    Block,
    Card,
    Choice,
    Field,
    FieldKind,
    File,
    Reach,
    Reaction,
    Reply,
    Style,
    Subject,
)
from bot.chat.text import Bold, Code, Italic, Link, Mention, Quote, When, WhenStyle

words = st.text(max_size=20)
instants = st.datetimes(timezones=st.just(UTC))
simple = st.one_of(
    words,
    st.builds(Bold, words),
    st.builds(Italic, words),
    st.builds(Code, words),
    st.builds(Link, words, words.map(lambda tail: f"https://example.org/{tail}")),
    st.builds(Mention, words, words, st.booleans()),
    st.builds(When, instants, st.sampled_from(WhenStyle)),
)
texts = st.lists(st.one_of(simple, st.lists(simple, max_size=2).map(tuple).map(Quote)), max_size=4)
text = texts.map(tuple)
actions = st.builds(
    Action, words, words, st.lists(words, max_size=2).map(tuple), st.sampled_from(Style)
)
blocks = st.builds(Block, text, st.lists(actions, max_size=2).map(tuple), st.booleans())
cards = st.builds(
    Card,
    words,
    st.lists(st.builds(Field, words, text), max_size=2).map(tuple),
    st.lists(blocks, max_size=2).map(tuple),
    text,
)
fields = st.builds(
    AskField,
    words,
    words,
    st.sampled_from(FieldKind),
    st.booleans(),
    st.lists(st.builds(Choice, words, words), max_size=2).map(tuple),
    st.integers(1, 4000),
)
places = st.builds(PlaceRef, words, words, st.none() | words, st.booleans(), st.none() | words)
replies = st.builds(
    Reply,
    text=text,
    card=st.none() | cards,
    actions=st.lists(actions, max_size=2).map(tuple),
    ask=st.none() | st.builds(Ask, actions, words, st.lists(fields, max_size=2).map(tuple)),
    files=st.lists(st.builds(File, words, st.binary(max_size=20), words), max_size=2).map(tuple),
    reaction=st.none() | st.builds(Reaction, words),
    audience=st.builds(
        Audience, st.sampled_from(Reach), st.none() | st.integers(), st.none() | places
    ),
    again=st.none() | actions,
    page=st.integers(1, 9),
    revision=st.integers(0, 9),
    subject=st.none() | st.builds(Subject, words, words),
)


@given(replies)
def test_a_reply_comes_back_as_it_was(reply: Reply) -> None:
    assert decode_reply(encode_reply(reply)) == reply


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '"text"',
        '{"$": "Bold", "content": "no reply"}',
        '{"$": "Reply", "unheard": 1}',
        '{"$": "Popen", "args": "echo"}',
        "not json",
    ],
)
def test_a_text_that_is_no_reply_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode_reply(text)


def test_what_is_at_its_default_takes_no_room() -> None:
    kept = encode_reply(Reply(text=("Saved.",)))

    assert json.loads(kept) == {"$": "Reply", "text": ["Saved."]}


def test_an_instant_keeps_its_zone() -> None:
    at = datetime(2031, 3, 6, 19, tzinfo=UTC)

    (span,) = decode_reply(encode_reply(Reply(text=(When(at),)))).text

    assert isinstance(span, When)
    assert span.at.utcoffset() is not None
