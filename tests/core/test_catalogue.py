"""The snapshot answers like the papers themselves, however it came to be."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.invocation import Actor
from bot.core.catalogue import Catalogue, ClubInfo, PersonInfo
from storage.folding import fold
from storage.papers import ContributorRow, PaperHead

CLUB = ClubInfo(1, "WPRC", "The club", "UTC", 1)
TITLES = st.lists(st.sampled_from(["Bitcoin", "Attention", "of", "Proofs"]), min_size=1, max_size=4)
NAMES = st.lists(st.sampled_from(["Ana", "Zoë", "Bo"]), unique=True, max_size=2)


def head(
    number: int,
    title: str = "A paper",
    category: str | None = None,
    year: str | None = None,
    people: tuple[str, ...] = (),
) -> PaperHead:
    """A paper of which only this much is known."""
    return PaperHead(
        number,
        f"WPRC-{number:03d}",
        number,
        title,
        subtitle=None,
        abstract=None,
        category=category,
        chapter=None,
        date=year and f"{year}-06",
        summary="",
        outline=(),
        revision=1,
        version=1,
        opinions=0,
        contributors=tuple(ContributorRow(name) for name in people),
    )


HEADS = st.builds(
    head,
    st.integers(0, 400),
    TITLES.map(" ".join),
    st.sampled_from([None, "AI", "AI & Crypto", "Systems"]),
    st.sampled_from([None, "2023", "2024"]),
    NAMES.map(tuple),
)
ARCHIVES = st.lists(HEADS, max_size=15, unique_by=lambda one: one.number)


def catalogue(
    heads: list[PaperHead], people: Mapping[tuple[str, str], PersonInfo] | None = None
) -> Catalogue:
    return Catalogue.of(CLUB, heads, people or {})


THREE = catalogue([head(6, "AI X Crypto Primer"), head(1, "Bitcoin"), head(120, "Crypto 6")])


@pytest.mark.parametrize(
    "text",
    ["WPRC-006", "wprc-6", "wprc 6", "WPRC6", "wprc #6", "6", "#6", "# 006", " 006 ", "wprc - 006"],
)
def test_a_code_has_many_notations(text: str) -> None:
    found = THREE.by_code(text)
    assert found is not None
    assert found.number == 6
    assert THREE.resolve(text) == [found]


@pytest.mark.parametrize("text", ["WPRC-007", "ZKRC-006", "6 7", "-6", "", "1234567", "sixth"])
def test_other_texts_are_no_code_of_the_club(text: str) -> None:
    assert THREE.by_code(text) is None


def test_a_whole_title_means_one_paper_and_a_code_of_nobody_means_none() -> None:
    papers = catalogue([head(1, "Bitcoin"), head(2, "Bitcoin Cash"), head(3, "On Bitcoin")])
    assert [found.number for found in papers.resolve("bitcoin")] == [1]
    assert [found.number for found in papers.resolve("bitc")] == [1, 2, 3]
    assert papers.resolve("ZKRC-001") == []


@given(ARCHIVES, st.lists(ARCHIVES, max_size=3))
def test_a_patched_catalogue_equals_one_built_anew(
    heads: list[PaperHead], patches: list[list[PaperHead]]
) -> None:
    papers = {one.number: one for one in heads}
    patched = catalogue(heads)
    for patch in patches:
        assert patched.facets.values is not None  # Asked for, so they are patched as well.
        patched = patched.patched(CLUB, patch, {})
        papers |= {one.number: one for one in patch}
    anew = catalogue(list(papers.values()))
    assert list(patched.papers.items()) == list(anew.papers.items())
    assert patched.newest() == anew.newest()
    assert patched.facets.values == anew.facets.values
    assert patched.facets.categories == anew.facets.categories
    for text in ("bitcoin", "attention of", "p", "AI", "crypto", "zoe", "2024", "1", "wprc-1"):
        assert patched.facets.numbers(text) == anew.facets.numbers(text)
        assert patched.complete(text, 25) == anew.complete(text, 25)
        assert patched.near(text) == anew.near(text)


@given(ARCHIVES)
def test_facets_count_what_the_papers_say(heads: list[PaperHead]) -> None:
    facets = catalogue(heads).facets
    assert facets.categories == Counter(one.category for one in heads if one.category)
    for wanted in ("AI", "crypto", "Zoe", "ana", "2023"):
        expected = [
            one.number
            for one in sorted(heads, key=lambda one: one.number)
            if fold(wanted) in (one.date or "")[:4].split()
            or fold(wanted) in fold(one.category or "").replace("&", " ").split()
            or fold(wanted) in [fold(by.name) for by in one.contributors]
        ]
        assert facets.numbers(wanted) == expected


def test_the_facets_of_an_older_version_stay_as_they_were() -> None:
    before = catalogue([head(1, category="AI"), head(2, category="AI")])
    assert before.facets.numbers("ai") == [1, 2]
    after = before.patched(CLUB, [head(1, category="Systems"), head(3, category="AI")], {})
    assert after.facets.numbers("ai") == [2, 3]
    assert before.facets.numbers("ai") == [1, 2]
    assert before.facets.categories == {"AI": 2}


@given(ARCHIVES, st.integers(1, 999))
def test_digits_complete_to_the_numbers_that_begin_with_them(
    heads: list[PaperHead], digits: int
) -> None:
    known = catalogue(heads)
    expected = sorted(
        (number for number in known.papers if str(number).startswith(str(digits))),
        key=lambda number: (len(str(number)), number),
    )
    found = [one.number for one in known.complete(f"wprc-{digits:03d}", 25)]
    assert found == expected


def test_nothing_typed_completes_to_the_newest_papers() -> None:
    papers = catalogue([head(number) for number in range(1, 31)])
    assert [one.number for one in papers.complete("  ", 3)] == [30, 29, 28]
    assert [one.number for one in papers.complete("wp", 3)] == [30, 29, 28]
    assert [one.number for one in papers.complete("WPRC-", 3)] == [30, 29, 28]


def test_codes_come_before_titles_and_each_paper_once() -> None:
    assert [one.number for one in THREE.complete("6", 25)] == [6, 120]
    assert [one.number for one in THREE.complete("crypto", 25)] == [120, 6]
    assert THREE.complete("zkrc-6", 25) == []
    assert len(THREE.complete("", 2)) == 2


def test_an_empty_club_has_no_newest_paper() -> None:
    empty = catalogue([])
    assert empty.newest() is None
    assert empty.complete("", 25) == empty.complete("1", 25) == empty.resolve("x") == []
    assert empty.facets.numbers("AI") == []


def test_a_person_is_known_by_platform_and_account() -> None:
    ana = PersonInfo(1, "Ana", frozenset({"organiser"}))
    papers = catalogue([], {("discord", "7"): ana})
    assert papers.person(Actor("discord", "7", "ana")) is ana
    assert papers.person(Actor("telegram", "7", "ana")) is None
    assert ana.is_organiser


def test_nobody_changes_a_catalogue_that_others_read() -> None:
    """While one thread patches, the versions that others hold answer as before."""

    async def read(known: Catalogue) -> list[int]:
        return [one.number for one in await asyncio.to_thread(known.near, "bitcion", 5)]

    async def both() -> None:
        first = catalogue([head(1, "Bitcoin")])
        second = first.patched(CLUB, [head(1, "Zerocash"), head(2, "Bitcoin")], {})
        assert list(await asyncio.gather(read(first), read(second))) == [[1], [2]]

    asyncio.run(both())
