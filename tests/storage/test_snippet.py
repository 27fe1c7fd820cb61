"""Folding words, reading what is looked for, and cutting the part of a text where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.folding import fold, fold_words
from storage.search_query import SearchQuery, SearchTerm
from storage.snippet import make_snippet

LONG = "one two three four five six seven eight nine ten " * 20
TEXT = f"{LONG}The veracity bond is a stake on truth. {LONG}"


def shown(text: str, words: str, width: int = 60) -> tuple[str, list[str]]:
    snippet = make_snippet(text, SearchQuery.parse(words), width)
    return snippet.text, [snippet.text[a:b] for a, b in snippet.matches]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Résumé", "resume"),
        ("STRASSE Straße", "strasse strasse"),
        ("ﬁnal ＡＩ ①", "final ai 1"),
        ("İstanbul ŉ", "istanbul ʼn"),
        ("Việt Nam", "viet nam"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_are_found_again_in_themselves(text: str) -> None:
    words = fold_words(text)
    assert fold_words(" ".join(words)) == words
    assert all(word and " " not in word and "_" not in word and '"' not in word for word in words)


@given(st.text())
def test_composed_and_decomposed_are_the_same_words(text: str) -> None:
    import unicodedata

    assert fold_words(unicodedata.normalize("NFD", text)) == fold_words(text)


def test_what_is_typed_becomes_terms() -> None:
    query = SearchQuery.parse('Deep-Fake "veracity  bond" crypt* crypt* * a* “x” "open')
    assert query.terms == (
        SearchTerm(("deep", "fake")),
        SearchTerm(("veracity", "bond")),
        SearchTerm(("crypt",), is_prefix=True),
        SearchTerm(("a",)),
        SearchTerm(("x",)),
        SearchTerm(("open",)),
    )


def test_a_short_text_is_shown_whole() -> None:
    assert shown("A bond.", "bond") == ("A bond.", ["bond"])


def test_a_window_of_whole_words_holds_the_first_match() -> None:
    text, matches = shown(TEXT, "bond")
    assert text.startswith("…")
    assert text.endswith("…")
    assert "veracity bond is a stake" in text
    assert matches == ["bond"]
    assert len(text) <= 62
    assert all(word in TEXT.split() for word in text.strip("…").split())


def test_accents_beginnings_and_marks_of_words() -> None:
    assert shown("Das Résumé: re\u0301sume\u0301!", "resume")[1] == ["Résumé", "re\u0301sume\u0301"]
    assert shown("Cryptography and decrypting", "crypt*")[1] == ["Cryptography"]
    assert shown("这是人工智能白皮书", "智能")[1] != []


def test_the_end_fills_the_window() -> None:
    text, matches = shown(f"{LONG}last", "last")
    assert matches == ["last"]
    assert text.endswith("ten last")
    assert len(text) > 50


def test_nothing_matched_shows_the_beginning() -> None:
    text, matches = shown(TEXT, "unicorn")
    assert text.startswith("one two")
    assert matches == []


@given(st.text(max_size=400), st.text(max_size=20), st.integers(20, 200))
def test_any_text_and_words(text: str, words: str, width: int) -> None:
    snippet = make_snippet(text, SearchQuery.parse(words), width)
    assert len(snippet.text) <= width + 2
    assert snippet.text.strip("…") in " ".join(text.split())
    ends = [end for span in snippet.matches for end in span]
    assert ends == sorted(ends)
    assert all(0 <= end <= len(snippet.text) for end in ends)
