"""Long answers: nothing is lost between pages, no page is too long, no sentence is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.paging import Limits, paginate, split
from bot.chat.reply import Action, Block
from bot.chat.text import Bold, Text, plain

LIMITS = Limits(characters=200, actions=3)
words = st.sampled_from(["a", "no", "word", "Longer", "considerable"])
sentences = st.tuples(
    st.lists(words, min_size=1, max_size=9).map(" ".join), st.sampled_from(".!?")
).map("".join)
paragraphs = st.lists(sentences, min_size=1, max_size=12).map(" ".join)
blocks = st.lists(
    st.builds(
        lambda text, count: Block((text,), (Action("Open", "paper"),) * count),
        paragraphs,
        st.integers(0, 3),
    ),
    max_size=12,
)


def _words(text: str) -> list[str]:
    return text.split()


@given(blocks)
def test_pages_hold_everything_in_order(given_blocks: list[Block]) -> None:
    pages = paginate(given_blocks, LIMITS)
    shown = [word for page in pages for block in page for word in _words(plain(block.text))]
    assert shown == [word for block in given_blocks for word in _words(plain(block.text))]
    assert sum(len(block.actions) for page in pages for block in page) == sum(
        len(block.actions) for block in given_blocks
    )


@given(blocks)
def test_no_page_is_over_its_limits(given_blocks: list[Block]) -> None:
    for page in paginate(given_blocks, LIMITS):
        assert sum(len(plain(block.text)) + 1 for block in page) <= LIMITS.characters
        assert sum(len(block.actions) for block in page) <= LIMITS.actions


@given(blocks)
def test_pages_end_where_a_sentence_ends(given_blocks: list[Block]) -> None:
    for page in paginate(given_blocks, LIMITS):
        assert all(plain(block.text)[-1] in ".!?" for block in page)


@given(st.text(alphabet="ab𝔸é 🙂.\n", max_size=300), st.integers(4, 40))
def test_any_text_is_cut_within_the_limit_as_the_platform_counts(text: str, limit: int) -> None:
    def measure(part: str) -> int:
        return len(part.encode("utf-16-le")) // 2

    parts = split((text,), limit, measure)
    assert all(measure(plain(part)) <= limit for part in parts)
    assert _words(" ".join(plain(part) for part in parts)) or not text.strip()
    assert "".join("".join(plain(part) for part in parts).split()) == "".join(text.split())


def test_a_word_longer_than_a_page_is_cut_and_keeps_its_look() -> None:
    text: Text = (Bold("x" * 25),)
    assert split(text, 10) == [(Bold("x" * 10),), (Bold("x" * 10),), (Bold("x" * 5),)]


def test_an_answer_without_blocks_has_one_empty_page() -> None:
    assert paginate([], LIMITS) == [()]
