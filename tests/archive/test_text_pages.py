"""Pages that differ a lot, each read as a person would read it."""

from __future__ import annotations

import pytest

from bot.archive.grammar import read_source, text_source
from bot.archive.lines import Line, SourcePage
from bot.archive.page import write_page
from bot.archive.record import (
    Contact,
    Contributor,
    Item,
    NotAPage,
    PageDate,
    PaperRecord,
    ParsedPage,
    Section,
)
from tests.archive.invented import PAGES


def parse(text: str) -> ParsedPage:
    return read_source(text_source(text))


def read(text: str) -> PaperRecord:
    return parse(text).record


def kinds(record: PaperRecord) -> list[str]:
    return [section.kind.value for section in record.sections]


def section(record: PaperRecord, kind: str) -> Section:
    return next(one for one in record.sections if one.kind == kind)


def ranges(one: Section) -> list[tuple[str | None, int | None, int | None]]:
    return [(item.topic, item.page_start, item.page_end) for item in one.items]


@pytest.mark.parametrize("name", PAGES)
def test_it_comes_back_when_written(name: str) -> None:
    record = read(PAGES[name])
    assert read(write_page(record, with_contacts=True)) == record


def test_privacy() -> None:
    record = read(PAGES["privacy"])
    assert (str(record.code), record.chapter, record.category) == ("ZKRC-014", "Berlin", "Privacy")
    assert record.date == PageDate(2024, 6, 28)
    assert record.title == "Semaphore: Anonymous Signalling"
    people = (Contributor("Ana Müller", "presenter"), Contributor("Zoë", "reviewer"))
    assert record.contributors == people
    assert record.paper_authors == ("Barry WhiteHat", "Kobi Gurkan")
    assert kinds(record)[-2:] == ["in_depth", "other"]
    said = section(record, "community_opinions").items
    assert [(item.topic, item.attributed_to) for item in said] == [
        ("Trusted setup", ("Ana", "Zoë")),
        ("Trusted setup", ("Sid", "Chris")),
        ("Speed", ("Ольга",)),
        ("Speed", ("李伟",)),
    ]
    in_depth = section(record, "in_depth")
    assert ranges(in_depth) == [("Introduction", 1, 3), ("Circuits", 4, 9), ("Benchmarks", 10, 12)]
    assert [point.label for point in in_depth.items[0].points] == ["Motivation", "Problem"]
    assert "ERC-20" in in_depth.items[2].text


def test_defi() -> None:
    record = read(PAGES["defi"])
    assert str(record.code) == "DEFI-003"
    assert record.contributors[0].contacts == (Contact("telegram", "ana_x"),)
    assert record.contributors[2].contacts[0] == Contact("email", "chloe@example.org")
    assert [item.label for item in section(record, "lite_summary").items[:2]] == [
        "Pairs",
        "Oracles",
    ]
    notes = section(record, "notes").items
    assert [item.attributed_to for item in notes] == [("Ana",), (), ()]
    assert record.sections[-1].heading == "Open Questions"


def test_keyed() -> None:
    record = read(PAGES["keyed"])
    assert record.title == "Bitcoin: A Peer-to-Peer Electronic Cash System"
    assert record.date == PageDate(2008, 10, 31)
    assert [(one.name, one.role) for one in record.contributors] == [
        ("Ana", "contributor"),
        ("Bo", "contributor"),
        ("Čeněk", "note-taker"),
    ]
    assert record.paper_authors == ("Satoshi Nakamoto",)
    assert kinds(record) == ["summary", "in_depth", "summary"]
    topics = [item.topic for item in section(record, "in_depth").items]
    assert topics == ["Transactions", "Timestamp Server"]


def test_raft() -> None:
    record = read(PAGES["raft"])
    items = section(record, "in_depth").items
    assert [(item.number, item.topic, item.page_start) for item in items] == [
        ("1.", "Leader election", 3),
        ("2.", "Log replication", 6),
        ("3.", "Safety", 9),
    ]
    assert items[1].points[0].points[0].label == "Proof"
    assert items[2].text == "A leader has all entries."


def test_french() -> None:
    record = read(PAGES["french"])
    assert record.date == PageDate(2024, 6, 28)
    items = section(record, "community_opinions").items
    assert [item.attributed_to for item in items] == [("Ana",), ("Bo", "Čeněk"), ("Ana",)]
    assert items[2].topic == "What next?"


def test_wrapped() -> None:
    record = read(PAGES["wrapped"])
    assert record.title.startswith("HotStuff")
    assert record.abstract is not None
    assert record.abstract.endswith("drive the protocol to consensus.")
    assert section(record, "summary").text.startswith(
        "HotStuff is linear in the number of replicas,"
    )
    assert "\n" not in section(record, "summary").text
    assert record.paper_authors == ("Maofan Yin", "Dahlia Malkhi")
    opinions = section(record, "opinions")
    assert opinions.attributed_to == ("Ольга", "Jürgen van der Berg")
    assert [item.attributed_to for item in opinions.items] == [("Ольга",), ("Jürgen van der Berg",)]
    assert section(record, "notes").items[0].attributed_to == ("Jürgen van der Berg",)
    assert ranges(section(record, "in_depth")) == [
        ("Model", 3, 5),
        ("The protocol", 6, 9),
        ("Chained HotStuff", 10, 12),
        ("Evaluation", 11, 11),
    ]


def test_reordered() -> None:
    record = read(PAGES["reordered"])
    assert record.subtitle == "Just attention"
    assert kinds(record) == ["notes", "opinions", "community_opinions", "join"]
    assert [one.name for one in record.contributors] == ["Sid", "Ana", "Zoë"]
    said = [item.attributed_to for item in section(record, "community_opinions").items]
    assert said == [("Sid",), ("Ana", "Zoë", "Bo"), (), ()]


def test_unranged() -> None:
    parsed = parse(PAGES["unranged"])
    assert parsed.record.title == "WPRC-033"
    assert "no title" in parsed.warnings[0].text
    topics = [item.topic for item in section(parsed.record, "in_depth").items]
    assert topics == ["Overview", "Part 1: Model", "Part 2: Data"]


def test_banner_first() -> None:
    record = read(PAGES["banner_first"])
    assert (str(record.code), record.title) == ("ETHRC-007", "EIP-1559")
    assert record.abstract == "Base fee is burned. Tips go to miners."
    assert section(record, "lite_summary").text == "The paper says:"
    assert ranges(section(record, "in_depth"))[2] == ("Security considerations", 6, 7)
    assert record.sections[1].heading == "Questions"


def test_markup_says_what_is_a_heading() -> None:
    lines = (
        Line(1, "A Title", level=1),
        Line(2, "WPRC-9 | AI"),
        Line(3, "What We Did", level=2),
        Line(4, "Text."),
        Line(5, "In-depth Summary", level=2),
        Line(6, "Core Ideas (6-9)", level=3),
        Line(7, "Policy: slow.", bullet=1),
        Line(8, "Even slower.", bullet=2),
        Line(9, "Community", level=2),
        Line(10, "Notes on notes", level=3),
        Line(11, "Fine (Ana)."),
    )
    record = read_source(SourcePage(lines)).record
    assert record.title == "A Title"
    assert kinds(record) == ["other", "in_depth", "community_opinions"]
    assert ranges(record.sections[1]) == [("Core Ideas", 6, 9)]
    assert record.sections[1].items[0].points[0].points[0].text == "Even slower."
    assert record.sections[2].items == (
        Item("Fine (Ana).", topic="Notes on notes", attributed_to=("Ana",)),
    )


def test_front_matter_wins() -> None:
    fields = {
        "code": "wprc-9",
        "title": "Given",
        "date": "2024-06",
        "contributors": ["Ana", {"name": "Bo", "role": "reviewer", "email": "bo@x.org"}],
        "authors": ["Satoshi Nakamoto"],
        "links": [{"url": "https://x.org", "label": "paper"}, "javascript:alert(1)"],
        "summary": "Short.",
    }
    page = SourcePage((Line(9, "Said", level=1),), fields)
    record = read_source(page).record
    assert (record.title, str(record.code), str(record.date)) == ("Given", "WPRC-009", "2024-06")
    assert record.contributors[1] == Contributor("Bo", "reviewer", (Contact("email", "bo@x.org"),))
    assert [link.url for link in record.links] == ["https://x.org"]
    assert kinds(record) == ["summary"]


def test_contacts_never_stay_in_a_text() -> None:
    record = read(
        "WPRC-1 | AI\n\nTitle (tg: @me)\n\nA subtitle, me@x.org\n\n"
        "Ana (ana@x.org, tg: ana_r)\n\nSummary\n\nx\n"
    )
    without = repr((record.title, record.subtitle, record.abstract, record.sections))
    assert "@" not in without
    assert "ana_r" not in without


@pytest.mark.parametrize(
    ("lines", "line", "word"),
    [
        ("WPRC 2026#006\n\nWPRC-007 | AI\n\nT", 1, "WPRC-006"),
        ("WPRC-7 | 2024-05 | AI\n\nT\n\n28 June 2024", 1, "2024-05"),
        ("WPRC 2026#7\n\nT\n\n28 June 2024", 1, "2026"),
        ("WPRC-7 | AI\n\nCrypto Primer\n\nCrytpo Primer", 5, "Crytpo"),
        ("WPRC-7 | AI\n\nT\n\n30 February 2024", 5, "calendar"),
        ("WPRC-7 | AI\n\nT\n\nDate: soon", 5, "soon"),
        ("WPRC-7 | AI\n\nT\n\n03/04/2024", 5, "two ways"),
    ],
)
def test_a_page_that_disagrees_with_itself_is_told(lines: str, line: int, word: str) -> None:
    warnings = parse(f"{lines}\n\nSummary\n\nx\n").warnings
    assert [(warning.line, word in warning.text) for warning in warnings] == [(line, True)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\u00a0\n", "empty"),
        ("Dear all,\n\nnothing here.\n", "no archive page"),
        ("Summary\n\nBut no code.\n", "no code"),
        ("UTF-8\n\nIt is an encoding.\n", "no archive page"),
        ("WPRC-1 | AI\n\n" + "Summary\n\nx\n\n" * 2100, "headings"),
    ],
)
def test_what_is_no_page_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NotAPage, match=reason):
        parse(text)
