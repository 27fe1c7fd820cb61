"""Text of people: what could act is gone, everything else stays as typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.text import Bold, Link, Quote, clean, plain


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b\x1b[31mred", "ab[31mred"),
        ("pay \u202eecila", "pay ecila"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("a\tb", "a b"),
        ("👩\u200d🔬 é ж 漢", "👩\u200d🔬 é ж 漢"),
    ],
)
def test_control_characters_and_overrides_go(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "ftp://x", ""])
def test_only_web_addresses_are_links(url: str) -> None:
    with pytest.raises(ValueError):
        Link("here", url)


def test_plain_text_is_the_words_alone() -> None:
    assert plain(("a ", Bold("b"), Quote((" c",)))) == "a b c"
