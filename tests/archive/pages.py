"""Pages for property tests: wild ones out of nasty fragments, and whole records out of those."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.archive.grammar import read_source, text_source
from bot.archive.record import NotAPage, PaperRecord

_HEADS = (
    "WPRC 2026#006\n\nAI X Crypto\n\nAI\nWPRC-006· SG· 2024. 06· AI\n\n",
    "WPRC-3 | AI\n\nA Title\n\n28 June 2024\n\n",
    "WPRC #7\n\n",
    "WPRC-8 | 2023 | AI\n\nA Title      2 May 2023\n\nWhat?      Ana (a@b.co), [Bo**]\n\n",
)
_HEADINGS = (
    *("Summary", "SUMMARY:", "TL;DR", "Why This Matters", "Lite Summary", "About the Authors"),
    *("Opinions (Ana & Zoë)", "Opinion of Mohamed", "Community Opinions (Discord)", "Notes:"),
    *("In-Depth Summary", "In-depth Summary of Part (i) from Paper: Focused on ideas"),
    *("Summary of Part (ii) from Paper:", "Join Us", "References", "Own Words", "Contributors"),
    *("Abstract", "Referenzen", "Open Questions", "Questions:", "Markets (2)", "Authors: Ana Roe"),
)
_WORDS = (
    *("trust", "Ana", "Zoë", "Sid", "(Sid).", "(Ana)", "(sid)", "(ZK)", "(e.g., Foo: bar)"),
    *("(i)", "(ii)", "(iii)", "(1)", "(2)", "1.", "2.", "1)", "a)", "i.", "Topic", "Bitcoin:"),
    *("Note:", "Policy:", "foo:", "[6-9]", "(6-9)", "6-9", "p. 7", "pp 10-12", "Pages 47-56:"),
    *("[p. 3]", "[12]", "2017-2019", "GPT-4", "https://x.org/a)", "“Five", "3”", "**", "**Thanks"),
    *("•", "-", "–", "—", "·", "|", "’s", "Ольга", "李伟", "(李伟)", "networksAI", "Helping"),
    *("end.", "end.Next", "What?", "is", "the", "of", "and", ":", "::", ";", ",", "In", "We"),
    *("Case Studies13-15Flock.io", "Core:6-9Definitions:", "#", "===", "a@b.co", "tg: ana"),
    *("28 June 2024", "Notes", "Summary", "Contributors", "© 2024 X", "WPRC-007", "[Ana**]"),
    *(
        "(",
        "[",
        ")",
        "]",
        "“",
        "”",
        "* x",
        "Title: x",
        "Link: https://y.org z",
        "vs.",
        "10x",
        "24-7",
    ),
    *("(presenter)", "Reviewed by", "O’Neil", "** Ana Feedback:", "Authors: Li"),
)
_NUMBERS = ("(i) ", "(ii) ", "(iii) ", "1. ", "2. ", "a) ")
_RULES = ("---", "===", "~~~")


def words(most: int) -> st.SearchStrategy[str]:
    """A few fragments in a row."""
    return st.lists(st.sampled_from(_WORDS), min_size=1, max_size=most).map(" ".join)


def rows() -> st.SearchStrategy[str]:
    """One line, or a line with a rule below."""
    bullet = st.builds(
        lambda indent, sign, text: f"{' ' * indent}{sign} {text}",
        st.sampled_from((0, 2, 4, 8)),
        st.sampled_from("•-*◦–"),
        words(6),
    )
    return st.one_of(
        st.sampled_from(_HEADINGS),
        bullet,
        st.builds(str.__add__, st.sampled_from(_NUMBERS), words(7)),
        st.builds("{}\n{}".format, words(3), st.sampled_from(_RULES)),
        st.builds("{}      {}".format, words(3), words(3)),
        words(3),
        words(14),
    )


def wild_pages() -> st.SearchStrategy[str]:
    """Plain text pages that no club would write; most of them can be read all the same."""
    body = st.lists(
        st.builds(str.__add__, rows(), st.sampled_from(("\n\n", "\n\n", "\n"))), max_size=12
    )
    return st.builds(str.__add__, st.sampled_from(_HEADS), body.map("".join))


def records() -> st.SearchStrategy[PaperRecord]:
    """Records as the reader makes them, with whatever a text can hold."""
    return wild_pages().map(_read).filter(bool).map(_given)


def _read(text: str) -> PaperRecord | None:
    try:
        return read_source(text_source(text)).record
    except NotAPage:
        return None


def _given(record: PaperRecord | None) -> PaperRecord:
    assert record is not None
    return record
