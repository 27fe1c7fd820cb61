"""The notations that pages use, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive.grammar import read_source, text_source
from bot.archive.grammar.dates import read_date
from bot.archive.grammar.headings import kind_of
from bot.archive.grammar.links import find_urls
from bot.archive.grammar.names import speakers, spellings
from bot.archive.grammar.people import read_people
from bot.archive.grammar.ranges import find_pages
from bot.archive.record import Item, SectionKind


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Topic:6-9Definitions: a", ("Topic", 6, 9)),
        ("Case Studies13-15Flock.io [x]: y", ("Case Studies", 13, 15)),
        ("New Topic 25-27", ("New Topic", 25, 27)),
        ("The Bitter Lesson[28-31]Computing", ("The Bitter Lesson", 28, 31)),
        ("how miners agree (6-9)", ("how miners agree", 6, 9)),
        ("Evaluation p. 6–9", ("Evaluation", 6, 9)),
        ("Evaluation, pp 10-12", ("Evaluation", 10, 12)),
        ("Pages 47-56: Machine Learning:", ("Machine Learning", 47, 56)),
        ("pg 3: Setup", ("Setup", 3, 3)),
        ("Setup page 5", ("Setup", 5, 5)),
        ("pages 6 to 9: Setup", ("Setup", 6, 9)),
        ("Setup p.12", ("Setup", 12, 12)),
        ("Modell S. 3-5", ("Modell", 3, 5)),
        ("Core Ideas — 6 – 9", ("Core Ideas", 6, 9)),
        ("1. Leader election (pp. 3-5): Terms: x", ("1. Leader election", 3, 5)),
        ("Staying Up (6-9)", ("Staying Up", 6, 9)),
        ("Lesson [31-28]", ("Lesson", 31, 28)),
    ],
)
def test_page_ranges(line: str, expected: tuple[str, int, int]) -> None:
    found = find_pages(line)
    assert found is not None
    topic = found.topic or read_topic(line)
    assert (topic, found.start, found.end) == expected


def read_topic(line: str) -> str | None:
    return in_depth(line)[0].topic


@pytest.mark.parametrize(
    "line",
    [
        "In 2017-2019 nobody cared.",
        "Enterprise adoption (2017-2019) was slow.",
        "Models such as GPT-4 and tokens such as ERC-20 matter.",
        "Proofs take 10x-20x longer.",
        "The market is open 24-7 for everybody.",
        "Call +65 555-1234 now",
        "Smart contracts grew in 10-12 DAOs.",
        "Bitcoin (2008)",
        "as Smith [12] showed",
        "Latency fell by 10-20 per cent.",
    ],
)
def test_what_is_no_page_range(line: str) -> None:
    assert find_pages(line) is None


def in_depth(body: str) -> tuple[Item, ...]:
    page = f"WPRC-1 | AI\n\nA Title\n\nIn-depth Summary\n\n{body}\n"
    (section,) = read_source(text_source(page)).record.sections
    return section.items


def test_labels_come_apart_however_they_are_glued() -> None:
    (item,) = in_depth(
        "Core [6-9] An intro (e.g., Privasea: FHE).Crypto Helping AI: decentralised "
        "networksAI Helping Crypto: audits (see https://x.org).Measure: how? Note: slow.** "
        "Ana Feedback: “Fine: really.”"
    )
    assert item.text == "An intro (e.g., Privasea: FHE)."
    assert [(point.label, point.text) for point in item.points] == [
        ("Crypto Helping AI", "decentralised networks"),
        ("AI Helping Crypto", "audits (see https://x.org)."),
        ("Measure", "how?"),
        ("Note", "slow."),
        ("Ana Feedback", "“Fine: really.”"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "We know crypto can support open source: Bitcoin.",
        "The point was made by IBM DeepBlue: it won.",
        "It started at 10:30 and cost 5:1.",
        "To do this, we must: act.",
    ],
)
def test_sentences_with_colons_stay_whole(text: str) -> None:
    (item,) = in_depth(f"Core [6-9] Then this. {text}")
    assert item.points == ()
    assert item.text == f"Then this. {text}"


def test_initials_and_titles_end_no_sentence() -> None:
    page = "WPRC-1 | AI\n\nT\n\nAuthors\n\n(i) Aidan N. Gomez: then a student. (ii) Dr. Ann Roe: x"
    assert read_source(text_source(page)).record.paper_authors == ("Aidan N. Gomez", "Dr. Ann Roe")


def test_a_backward_range_is_put_in_order_and_told() -> None:
    page = "WPRC-1 | AI\n\nA Title\n\nIn-depth Summary\n\nTopic [31-28]\n"
    parsed = read_source(text_source(page))
    assert [(warning.line, "31-28" in warning.text) for warning in parsed.warnings] == [(7, True)]
    assert parsed.record.sections[0].items[0].page_start == 28


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Lite summary:", "lite_summary"),
        ("SUMMARY", "summary"),
        ("TL;DR", "summary"),
        ("Why this matters", "why"),
        ("Why It’s Important", "why"),
        ("About the Authors", "authors"),
        ("Paper Authors", "authors"),
        ("Opinions (Ana & Zoë)", "opinions"),
        ("Opinion of Mohamed", "opinions"),
        ("Ana’s Opinion", "opinions"),
        ("Community Opinions (Discord)", "community_opinions"),
        ("In-Depth Summary", "in_depth"),
        ("Detailed Summary of Part (iii)", "in_depth"),
        ("Summary of Part (ii) from Paper:", "in_depth"),
        ("Notes:", "notes"),
        ("Join us", "join"),
        ("Referenzen", "other"),
        ("Why Now", "other"),
        ("Note", "other"),
    ],
)
def test_headings(heading: str, kind: str) -> None:
    assert kind_of(heading)[0] == SectionKind(kind)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("as smaller models show (Sid).", ("Sid",)),
        ("octopus neurons (sid)", ("Sid",)),
        ("all of it (Sid & Ana).", ("Sid", "Ana")),
        ("all of it (Sid, Chris and Zoë)", ("Sid", "Chris", "Zoë")),
        ("всё (Ольга).", ("Ольга",)),
        ("都好 (李伟)。", ("李伟",)),
        ("it is fine (O’Neil).", ("O’Neil",)),
        ("differentiating FHE and ZK (proving).", ()),
        ("it is (synergistic)", ()),
        ("history (e.g., Linux vs. Microsoft).", ()),
        ("its development (simialr to Balaji’s views).", ()),
        ("types of learning (Chris’ Venn Diagram).", ()),
        ("private (ZK).", ()),
        ("as written (Dixon, 2022).", ()),
        ("no brackets", ()),
    ],
)
def test_speakers(text: str, names: tuple[str, ...]) -> None:
    assert speakers(text, spellings(["Sid"])) == names


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("28 June 2024", "2024-06-28"),
        ("June 28, 2024", "2024-06-28"),
        ("28.06.2024", "2024-06-28"),
        ("2024-06-28", "2024-06-28"),
        ("2024/06", "2024-06"),
        ("2024. 06", "2024-06"),
        ("Jun 2024", "2024-06"),
        ("2024", "2024"),
        ("28 juin 2024", "2024-06-28"),
        ("28. Juni 2024", "2024-06-28"),
        ("Friday, 28th of June 2024", "2024-06-28"),
        ("2024年6月28日", "2024-06-28"),
        ("30 February 2024", "None"),
    ],
)
def test_dates(text: str, date: str) -> None:
    found = read_date(text)
    assert found is not None
    assert str(found.date) == date


@pytest.mark.parametrize("text", ["", "June", "version 2.0", "28 June 2024 and more", "12345"])
def test_no_dates(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rongxin·JingYi·Mohamed", "Rongxin JingYi Mohamed"),
        ("Ana, Ben; Zoë & Ольга and 李伟", "Ana Ben Zoë Ольга 李伟"),
        ("Ana / Ben", "Ana Ben"),
        ("Ana (presenter), [Ben**]", "Ana:presenter Ben:reviewer"),
        ("Presented by Ana; reviewed by Ben", "Ana:presenter Ben:reviewer"),
        ("Ana (ana@x.org, tg: ana_r), Ben", "Ana+email+telegram Ben"),
        ("Ana (telegram: @ana), Ben (discord: ben#1)", "Ana+telegram Ben+discord"),
        ("Ana (twitter/x: @ana), Ben", "Ana+x Ben"),
    ],
)
def test_people(text: str, expected: str) -> None:
    found = [
        person.name
        + (f":{person.role}" if person.role != "contributor" else "")
        + "".join(f"+{contact.kind}" for contact in person.contacts)
        for person in read_people(text)
    ]
    assert " ".join(found) == expected


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("(https://www.getgrass.io)Local/Personal AI: x", ["https://www.getgrass.io"]),
        ("see https://x.org/a_(b), or http://y.org.", ["https://x.org/a_(b)", "http://y.org"]),
        ("ftp://x.org and https://", []),
    ],
)
def test_links(text: str, urls: list[str]) -> None:
    assert find_urls(text) == urls


NOTATIONS = (
    "{topic}:{a}-{b}{first}",
    "{topic}{a}-{b}{first}",
    "{topic} {a}–{b}{first}",
    "{topic}[{a}-{b}]{first}",
    "{topic} ({a}-{b}) {first}",
    "{topic} [{a} – {b}]: {first}",
    "{topic}, pp {a}-{b} {first}",
    "{topic} p. {a}–{b}: {first}",
    "Pages {a}-{b}: {topic}: {first}",
    "pp. {a}-{b} {topic}: {first}",
    "• {topic} ({a}-{b}): {first}",
)
TOPICS = st.sampled_from(("Core Frameworks", "The Bitter Lesson", "Évaluation", "Deepfake & More"))
LABELS = st.sampled_from(("Definitions", "Time Horizon", "Crypto Helping AI", "Self-Regulation"))
TEXTS = st.sampled_from(("It slows growth.", "Is it so?", "Good (e.g., Foo: bar).", "Fine."))
GLUE = st.sampled_from(("", " "))


@given(
    st.sampled_from(NOTATIONS),
    st.lists(
        st.tuples(
            TOPICS,
            st.integers(1, 900),
            st.integers(1, 50),
            st.lists(st.tuples(LABELS, TEXTS, GLUE), min_size=1, max_size=4),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_what_was_written_in_any_notation_comes_back(
    notation: str, topics: list[tuple[str, int, int, list[tuple[str, str, str]]]]
) -> None:
    lines = []
    for topic, start, length, points in topics:
        body = "".join(f"{glue}{label}:{glue}{text}" for label, text, glue in points).strip()
        lines.append(notation.format(topic=topic, a=start, b=start + length, first=body))
    items = in_depth("\n".join(lines))
    assert [(item.topic, item.page_start, item.page_end) for item in items] == [
        (topic, start, start + length) for topic, start, length, _ in topics
    ]
    for item, (_, _, _, points) in zip(items, topics, strict=True):
        if not notation.startswith("•"):
            assert [(point.label, point.text) for point in item.points] == [
                (label, text) for label, text, _ in points
            ]
