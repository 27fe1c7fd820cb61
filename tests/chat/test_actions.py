"""A button's code: it fits every platform, reads back as it was, and may be anybody's invention."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.actions import MAX_CODE, Pressed, base36, decode, encode, encode_page
from bot.chat.reply import Action

names = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
slugs = st.from_regex(r"([A-Za-z0-9][A-Za-z0-9-]{0,11})?", fullmatch=True)
actions = st.builds(
    Action, label=st.text(), command=names, values=st.lists(slugs, max_size=4).map(tuple)
)


@given(actions)
def test_a_code_reads_back_as_the_same_call(action: Action) -> None:
    code = encode(action)
    if code is None:
        return
    pressed = decode(code)
    assert pressed is not None
    assert pressed.command == action.command
    wanted = list(action.values)
    while wanted and not wanted[-1]:
        wanted.pop()
    assert list(pressed.values) == wanted


@given(actions, st.integers(1, 46_655), st.integers(0, 60_466_175))
def test_a_page_button_fits_deep_links_and_callback_data(
    action: Action, page: int, revision: int
) -> None:
    if encode(action) is None:
        return
    code = encode_page(action, page, revision)
    assert len(code) <= MAX_CODE
    assert re.fullmatch(r"[A-Za-z0-9_-]+", code)
    pressed = decode(code)
    assert pressed is not None
    assert (pressed.page, pressed.revision) == (page, revision)
    assert pressed.command == action.command


@given(st.text(max_size=100))
def test_no_text_makes_decoding_fail(code: str) -> None:
    pressed = decode(code)
    assert pressed is None or isinstance(pressed, Pressed)


@pytest.mark.parametrize("value", ["two words", "-minus", "under_score", "é", "漢字", '"a b"*'])
def test_short_words_of_any_kind_fit(value: str) -> None:
    code = encode(Action("Search", "search", ("", value)))
    assert code is not None
    assert re.fullmatch(r"[A-Za-z0-9_-]+", code)
    pressed = decode(code)
    assert pressed is not None
    assert pressed.values == ("", value)


def test_what_does_not_fit_is_to_be_stored() -> None:
    assert encode(Action("Search", "search", ("x" * 60,))) is None
    assert encode(Action("Search", "search", ("many words " * 4,))) is None


@given(st.text(alphabet="ab2-_ é漢🙂", max_size=12), st.integers(1, 99))
def test_any_text_reads_back_on_any_page(text: str, page: int) -> None:
    action = Action("Search", "search", (text, "end"))
    if encode(action) is None:
        return
    pressed = decode(encode_page(action, page, 5))
    assert pressed is not None
    assert (pressed.values, pressed.page) == ((text, "end"), page)


@given(st.integers(0, 10**12))
def test_base36_is_what_int_reads(number: int) -> None:
    assert int(base36(number), 36) == number
