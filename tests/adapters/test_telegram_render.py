"""A reply on Telegram: whatever it holds, Telegram takes it, and nothing of a text acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram import limits
from bot.adapters.telegram.incoming import ELSEWHERE
from bot.adapters.telegram.keyboards import Keyboard
from bot.adapters.telegram.markup import html
from bot.adapters.telegram.render import alert, file_name, inline_result, render
from bot.chat.actions import decode
from bot.chat.reply import Action, Block, Card, Field, File, Reply, say
from bot.chat.text import (
    Bold,
    Code,
    Italic,
    Link,
    Mention,
    Quote,
    Span,
    Text,
    When,
    WhenStyle,
    clean,
)
from tests.telegram.entities import read_text

WORDS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.sampled_from(
        ["<b>", "</b>", "&lt;", "&amp", "<a href='x'>", '"', "\u202e", "👩‍👩‍👧", "a\nb", ""]
    ),
)
SIMPLE = st.one_of(
    WORDS,
    st.builds(Bold, WORDS),
    st.builds(Italic, WORDS),
    st.builds(Code, WORDS),
    st.builds(Link, WORDS, WORDS.map(lambda tail: f"https://example.org/{tail}")),
    st.builds(Mention, st.sampled_from(["77", "x", ""]), WORDS, st.booleans()),
    st.builds(
        When,
        st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        st.sampled_from(WhenStyle),
    ),
)
TEXT = st.lists(
    st.one_of(SIMPLE, st.lists(SIMPLE, max_size=3).map(tuple).map(Quote)), max_size=5
).map(tuple)
ACTIONS = st.lists(
    st.builds(Action, WORDS, st.just("paper"), st.tuples(st.sampled_from(["WPRC-006", ""]))),
    max_size=8,
).map(tuple)
BLOCKS = st.lists(st.builds(Block, TEXT, ACTIONS), max_size=6).map(tuple)
CARDS = st.builds(
    Card, WORDS, st.lists(st.builds(Field, WORDS, TEXT), max_size=4).map(tuple), BLOCKS, TEXT
)


def taken(html: str) -> str:
    """What Telegram shows of it; raises what Telegram would complain about."""
    found = read_text(html, "HTML", None)
    assert 1 <= found.size <= limits.TEXT
    assert found.flaws == [] or "more than 100 entities" in found.flaws[0]
    return found.text


def codes(keyboard: Keyboard) -> list[str]:
    return [button["callback_data"] for row in keyboard for button in row]


@settings(max_examples=200, deadline=None)
@given(
    text=TEXT,
    card=st.none() | CARDS,
    actions=ACTIONS,
    has_again=st.booleans(),
    page=st.integers(1, 4),
)
def test_whatever_a_reply_holds_telegram_takes_it(
    text: Text, card: Card | None, actions: tuple[Action, ...], has_again: bool, page: int
) -> None:
    again = Action("Again", "paper", ("WPRC-006",)) if has_again else None
    reply = Reply(text=text, card=card, actions=actions, again=again, page=page)
    rendered = render(reply, zone="Europe/Lisbon", mark=ELSEWHERE)
    assert rendered.messages
    for message in rendered.messages:
        assert message.text.strip()
        # What is nothing but spaces and signs that are not shown is nobody's reply.
        if any(char.isalnum() for char in message.text):
            taken(message.text)
        for code in codes(message.keyboard):
            assert 1 <= len(code.encode()) <= limits.CALLBACK_DATA
            assert decode(code.removesuffix(ELSEWHERE)) is not None
        assert sum(map(len, message.keyboard)) <= limits.BUTTONS
        assert all(button["text"].strip() for row in message.keyboard for button in row)


@settings(max_examples=30, deadline=None)
@given(
    said=st.lists(st.text(st.sampled_from("ab<&👩é \n"), min_size=200, max_size=900), max_size=25)
)
def test_the_pages_of_a_card_hold_all_of_it(said: list[str]) -> None:
    card = Card("Title", body=tuple(Block((one,)) for one in said))
    again = Action("Again", "paper", ("WPRC-006", "lite"))
    first = render(Reply(card=card, again=again)).messages[0]
    count = 1
    for row in first.keyboard:
        for button in row:
            if "Next" in button["text"]:
                count = int(button["text"].partition(" of ")[2].rstrip(")"))
    pages = [
        taken(render(Reply(card=card, again=again, page=page)).messages[0].text)
        for page in range(1, count + 1)
    ]
    read = "".join("".join(pages).split()).replace("Title", "")
    assert read == "".join("".join(map(clean, said)).split())


def test_a_text_that_cannot_be_turned_goes_on_in_further_messages() -> None:
    long = " ".join(f"Sentence {number} says a little." for number in range(400))
    rendered = render(say(long))
    assert len(rendered.messages) > 2
    shown = " ".join(taken(message.text) for message in rendered.messages)
    assert "Sentence 399 says a little." in shown


@pytest.mark.parametrize(
    ("style", "told", "form"),
    [
        (WhenStyle.DATE_TIME, "Thu 6 Mar 2031, 20:00 CET", "wDt"),
        (WhenStyle.DATE, "Thu 6 Mar 2031", "wD"),
        (WhenStyle.TIME, "20:00 CET", "t"),
    ],
)
def test_an_instant_is_a_time_of_telegrams_and_told_in_the_readers_zone(
    style: WhenStyle, told: str, form: str
) -> None:
    at = datetime(2031, 3, 6, 19, tzinfo=UTC)
    message = render(Reply(text=(When(at, style),)), zone="Europe/Berlin").messages[0]
    found = read_text(message.text, "HTML", None)
    assert found.text == told
    (entity,) = found.entities
    assert (entity["type"], entity["unix_time"]) == ("date_time", int(at.timestamp()))
    assert entity["date_time_format"] == form


def test_only_a_mention_mentions() -> None:
    text: Text = (
        "@ana <a href='tg://user?id=7'>x</a> ",
        Mention("7", "Ana"),
        Mention("8", "B", True),
    )
    found = read_text(render(Reply(text=text)).messages[0].text, "HTML", None)
    mentions = [one for one in found.entities if one["type"] == "text_mention"]
    assert [one["user"]["id"] for one in mentions] == [7]


def test_an_alert_is_a_few_words_and_nothing_else() -> None:
    assert alert(say("Saved.")) == "Saved."
    assert alert(say("x" * 201)) is None
    assert alert(say("")) is None
    assert alert(replace(say("Saved."), actions=(Action("A", "papers"),))) is None
    assert alert(replace(say("Saved."), card=Card("C"))) is None


def test_a_files_name_is_no_path() -> None:
    assert file_name(File("../../etc/passwd\n", b"")) == "passwd"
    assert file_name(File("", b"")) == "file"


def test_an_inline_result_is_the_card_with_its_buttons() -> None:
    reply = Reply(card=Card("T", body=(Block(("Words",)),)), actions=(Action("A", "papers"),))
    made = inline_result("WPRC-001", "T\nx", "Words", render(reply).messages[0])
    assert (made["id"], made["title"], made["type"]) == ("WPRC-001", "T x", "article")
    assert "reply_markup" in made


@pytest.mark.parametrize("span", [Bold("\x1b"), Code("\u202e"), Quote(("\x1b",))])
def test_what_has_nothing_to_show_is_no_empty_mark(span: Span) -> None:
    assert html((span,)) == ""
    assert render(Reply(text=(span,))).messages[0].text == "Done."
