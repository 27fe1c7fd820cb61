"""Pages as strangers write them: habits that no page of the archive has yet."""

from __future__ import annotations

import pytest

from bot.archive import read_page
from bot.archive.record import Item, PaperRecord, Section, SectionKind


def read(text: str, name: str = "") -> PaperRecord:
    return read_page(text.encode(), name).record


def page(body: str) -> PaperRecord:
    return read(f"WPRC 2026#006\n\nTitle\n\nWPRC-006· SG· 2024. 06· AI\n\n{body}")


def only(record: PaperRecord, kind: SectionKind) -> Section:
    (found,) = (section for section in record.sections if section.kind is kind)
    return found


def voices(body: str) -> list[tuple[str | None, tuple[str, ...], str]]:
    """Topic, names and text of each item."""
    section = only(page(f"Community Opinions\n\n{body}"), SectionKind.COMMUNITY_OPINIONS)
    return [(item.topic, item.attributed_to, item.text) for item in section.items]


def in_depth(body: str) -> tuple[Item, ...]:
    return only(page(f"In-depth Summary\n\n{body}"), SectionKind.IN_DEPTH).items


def labels(item: Item) -> list[str | None]:
    return [point.label for point in item.points]


def test_each_voice_of_a_paragraph_is_an_item() -> None:
    assert voices("Open weights?\n\nYes (Ana). No, never (Zoë). Undecided (sid)\n\nX (Sid)") == [
        ("Open weights?", ("Ana",), "Yes (Ana)."),
        ("Open weights?", ("Zoë",), "No, never (Zoë)."),
        ("Open weights?", ("Sid",), "Undecided (sid)"),
        ("Open weights?", ("Sid",), "X (Sid)"),
    ]


def test_brackets_in_mid_text_hold_things_unless_the_text_ends_in_a_name() -> None:
    (item,) = voices("Tools\n\nIt uses proofs (Succint). They are slow to make today.")
    assert item[1] == ()


def test_one_sentence_or_one_number_may_be_by_two() -> None:
    found = voices(
        "Speed\n\nUnder 1 s (Chris), 2 s at worst (Sid).\n\n(i) So (Ana). Or not (Bo, Chris)."
    )
    assert [names for _, names, _ in found] == [("Chris", "Sid"), ("Ana", "Bo", "Chris")]


def test_names_before_a_colon_speak_where_one_of_them_is_known() -> None:
    record = page(
        "Contributors\nMohamed\n\nCommunity Opinions\n\nSampling\n\nMohamed: enough.\n"
        "Sid: not if stake is concentrated.\nIngrid and Sid: simulate it.\n\n"
        "Privacy\n\nZcash: shielded.\nMonero: default."
    )
    items = only(record, SectionKind.COMMUNITY_OPINIONS).items
    assert [item.attributed_to for item in items] == [
        ("Mohamed",),
        ("Sid",),
        ("Ingrid", "Sid"),
        (),
        (),
    ]


def test_a_question_stands_over_a_short_answer() -> None:
    assert voices("What next?\n\nJAM (gray paper), elastic scaling (Q4)") == [
        ("What next?", (), "JAM (gray paper), elastic scaling (Q4)")
    ]


def test_wide_brackets_name_people() -> None:
    assert voices("路由\n\n负载均衡很难（李雷）。")[0][:2] == ("路由", ("李雷",))


@pytest.mark.parametrize(
    ("line", "pages"),
    [
        ("Limits: 6: Chirality: 4.4% violations.", (6, 6)),
        ("Risk Management (pages 8–11, 14): Collusion: cheap.", (8, 14)),
        ("Market Makers • pp. 5-9: Loss: constant.", (5, 9)),
        ("Implementation & Architecture 5-6cToken contracts: ERC-20.", (5, 6)),
        ("Protocol: GHOST + FFG (12–16) Finality: slow.", (12, 16)),
        ("Slashing (pp. 7–8) 2.5% of the stake.", (7, 8)),
    ],
)
def test_pages_in_more_notations(line: str, pages: tuple[int, int]) -> None:
    (item,) = in_depth(line)
    assert (item.page_start, item.page_end) == pages
    assert item.topic is not None
    assert not item.topic.endswith("•")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Encoder and decoder stacks: six layers.", ["Encoder and decoder stacks"]),
        ("Scores: 2016 vs. 2018 dumps: equal. Note: odd.", ["Scores", "Note"]),
        ("Proof: NPoS.** Ana Feedback: “No.”", ["Proof", "Ana Feedback"]),
        ("Flip: “Is it up?” Last letters: joined.", ["Flip", "Last letters"]),
        ("Laws: power law.Our First Experiments: 1M.", ["Laws", "Our First Experiments"]),
        ("Safety: 1 - ε. Liveness: yes.", ["Safety", "Liveness"]),
    ],
)
def test_labels_in_running_text(text: str, expected: list[str]) -> None:
    (item,) = in_depth(f"Topic [1-2]: {text}")
    assert labels(item) == expected


def test_names_with_initials_are_labels() -> None:
    record = page("Authors\n\n(i) Edward J. Hu: Microsoft. (ii) Weizhu Chen, et al.: Azure.")
    assert record.paper_authors == ("Edward J. Hu", "Weizhu Chen, et al.")


def test_the_last_of_a_list_follows_an_and() -> None:
    items = page("Opinions\n\nFirst, (i) Slots: dear; (ii) Time: better; and (iii) JAM: early.")
    numbers = [item.number for item in only(items, SectionKind.OPINIONS).items]
    assert numbers == ["(i)", "(ii)", "(iii)"]


def test_pros_and_cons_are_parts_of_an_opinion() -> None:
    section = only(page("Opinions (Ana)\n\nPros\n\n• Fast\n\nCons\n\n• Dear"), SectionKind.OPINIONS)
    assert [(item.topic, len(item.points)) for item in section.items] == [("Pros", 1), ("Cons", 1)]


def test_usual_sections_end_an_in_depth_summary_and_chapters_do_not() -> None:
    record = page(
        "In-depth Summary\n\nIntroduction\n\nPages 1-3\n\nIt began.\n\nConclusion\n\nPages 4-5"
        "\n\nIt ends.\n\nDiscussion Prompts\n\nWho writes it?\n\nWho pays?\n\n"
        "Timeline\n\n2018: AlphaFold"
    )
    assert [section.heading for section in record.sections] == [
        "In-depth Summary",
        "Discussion Prompts",
        "Timeline",
    ]
    assert [item.topic for item in record.sections[0].items] == ["Introduction", "Conclusion"]


def test_a_table_of_pages_is_a_list_of_items() -> None:
    record = read(
        "---\nid: WPRC-063\ntitle: Agents\n---\n## In-depth Summary\n\n"
        "| Pages | Topic | Notes |\n|---|---|---|\n| 1-5 | Threats | Two models |\n"
        "| 6 | Code | x |\n"
    )
    items = only(record, SectionKind.IN_DEPTH).items
    assert [(i.topic, i.page_start, i.page_end, i.text) for i in items] == [
        ("Threats", 1, 5, "Two models"),
        ("Code", 6, 6, "x"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "WPRC-061: Mechanism Design",
        "# WPRC-061: Mechanism Design\n",
        "Whitepaper Reading Club\nWPRC-061 — Mechanism Design",
        "Mechanism Design (WPRC-061)",
    ],
)
def test_the_code_may_stand_beside_the_title(head: str) -> None:
    record = read(
        f"{head}\n\nDate: 3 October 2025 | Chapter: SG | Category: AI\n\nSummary\n\nBids."
    )
    assert (str(record.code), record.title) == ("WPRC-061", "Mechanism Design")
    assert (str(record.date), record.chapter, record.category) == ("2025-10-03", "SG", "AI")


def test_date_and_names_may_share_a_line() -> None:
    record = read(
        "WPRC-071· SG\n\nEigenLayer\n\n20 September 2024 · Sid, Lindy & Jo\n\nSummary\n\nS."
    )
    assert str(record.date) == "2024-09-20"
    assert [person.name for person in record.contributors] == ["Sid", "Lindy", "Jo"]


def test_a_date_may_stand_beside_words_of_its_line() -> None:
    record = read("WPRC-071 · Berlin 2025-03 · AI\n\nEigenLayer\n\nSummary\n\nS.")
    assert (record.chapter, str(record.date), record.category) == ("Berlin", "2025-03", "AI")


def test_fields_of_other_programs() -> None:
    record = read(
        "---\nwprc: WPRC-063\ntitle: Sleeper Agents\ndate: 2025-11-14 19:00:00 +0800\n"
        "categories: [AI, Safety]\n---\n\nA page on deception.\n\n## Summary\n\nIt stays.\n"
    )
    assert str(record.code) == "WPRC-063"
    assert (str(record.date), record.category) == ("2025-11-14", "AI, Safety")
    assert record.subtitle == "A page on deception."


def test_rows_of_markdown_are_lines_unless_they_were_wrapped() -> None:
    record = read(
        "---\ntitle: Hooks\n---\nWPRC-031 · SG · 2025-01 · DeFi\nContributors: [[Sid]], [[Ana]]\n\n"
        "## Notes\n\nOne thing (Sid)\nAnother (Ana)\n\nThis remark was wrapped at a width of some "
        "sixty signs.\nWho wrote it had an editor that breaks its lines (Sid)\n"
    )
    assert [person.name for person in record.contributors] == ["Sid", "Ana"]
    items = only(record, SectionKind.NOTES).items
    assert [item.attributed_to for item in items] == [("Sid",), ("Ana",), ("Sid",)]


def test_contacts_that_hide_from_machines() -> None:
    record = read(
        "WPRC-001\n\nTitle\n\nAna (ana [at] secret.example, ig: ana.pics), [Bo**]\n\nSummary\n\nS."
    )
    ana, bo = record.contributors
    assert [(one.kind, one.value) for one in ana.contacts] == [
        ("email", "ana@secret.example"),
        ("instagram", "ana.pics"),
    ]
    assert (bo.name, bo.role) == ("Bo", "reviewer")


NOTION = """<html><body><article><h1>Tornado Cash</h1><table>
<tr><th>Code</th><td>WPRC-041</td></tr><tr><th>Category</th><td>Privacy</td></tr>
<tr><th>Date</th><td><time>@April 23, 2025</time></td></tr></table>
<h2>Contributors</h2><ul><li>Ana</li></ul><ul><li>Zoë</li></ul><h2>Summary</h2><p>A mixer.</p>
</article></body></html>"""
WEBFLOW = """<html><body><div class="w-nav"><div><a>Home</a></div><div><a>Join</a></div></div>
<div>WPRC 2026#060</div><div>The Sybil Attack</div><div>WPRC-060· SG· 2025. 08· Networks</div>
<p>‍</p><p><strong>Summary</strong></p><p>One person poses as many.</p></body></html>"""
HUGO = """<html><body><div><a href="/">WPRC</a> <a href="/papers/">Papers</a></div>
<h1>WPRC-092: Nostr</h1><p><time>August 22, 2025</time> · 5 min read · Social</p>
<p>By Ana &amp; Bo</p><h2>Summary <a href="#summary">#</a></h2><p>Clients sign.</p>
<div><a href="/1">Previous</a><a href="/2">Next</a></div></body></html>"""
LIST = """<html><body><p>DeFi</p><h1>Chainlink</h1><ul><li>WPRC-081</li><li>SG</li>
<li>March 2025</li><li>DeFi</li></ul><h4>Summary</h4><p>Oracles.</p></body></html>"""


@pytest.mark.parametrize(
    ("source", "title", "date", "category", "people"),
    [
        (NOTION, "Tornado Cash", "2025-04-23", "Privacy", ["Ana", "Zoë"]),
        (WEBFLOW, "The Sybil Attack", "2025-08", "Networks", []),
        (HUGO, "Nostr", "2025-08-22", "Social", ["Ana", "Bo"]),
        (LIST, "Chainlink", "2025-03", "DeFi", []),
    ],
    ids=["notion", "webflow", "hugo", "list"],
)
def test_pages_that_site_builders_make(
    source: str, title: str, date: str, category: str, people: list[str]
) -> None:
    record = read(source)
    assert (record.title, str(record.date), record.category) == (title, date, category)
    assert record.subtitle is None
    assert [person.name for person in record.contributors] == people
    (section,) = record.sections
    assert (section.heading, section.kind) == ("Summary", SectionKind.SUMMARY)
    assert section.items == ()
