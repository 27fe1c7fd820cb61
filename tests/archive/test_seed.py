"""The club's real page, fact by fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.archive.grammar import read_source, text_source
from bot.archive.record import (
    Contact,
    Item,
    PageDate,
    PaperRecord,
    ParsedPage,
    Section,
    SectionKind,
)

SEED = Path(__file__).parents[3] / "shared" / "data" / "seed" / "WPRC-006.txt"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the club's own page is not here")


@pytest.fixture(scope="module")
def page() -> ParsedPage:
    return read_source(text_source(SEED.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def record(page: ParsedPage) -> PaperRecord:
    return page.record


def section(record: PaperRecord, kind: SectionKind, place: int = 0) -> Section:
    return [one for one in record.sections if one.kind is kind][place]


def labels(item: Item) -> list[object]:
    """Labels of an item's points, a group as a pair of its label and theirs."""
    return [
        (point.label, [inner.label for inner in point.points]) if point.points else point.label
        for point in item.points
    ]


def test_the_head(record: PaperRecord) -> None:
    assert str(record.code) == "WPRC-006"
    assert record.title == "AI X Crypto Primer"
    assert record.subtitle == "Just a feature or crypto’s salvation?"
    assert record.category == "AI"
    assert record.chapter == "SG"
    assert record.date == PageDate(2024, 6, 28)
    assert record.abstract is not None
    assert len(record.abstract) == 216


def test_who_made_it(record: PaperRecord) -> None:
    assert [(one.name, one.role) for one in record.contributors] == [
        ("Rongxin", "contributor"),
        ("JingYi", "contributor"),
        ("Mohamed", "reviewer"),
    ]
    kinds = [contact.kind for contact in record.contributors[0].contacts]
    assert kinds == ["email", "telegram"]
    assert record.contributors[0].contacts[1] == Contact("telegram", "mrrongxin")
    assert record.paper_authors == ("Mohamed Baioumy", "Alex Cheema")


def test_it_disagrees_with_itself(page: ParsedPage) -> None:
    assert [warning.line for warning in page.warnings] == [1, 17]
    assert "2026" in page.warnings[0].text
    assert "Crytpo" in page.warnings[1].text


def test_sections_in_order(record: PaperRecord) -> None:
    assert [(one.kind.value, one.heading) for one in record.sections] == [
        ("summary", "Summary"),
        ("why", "Why This Is Important"),
        ("lite_summary", "Lite Summary"),
        ("authors", "Authors"),
        ("opinions", "Opinions (Rongxin)"),
        ("community_opinions", "Community Opinions"),
        ("notes", "Notes"),
        ("in_depth", "In-depth Summary of Part (i) from Paper:"),
        ("in_depth", "Summary of Part (ii) from Paper:"),
        ("join", "Join Us"),
    ]
    assert len(section(record, SectionKind.SUMMARY).text) == 293
    assert len(section(record, SectionKind.WHY).text) == 307
    assert section(record, SectionKind.JOIN).text == "Sessions are open — RSVP on Luma."


def test_numbered_parts(record: PaperRecord) -> None:
    lite = section(record, SectionKind.LITE_SUMMARY)
    assert lite.text == "The paper is divided into 3 sections:"
    assert [(item.number, item.label) for item in lite.items] == [
        ("(i)", "Frameworks and Ideas"),
        ("(ii)", "Machine Learning (ML) Overview"),
        ("(iii)", "Applications"),
    ]
    opinions = section(record, SectionKind.OPINIONS)
    assert opinions.attributed_to == ("Rongxin",)
    assert opinions.text.endswith("emerging AI + Blockchain world.")
    assert [item.number for item in opinions.items] == [
        "(i)",
        "(ii)",
        "(iii)",
        "(iv)",
        "(v)",
        "(vi)",
    ]
    assert [item.label for item in opinions.items] == [
        "Equity or Token",
        "Define",
        "Features or platforms",
        "AI helping Crypto first",
        "Why Now",
        "The EndGame",
    ]
    assert "2017-2019" in opinions.items[3].text


def test_the_footnote_is_no_part_of_a_biography(record: PaperRecord) -> None:
    items = section(record, SectionKind.AUTHORS).items
    assert [item.number for item in items] == ["(i)", "(ii)", None]
    assert items[1].text.endswith("studied Physics at Oxford University.")
    assert items[2].text.startswith("**Thank you Mohamed")


def test_community_opinions(record: PaperRecord) -> None:
    community = section(record, SectionKind.COMMUNITY_OPINIONS)
    assert len(community.text) == 275
    assert [(item.topic, item.label, item.attributed_to) for item in community.items] == [
        ("What is AI?", None, ()),
        ("Challenges of/created by Generative AI", "Technical", ("Sid",)),
        ("Challenges of/created by Generative AI", "Social", ("Chris",)),
        ("Challenges of/created by Generative AI", "Search/Marketing", ("Ingrid",)),
        ("Challenges of/created by Generative AI", "Creators", ("Sid",)),
        ("Early Days for AI x Crypto", None, ("Lindy",)),
        ("Which Projects are Truly AI x Crypto?", None, ()),
        ("Endgame", None, ()),
    ]
    assert community.items[1].text.endswith("“Five 3” (Sid).")
    (note,) = section(record, SectionKind.NOTES).items
    assert note.attributed_to == ("Sid",)
    assert note.text.endswith("to build chips (sid)")


def test_page_ranges(record: PaperRecord) -> None:
    first, second = (section(record, SectionKind.IN_DEPTH, place) for place in (0, 1))
    assert first.text.startswith("Focused on the ideas")
    assert [(item.topic, item.page_start, item.page_end) for item in first.items] == [
        ("Core Frameworks for AI x Crypto", 6, 9),
        ("Evaluating AI x Crypto Projects", 10, 12),
        ("Case Studies", 13, 15),
        ("Deepfake & Existing Solutions", 16, 24),
        ("New Solutions to DeepFakes", 25, 27),
        ("The Bitter Lesson", 28, 31),
        ("AI Agents Disrupting Google and Amazon", 32, 36),
        ("Open Source AI", 37, 43),
        ("Opportunities to Builders", 44, 47),
    ]
    assert [(item.topic, item.page_start, item.page_end) for item in second.items] == [
        ("Machine Learning Overview", 47, 56),
        ("Challenges in Machine Learning", 57, 71),
    ]


def test_labelled_points(record: PaperRecord) -> None:
    items = section(record, SectionKind.IN_DEPTH).items
    assert labels(items[0]) == ["Definitions", "Crypto Helping AI", "AI Helping Crypto"]
    assert labels(items[1]) == [
        "BottleNecks of Crypto Helping AI",
        "BottleNecks of AI Helping Crypto",
        "Measure",
        "Time Horizon",
    ]
    assert labels(items[3]) == [
        (
            "Issues with Current Solutions",
            ["Awareness", "Self-Regulation", "Policy", "Technological"],
        ),
        ("Possible Solution", ["Hardware", "Blockchain", "Digital Identity"]),
    ]
    assert labels(items[4]) == ["Veracity Bonds (Staking)", "Reputation Systems"]
    assert labels(items[6]) == [
        "(i) AI Solution",
        ("(ii) Crypto Solutions", ["Smart Contracts", "Collective Bargaining"]),
        "Note",
    ]
    assert labels(items[7]) == [
        "Crypto’s Role can solve this",
        "Computing Power",
        "Funding",
        "Data Collection",
        (
            "Note",
            [
                "Increase in computing Speed",
                "Short-term Incentives",
                "Permissionless compute",
                "Grass",
                "Local/Personal AI",
            ],
        ),
    ]
    assert labels(items[8]) == [
        "AI DAOs",
        "Verifiable AI Inference",
        "Incentivizing Data Collection",
        "Transparent LLM Drift",
        "Truth Marketplace",
    ]
    assert "Privasea: FHE in AI stacks" in items[0].points[0].text
    assert "support open source: Bitcoin" in items[7].points[0].text


def test_feedback(record: PaperRecord) -> None:
    item = section(record, SectionKind.IN_DEPTH).items[5]
    assert labels(item)[:4] == ["Computing Always Wins", "Future Directions", "Questions", "Note"]
    assert item.points[3].text.endswith("long-term perspectives?")
    assert item.points[4].label == "Mohamed Baioumy Feedback"
    assert item.points[4].text.startswith("“Based on an initial skim")


def test_bullets(record: PaperRecord) -> None:
    items = section(record, SectionKind.IN_DEPTH, 1).items
    assert labels(items[0]) == ["ML Pipeline", "Training Process"]
    assert labels(items[1]) == ["Data Challenges", "Training Challenges", "Inference Challenges"]


def test_links_and_typos(record: PaperRecord) -> None:
    assert [link.url for link in record.links] == ["https://www.getgrass.io"]
    whole = repr(record)
    for kept in ("simialr", "normals", "Corticol", "Succint", "WorldCoin,link", "“Five 3”"):
        assert kept in whole
    assert "gmail" not in repr(record.sections)
