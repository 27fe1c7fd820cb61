"""What is written as a page is read back as the same record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.archive.grammar import read_source, text_source
from bot.archive.grammar.people import without_contacts as without_contacts_in
from bot.archive.lines import normalise
from bot.archive.page import write_page
from bot.archive.record import (
    Contact,
    Contributor,
    Item,
    Link,
    PageDate,
    PaperCode,
    PaperRecord,
    Point,
    Section,
    SectionKind,
)
from tests.archive.pages import records

SEED = Path(__file__).parents[3] / "shared" / "data" / "seed" / "WPRC-006.txt"


def read(text: str) -> PaperRecord:
    return read_source(text_source(text)).record


def without_contacts(record: PaperRecord) -> PaperRecord:
    people = tuple(replace(person, contacts=()) for person in record.contributors)
    return replace(record, contributors=people)


SAID = "trust • Chapter: x"


@pytest.mark.parametrize(
    "record",
    [
        PaperRecord(PaperCode("WPRC", 6), SAID, abstract="Referenzen"),
        PaperRecord(PaperCode("WPRC", 6), "AI X Crypto", subtitle=SAID, abstract="Referenzen"),
        PaperRecord(PaperCode("WPRC", 6), "AI X Crypto", abstract=SAID),
    ],
)
def test_words_may_hold_what_looks_like_a_field(record: PaperRecord) -> None:
    assert read(write_page(record)) == record


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records())
def test_a_written_page_is_read_as_the_same_record(record: PaperRecord) -> None:
    assert read(write_page(record, with_contacts=True)) == record
    assert read(write_page(record)) == without_contacts(record)


NAMES = st.sampled_from(("Ana", "Zoë Müller", "Ольга", "李伟", "Jürgen van der Berg", "A (Oxford)"))
LINES = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=80).map(
    normalise
)


@settings(max_examples=300, deadline=None)
@given(
    title=LINES.filter(lambda text: text and without_contacts_in(text) == text),
    date=st.none() | st.dates().map(lambda day: PageDate(day.year, day.month, day.day)),
    people=st.lists(NAMES, unique=True, max_size=4),
    role=st.sampled_from(("contributor", "reviewer", "presenter", "chair of the day")),
)
@example(title="WPRC-007", date=PageDate(2024), people=["Ana"], role="reviewer")
@example(title="Summary", date=PageDate(2024, 6), people=[], role="contributor")
def test_any_head_comes_back(
    title: str, date: PageDate | None, people: list[str], role: str
) -> None:
    contributors = tuple(Contributor(name, role) for name in people)
    record = PaperRecord(PaperCode("WPRC", 6), title, date=date, contributors=contributors)
    assert read(write_page(record)) == record


@pytest.mark.parametrize(
    "text",
    [
        "Notes",
        "Summary:",
        "Open Questions",
        "(i) One. (ii) Two.",
        "Pages 3-4: Topic",
        "- a dash",
        "Contributors",
        "© 2024",
    ],
)
def test_a_point_may_say_what_elsewhere_has_a_meaning(text: str) -> None:
    point = Point(None, text) if ":" not in text else Point("Label", text)
    item = Item("Text.", topic="Topic", page_start=3, page_end=4, points=(point,))
    section = Section(SectionKind.IN_DEPTH, "In-depth Summary", items=(item,))
    record = PaperRecord(PaperCode("WPRC", 6), "A Title", sections=(section,))
    again = read(write_page(record))
    (read_item,) = again.sections[0].items
    assert read_item.topic == "Topic"
    assert [kept.text for kept in read_item.points] in ([text], [text.removeprefix("- ")], [])


def test_contacts_are_written_only_where_asked_for() -> None:
    contacts = (Contact("email", "ana@example.org"), Contact("telegram", "ana_roe"))
    people = (Contributor("Ana", "reviewer", contacts), Contributor("Bo"))
    record = PaperRecord(PaperCode("WPRC", 6), "A Title", contributors=people)
    assert "ana@" not in write_page(record)
    assert "ana_roe" not in write_page(record)
    assert read(write_page(record, with_contacts=True)) == record


def test_what_only_front_matter_says_is_written_too() -> None:
    record = PaperRecord(
        PaperCode("WPRC", 6),
        "A Title",
        paper_authors=("Ana Roe", "Doe, John"),
        links=(Link("https://example.org/a", "the paper"), Link("https://example.org/b")),
    )
    assert read(write_page(record)) == record


@pytest.mark.skipif(not SEED.exists(), reason="the club's own page is not here")
def test_the_clubs_own_page_comes_back() -> None:
    record = read(SEED.read_text(encoding="utf-8"))
    assert read(write_page(record, with_contacts=True)) == record
    assert "gmail" not in write_page(record)
