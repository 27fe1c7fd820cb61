"""Text made to be slow to read: time may grow with its size, and not faster."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings

from bot.archive.grammar import read_source, text_source
from bot.archive.page import write_page
from bot.archive.record import NotAPage
from tests.archive.pages import wild_pages
from tests.growth import grows_with_its_size

HEAD = "WPRC-1 | AI\n\nA Title\n\n"
IN_DEPTH = "In-depth Summary\n\n"
SIZE = 100_000


def much(text: str) -> str:
    return text * (SIZE // len(text))


@pytest.mark.parametrize(
    "text",
    [
        IN_DEPTH + "Topic [1-2] " + much("Label: "),
        IN_DEPTH + much("a:B"),
        IN_DEPTH + much(":"),
        IN_DEPTH + much("aB") + ": x",
        IN_DEPTH + much("1-2 "),
        IN_DEPTH + much("1-"),
        IN_DEPTH + much("("),
        IN_DEPTH + much("()"),
        IN_DEPTH + much("(") + much(")"),
        IN_DEPTH + much("Topic [1-2]\n"),
        "Opinions\n\n" + much("(i "),
        "Opinions\n\n" + much("(i) A "),
        "Opinions\n\n" + much("(i) A (ii) B "),
        "Summary\n\n" + much("**a "),
        "Summary\n\n" + much("a\n"),
        "Summary\n\n" + much("https://x("),
        "Summary\n\n" + much(" ") + "x",
        "Notes\n\n" + much("- a (Sid)\n"),
        "Notes\n\n" + much("(") + ")",
        "Community Opinions\n\n" + much("Topic\n\ntext here.\n\n"),
        much("a@"),
        much("x, "),
        much("28 June "),
        much("Contributors\n"),
        much("Title: x\n"),
        much("word " * 20 + "\n"),
    ],
    ids=lambda text: text[:30] + text[-10:],
)
def test_hostile_text_takes_no_longer_than_its_size_allows(text: str) -> None:
    def read(part: str) -> None:
        with contextlib.suppress(NotAPage):
            read_source(text_source(HEAD + part))

    assert grows_with_its_size(read, text)


@settings(max_examples=200, deadline=None)
@given(wild_pages())
def test_nothing_but_a_refusal_is_raised(text: str) -> None:
    with contextlib.suppress(NotAPage):
        write_page(read_source(text_source(text)).record)
