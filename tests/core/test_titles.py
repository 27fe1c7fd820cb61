"""Titles are found by what people type of them, against a plain model."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.titles import TitleIndex
from storage.folding import fold_words

# Few letters and short words, so that titles share words and beginnings.
WORDS = st.text(alphabet="abcé", min_size=1, max_size=4)
TITLES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
ARCHIVES = st.dictionaries(st.integers(1, 60), TITLES, max_size=25)
TYPED = st.lists(WORDS, max_size=3).map(" ".join)
ALL = 100

NAMED = {
    1: "Bitcoin: A Peer-to-Peer Electronic Cash System",
    2: "Attention Is All You Need",
    3: "Attention and Memory in Peer Review",
    4: "Électronique de puissance",
    5: "Crytpo and Attention",
}


def plain_find(titles: dict[int, str], text: str) -> list[int]:
    """What `find` says, in the slowest way: each title is looked at."""
    query = fold_words(text)
    if not query:
        return []
    *whole, last = query
    begun, others = [], []
    for number, title in titles.items():
        words = fold_words(title)
        if f"{' '.join(words)} ".startswith(" ".join(query)):
            begun.append((" ".join(words), -number))
        elif all(word in words for word in whole) and any(w.startswith(last) for w in words):
            completing = min(word for word in words if word.startswith(last))
            others.append(("" if whole else completing, -number))
    return [-number for _, number in sorted(begun)] + [-number for _, number in sorted(others)]


def plain_distance(one: str, other: str) -> int:
    """The optimal string alignment distance by its definition."""
    rows = [list(range(len(other) + 1))]
    for at, letter in enumerate(one, start=1):
        row = [at]
        for to, wanted in enumerate(other, start=1):
            cost = min(rows[-1][to] + 1, row[-1] + 1, rows[-1][to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, rows[-2][to - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


@given(ARCHIVES, TYPED)
def test_find_is_a_scan_of_all_titles(titles: dict[int, str], text: str) -> None:
    assert TitleIndex(titles).find(text, ALL) == plain_find(titles, text)


@given(ARCHIVES, TYPED, st.integers(1, 4))
def test_a_limit_cuts_the_same_list(titles: dict[int, str], text: str, limit: int) -> None:
    index = TitleIndex(titles)
    assert index.find(text, limit) == index.find(text, ALL)[:limit]


@given(ARCHIVES, st.lists(ARCHIVES, max_size=3), TYPED)
def test_a_patched_index_equals_one_built_anew(
    titles: dict[int, str], patches: list[dict[int, str]], text: str
) -> None:
    index = TitleIndex(titles)
    for patch in patches:
        before = index.find(text, ALL)
        patched = index.patched(patch)
        assert index.find(text, ALL) == before, "the old one stays as it was"
        index, titles = patched, titles | patch
    anew = TitleIndex(titles)
    assert index.find(text, ALL) == anew.find(text, ALL)
    assert index.find(text, 3) == anew.find(text, 3)
    assert index.near(text, ALL) == anew.near(text, ALL)


def test_many_patches_are_found_like_the_rest() -> None:
    titles = {number: f"Paper {number} of many" for number in range(1, 500)}
    index = TitleIndex({1: titles[1]})
    for number in range(2, 500):
        index = index.patched({number: titles[number]})
    assert index.find("paper", ALL) == TitleIndex(titles).find("paper", ALL)
    assert index.find("many 499", ALL) == [499]
    assert index.near("mny 499", ALL) == [499]


def edits(word: str) -> st.SearchStrategy[str]:
    """The word with one letter changed, left out, added or swapped with the next."""
    at = st.integers(0, len(word) - 1)
    letter = st.sampled_from(string.ascii_lowercase)
    return st.one_of(
        st.builds(lambda i, c: word[:i] + c + word[i + 1 :], at, letter),
        st.builds(lambda i: word[:i] + word[i + 1 :], at),
        st.builds(lambda i, c: word[:i] + c + word[i:], at, letter),
        st.builds(lambda i: word[:i] + word[i + 1 : i + 2] + word[i : i + 1] + word[i + 2 :], at),
    )


@given(st.data())
def test_a_title_with_one_error_in_one_word_is_near(data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(sorted(NAMED)))
    words = fold_words(NAMED[number])
    at = data.draw(st.sampled_from([i for i, word in enumerate(words) if len(word) > 3]))
    words[at] = data.draw(edits(words[at]))
    assert TitleIndex(NAMED).near(" ".join(words), 5)[0] == number


LONG_WORDS = st.text(alphabet="abc", min_size=3, max_size=8)


@given(st.dictionaries(st.integers(1, 60), LONG_WORDS, max_size=15), LONG_WORDS)
def test_near_is_nearest_first_and_within_the_allowed_edits(
    titles: dict[int, str], word: str
) -> None:
    allowed = 1 if len(word) < 6 else 2
    distances = {number: plain_distance(word, title) for number, title in titles.items()}
    expected = sorted((d, -number) for number, d in distances.items() if d <= allowed)
    if word in titles.values():
        expected = [(d, number) for d, number in expected if d == 0]
    found = TitleIndex(titles).near(word, ALL)
    if expected:
        assert found == [-number for _, number in expected]
    else:
        # A word that is still being typed: the beginnings of longer ones are near.
        assert all(plain_distance(word, titles[n][: len(word)]) <= allowed for n in found)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("bitcion", 1),
        ("peer electornic", 1),
        ("atention is all", 2),
        ("electroniqe", 4),
        ("crypto and attention", 5),
        ("memry revew", 3),
        ("attention memro", 3),
        ("attentoin ned", 2),
    ],
)
def test_what_people_mistype_is_understood(typed: str, number: int) -> None:
    index = TitleIndex(NAMED)
    assert index.near(typed, 3)[:1] == [number]
    assert TitleIndex({}).patched(NAMED).near(typed, 3)[:1] == [number]


def test_a_misspelt_word_is_found_beside_one_that_every_title_has() -> None:
    titles = {number: f"The paper of number {number}" for number in range(1, 3_000)}
    titles[7] = "The paper of attention"
    assert TitleIndex(titles).near("the paper of atention", 5) == [7]


def test_an_unusual_word_is_found_beside_one_that_every_title_has() -> None:
    titles = {number: f"Notes on the number {number}" for number in range(1, 3_000)}
    titles[7] = "Notes on the lambda calculus"
    assert TitleIndex(titles).find("the lamb", 5) == [7]


def test_a_word_of_a_title_that_was_changed_means_nothing_any_more() -> None:
    index = TitleIndex({1: "Bitcoin", 2: "Ethereum"}).patched({1: "Zerocash"})
    assert index.find("bitcoin", ALL) == []
    assert index.near("bitcoin", ALL) == []
    assert index.near("bitcion", ALL) == []
    assert index.near("zerocahs", ALL) == [1]


@pytest.mark.parametrize("text", ["", "   ", "?!", "“”"])
def test_no_word_finds_nothing(text: str) -> None:
    assert TitleIndex(NAMED).find(text, ALL) == []
    assert TitleIndex(NAMED).near(text, ALL) == []
