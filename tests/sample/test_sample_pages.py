"""The sample club's pages: what a newcomer reads first must read well and be right."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from bot.archive import read_page
from bot.archive.record import Contact, Item, PageDate, PaperRecord, ParsedPage, SectionKind

SEED = Path(__file__).parents[3] / "shared" / "data" / "seed" / "WPRC-006.txt"

PAPER_PAGES = {
    "WPRC-001": (1, 9),
    "WPRC-002": (1, 36),
    "WPRC-003": (1, 15),
    "WPRC-004": (1, 10),
    "WPRC-005": (1, 14),
    "WPRC-006": (1, 71),
    "WPRC-007": (1, 34),
    "WPRC-008": (644, 654),
    "WPRC-009": (1, 16),
    "WPRC-010": (1, 18),
}
"""First and last page of each paper, as the club's page counts them."""

AUTHORS = {
    "WPRC-001": ("Satoshi Nakamoto",),
    "WPRC-002": ("Vitalik Buterin",),
    "WPRC-003": (
        "Ashish Vaswani",
        "Noam Shazeer",
        "Niki Parmar",
        "Jakob Uszkoreit",
        "Llion Jones",
        "Aidan N. Gomez",
        "Łukasz Kaiser",
        "Illia Polosukhin",
    ),
    "WPRC-004": ("Hayden Adams", "Noah Zinsmeister", "Dan Robinson"),
    "WPRC-005": ("Miguel Castro", "Barbara Liskov"),
    "WPRC-006": ("Mohamed Baioumy", "Alex Cheema"),
    "WPRC-007": (
        "Yuntao Bai",
        "Saurav Kadavath",
        "Sandipan Kundu",
        "Amanda Askell",
        "Jared Kaplan",
    ),
    "WPRC-008": ("Whitfield Diffie", "Martin Hellman"),
    "WPRC-009": (
        "Giuseppe DeCandia",
        "Avinash Lakshman",
        "Swaminathan Sivasubramanian",
        "Werner Vogels",
    ),
    "WPRC-010": ("Diego Ongaro", "John Ousterhout"),
}

RANGES = {
    "WPRC-001": [(1, 2), (2, 3), (3, 4), (4, 5), (6, 6), (6, 8), (8, 9)],
    "WPRC-002": [(4, 12), (13, 18), (19, 24), (25, 34)],
    "WPRC-003": [(1, 2), (2, 6), (6, 7), (7, 8), (8, 10), (13, 15)],
    "WPRC-004": [(1, 2), (2, 4), (4, 5), (5, 6), (6, 9)],
    "WPRC-005": [(1, 3), (3, 5), (5, 7), (7, 8), (8, 12), (12, 13)],
    "WPRC-007": [(1, 6), (6, 7), (7, 10), (10, 14), (15, 16), (20, 34)],
    "WPRC-008": [
        (644, 645),
        (645, 647),
        (647, 649),
        (649, 650),
        (650, 652),
        (652, 653),
        (653, 654),
    ],
    "WPRC-009": [(1, 4), (5, 6), (6, 9), (9, 10), (10, 14)],
    "WPRC-010": [(1, 2), (2, 4), (4, 8), (8, 10), (10, 13), (13, 16)],
}

each_page = pytest.mark.parametrize("code", PAPER_PAGES)


def text_of(code: str) -> str:
    return files("bot.sample").joinpath(f"{code}.txt").read_text(encoding="utf-8")


def read(code: str) -> ParsedPage:
    return read_page(text_of(code).encode(), f"{code}.txt")


def items(record: PaperRecord, kind: SectionKind) -> list[Item]:
    return [item for section in record.sections if section.kind is kind for item in section.items]


def ranges(record: PaperRecord) -> list[tuple[int | None, int | None]]:
    return [(item.page_start, item.page_end) for item in items(record, SectionKind.IN_DEPTH)]


def test_no_page_is_left_out_of_these_tests() -> None:
    names = {entry.name for entry in files("bot.sample").iterdir() if entry.name.endswith(".txt")}
    assert names == {f"{code}.txt" for code in PAPER_PAGES}


@each_page
def test_a_page_reads_without_a_warning(code: str) -> None:
    parsed = read(code)
    assert str(parsed.record.code) == code
    if code == "WPRC-006":
        # Its second title is misspelt on purpose: a search for the right word must find it.
        (warning,) = parsed.warnings
        assert text_of(code).splitlines()[warning.line - 1].startswith("AI X Crytpo Primer")
    else:
        assert parsed.warnings == ()


@each_page
def test_a_page_has_every_kind_of_section(code: str) -> None:
    kinds = Counter(section.kind for section in read(code).record.sections)
    assert set(kinds) == set(SectionKind) - {SectionKind.OTHER}
    assert {kind for kind, count in kinds.items() if count > 1} <= {SectionKind.IN_DEPTH}


@each_page
def test_the_head_of_a_page_is_complete(code: str) -> None:
    record = read(code).record
    assert record.title
    assert record.subtitle
    assert record.abstract
    assert record.category in {"AI", "Crypto", "Systems"}
    assert record.chapter in {"BER", "LDN", "SG"}
    assert record.date is not None
    assert record.date.day is not None
    assert len(record.contributors) >= 3
    assert len(record.links) == 1
    (summary,) = (part for part in record.sections if part.kind is SectionKind.SUMMARY)
    assert 200 < len(summary.text) < 600
    assert summary.text != record.abstract


@each_page
def test_in_depth_items_stay_within_the_paper(code: str) -> None:
    first, last = PAPER_PAGES[code]
    for item in items(read(code).record, SectionKind.IN_DEPTH):
        assert item.topic
        assert item.page_start is not None
        assert item.page_end is not None
        assert first <= item.page_start <= item.page_end <= last
        # Running prose with a colon in it must not have been cut into points, nor points lost.
        assert item.points or item.text
        for point in item.points:
            assert point.label is None or len(point.label.split()) <= 6


@each_page
def test_a_heading_is_told_from_what_follows_it(code: str) -> None:
    in_depth = [part for part in read(code).record.sections if part.kind is SectionKind.IN_DEPTH]
    assert all(part.heading.endswith("from Paper:") for part in in_depth)
    # Only the page on attention has nothing to say before its first item.
    assert bool(in_depth[0].text) == (code != "WPRC-003")


@pytest.mark.parametrize("code", RANGES)
def test_page_ranges_are_those_of_the_page(code: str) -> None:
    assert ranges(read(code).record) == RANGES[code]


@each_page
def test_members_are_named_with_their_opinions(code: str) -> None:
    record = read(code).record
    (opinions,) = (part for part in record.sections if part.kind is SectionKind.OPINIONS)
    assert len(opinions.attributed_to) == 1
    assert len(opinions.items) >= 4
    assert all(item.number and item.label for item in opinions.items)
    community = items(record, SectionKind.COMMUNITY_OPINIONS)
    assert 3 <= len({item.topic for item in community}) <= 5
    assert sum(bool(item.attributed_to) for item in community) >= 3
    assert any(item.attributed_to for item in items(record, SectionKind.NOTES))
    assert [item.number for item in items(record, SectionKind.LITE_SUMMARY)] == [
        "(i)",
        "(ii)",
        "(iii)",
    ]


@pytest.mark.parametrize("code", AUTHORS)
def test_the_papers_authors_are_read(code: str) -> None:
    assert read(code).record.paper_authors == AUTHORS[code]


def test_the_club_spans_fields_years_and_chapters() -> None:
    records = [read(code).record for code in PAPER_PAGES]
    categories = Counter(record.category for record in records)
    assert categories == {"AI": 3, "Crypto": 4, "Systems": 3}
    assert {record.date.year for record in records if record.date} == {2023, 2024, 2025}
    assert {record.chapter for record in records} == {"BER", "LDN", "SG"}


def test_the_primer_has_the_structure_of_a_full_page() -> None:
    record = read("WPRC-006").record
    assert record.date == PageDate(2024, 6, 28)
    part_one, part_two = (part for part in record.sections if part.kind is SectionKind.IN_DEPTH)
    assert [(item.page_start, item.page_end) for item in part_one.items] == [
        (6, 9),
        (10, 12),
        (13, 15),
        (16, 24),
        (25, 27),
        (28, 31),
        (32, 36),
        (37, 43),
        (44, 47),
    ]
    assert [(item.page_start, item.page_end) for item in part_two.items] == [(47, 56), (57, 71)]
    community = items(record, SectionKind.COMMUNITY_OPINIONS)
    assert len(community) == 8
    assert len({item.topic for item in community}) == 5
    assert [item.attributed_to for item in community if item.attributed_to] == [
        ("Goro",),
        ("Hana",),
        ("Fatou",),
        ("Zoë",),
        ("Dara",),
    ]


def test_forged_media_are_found_where_the_primer_speaks_of_them() -> None:
    by_range = {
        (item.page_start, item.page_end): item
        for item in items(read("WPRC-006").record, SectionKind.IN_DEPTH)
    }
    assert "deepfake" in str(by_range[16, 24]).lower()
    assert "deepfake" in str(by_range[25, 27]).lower()
    assert [point.label for point in by_range[25, 27].points] == [
        "Veracity bonds",
        "Reputation Systems",
    ]


def test_contacts_are_on_one_page_and_made_up() -> None:
    contacts = {
        (str(record.code), person.name): person.contacts
        for record in (read(code).record for code in PAPER_PAGES)
        for person in record.contributors
        if person.contacts
    }
    assert contacts == {
        ("WPRC-006", "Ana"): (
            Contact("email", "ana@example.org"),
            Contact("telegram", "ana_example"),
        )
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [("WPRC-001", "Chidi"), ("WPRC-005", "Zoë"), ("WPRC-006", "Dara"), ("WPRC-010", "Emil")],
)
def test_reviewers_keep_their_role(code: str, name: str) -> None:
    roles = {person.name: person.role for person in read(code).record.contributors}
    assert roles[name] == "reviewer"


@pytest.mark.skipif(not SEED.exists(), reason="the real page is not beside the checkout")
@each_page
def test_no_sentence_is_taken_from_the_real_page(code: str) -> None:
    real = runs_of_words(SEED.read_text(encoding="utf-8"))
    assert sorted(runs_of_words(text_of(code)) & real) == []


def runs_of_words(text: str, length: int = 8) -> set[tuple[str, ...]]:
    """Every run of that many words within one sentence; marks and case do not count."""
    runs = set()
    for sentence in re.split(r"[.:;?!\d\n]", text.lower()):
        words = re.findall(r"[\w’-]+", sentence)
        runs |= {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
    return runs


def test_runs_of_words_are_found_across_commas_and_case() -> None:
    one = "He said that one, two, three, four and five are numbers."
    two = "Perhaps THAT one two three four and five are."
    assert len(runs_of_words(one) & runs_of_words(two)) == 1
    assert not runs_of_words("one two three. four five six seven eight") & runs_of_words(one)
