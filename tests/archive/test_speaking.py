"""What people say is printed so that the page, read again, tells whose it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive import read_page, write_page
from bot.archive.record import Item, PaperCode, PaperRecord, Section, SectionKind
from bot.archive.speaking import Speech, printed, reads_as_name, weave

NAMES = ("Ana", "Chris", "Maria De Souza", "李雷")
PAGE = PaperRecord(
    PaperCode("WPRC", 6),
    "AI X Crypto Primer",
    sections=(
        Section(SectionKind.SUMMARY, "Summary", "It says things."),
        Section(
            SectionKind.COMMUNITY_OPINIONS,
            "Community Opinions",
            "We met once.",
            items=(
                Item("It is what it is (Chris).", topic="Endgame", attributed_to=("Chris",)),
                Item("Nobody knows.", topic="Endgame"),
            ),
        ),
        Section(SectionKind.NOTES, "Notes", items=(Item("A note."),)),
    ),
)
HOSTILE = (
    "I agree with what was said (Chris).",
    "Chris: I think so",
    "Summary: it is short.",
    "Summary",
    "(i) one. (ii) two",
    "1. One\n2. Two",
    "• bullet\n• another",
    "Hm.\n\nSecond paragraph",
    "## Heading\n===",
    "Sid said no (Sid). Ana said yes (Ana).",
    "© 2026 Whitepaper",
    "WPRC — Paper Archive",
    "Pages 3-4: all wrong",
    "[28-31] wrong",
    "Join Us",
    "What? Really?",
    "a",
    "👍",
    "see https://example.org/a_(b)",
    "e\u0301galite\u0301, égalité",
)
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(
        st.sampled_from((*HOSTILE, "Bonds need a judge.", "no", ":", "(", ")")), max_size=4
    ).map(" ".join),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60),
).filter(lambda text: any(letter.isalnum() for letter in text))
speeches = st.lists(
    st.tuples(texts, st.sampled_from((None, *NAMES)), st.sampled_from(("Endgame", "What is AI?"))),
    min_size=1,
    max_size=8,
)


@given(speeches)
@settings(max_examples=80, deadline=None)
def test_each_is_one_item_of_its_author_under_its_topic(
    said: list[tuple[str, str | None, str]],
) -> None:
    given = [Speech(str(n), text, name, topic) for n, (text, name, topic) in enumerate(said)]
    before = PAGE.sections[1].items
    entries: list[Item | Speech] = [*before]
    entries += [one for one in given if one.topic == "Endgame"]
    entries += [one for one in given if one.topic != "Endgame"]
    made = weave(PAGE, "We met twice.", entries)
    (section,) = (one for one in made.record.sections if one.kind is SectionKind.COMMUNITY_OPINIONS)
    by_key = {one.key: one for one in given}
    for position, key in made.keys.items():
        item, one = section.items[position], by_key[key]
        assert item.attributed_to == ((one.name,) if one.name else ())
        assert item.topic == one.topic
    assert {*made.keys.values(), *(one.key for one in made.left_out)} == set(by_key)
    assert len(section.items) == len(before) + len(made.keys)
    assert [one.kind for one in made.record.sections] == [one.kind for one in PAGE.sections]
    assert read_page(write_page(made.record).encode()).record == made.record


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_something_else_can_be_printed(text: str) -> None:
    made = weave(PAGE, "", [*PAGE.sections[1].items, Speech("k", text, "Ana", "Endgame")])
    assert (list(made.keys.values()), made.left_out) == (["k"], ())


def test_plain_words_stay_as_they_were_said() -> None:
    assert printed(Speech("k", "Bonds need a judge.", "Ana")) == "Bonds need a judge (Ana)."
    assert printed(Speech("k", "Who judges?", "Ana")) == "Who judges? (Ana)."
    assert printed(Speech("k", "Bonds (all of them) need: a judge.")) == (
        "Bonds (all of them) need: a judge."
    )


@pytest.mark.parametrize("name", ["Ana", "Ana Maria de Souza", "O’Neil", "李雷", "Zoë"])
def test_names_that_a_page_tells(name: str) -> None:
    assert reads_as_name(name)


@pytest.mark.parametrize(
    "name", ["ana_99", "Bob 🚀", "", "@everyone", "A (B)", "a b c d e f", "NASA"]
)
def test_names_that_no_page_tells(name: str) -> None:
    assert not reads_as_name(name)
