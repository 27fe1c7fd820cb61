"""Papers to save, by hand and by Hypothesis."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

from storage.contacts import ContactRow
from storage.paper_rows import PaperDraft
from storage.revisions import ContributorRow, LinkRow
from storage.sections import SECTION_KINDS, ItemRow, SectionRow


def digest(text: str) -> str:
    """A digest for a draft that is told from others by this text."""
    return hashlib.sha256(text.encode()).hexdigest()


def draft(number: int = 6, title: str = "AI X Crypto Primer", **fields: Any) -> PaperDraft:
    """A draft of WPRC; its digest follows from all else that is given."""
    seed = repr((number, title, sorted((k, v) for k, v in fields.items() if k != "contacts")))
    fields.setdefault("digest", digest(seed))
    fields.setdefault("code", f"WPRC-{number:03d}")
    return PaperDraft(number=number, title=title, **fields)


def page(text: str, *, kind: str = "notes", heading: str = "Notes") -> tuple[SectionRow, ...]:
    """The sections of a page that says one thing."""
    return (SectionRow(kind, heading, text),)


def whole_draft() -> PaperDraft:
    """A draft with something in each field."""
    return draft(
        subtitle="Just a feature or crypto’s salvation?",
        abstract="Cryptographic tools for open models.",
        category="AI",
        chapter="SG",
        date="2024-06-28",
        summary="What both can do for each other.",
        outline=("summary", "in_depth"),
        paper_authors=("Ana Baioumy", "Bo Cheema"),
        contributors=(ContributorRow("Rongxin"), ContributorRow("Mohamed", "reviewer")),
        contacts=(ContactRow("Rongxin", "email", "r@example.org"),),
        links=(LinkRow("https://example.org/paper.pdf", "Paper"), LinkRow("https://example.org")),
        sections=(
            SectionRow("summary", "Summary", "What both can do for each other."),
            SectionRow("opinions", "Opinions (Rongxin)", "Thorough.", ("Rongxin",)),
            SectionRow(
                "in_depth",
                "In-depth Summary of Part (i) from Paper:",
                "Ideas first.",
                (),
                (
                    ItemRow("Deepfakes spread.", "(i)", "Deepfake & Solutions", None, 16, 24),
                    ItemRow(
                        "Bonds.",
                        label="Staking",
                        attributed_to=("Sid", "Chris"),
                        points=[{"label": "Note", "text": "Résumé", "points": []}],
                    ),
                ),
            ),
        ),
    )


names = st.text("abcXYZ ÉéßİŁ人工智能", min_size=1, max_size=12)
texts = st.text(
    st.characters(categories=["L", "M", "N", "P", "S", "Z", "Cf"], exclude_characters="\0"),
    max_size=60,
)
_pages = st.integers(0, 500)


def _ranged(item: ItemRow, start: int, length: int) -> ItemRow:
    return ItemRow(item.text, item.number, item.topic, item.label, start, start + length)


items = st.one_of(
    st.builds(
        ItemRow,
        text=texts,
        number=st.none() | st.just("(i)"),
        topic=st.none() | names,
        label=st.none() | names,
        attributed_to=st.lists(names, max_size=2).map(tuple),
        points=st.lists(
            st.fixed_dictionaries(
                {"label": st.none() | names, "text": texts, "points": st.just([])}
            ),
            max_size=2,
        ),
    ),
    st.builds(_ranged, st.builds(ItemRow, text=texts), _pages, _pages),
)
sections = st.builds(
    SectionRow,
    kind=st.sampled_from(SECTION_KINDS),
    heading=names,
    text=texts,
    attributed_to=st.lists(names, max_size=2).map(tuple),
    items=st.lists(items, max_size=3).map(tuple),
)
"""Sections of any kind with anything in them."""


@st.composite
def drafts(draw: st.DrawFn, number: int) -> PaperDraft:
    """A draft with this number and anything in it."""
    optional = st.none() | names
    fields: dict[str, Any] = {
        "title": draw(names),
        "subtitle": draw(optional),
        "abstract": draw(optional),
        "category": draw(optional),
        "chapter": draw(optional),
        "date": draw(st.sampled_from([None, "2024", "2024-06", "2024-06-28"])),
        "summary": draw(texts),
        "paper_authors": draw(st.lists(names, max_size=2).map(tuple)),
        "contributors": draw(st.lists(st.builds(ContributorRow, names), max_size=2).map(tuple)),
        "links": draw(st.lists(st.builds(LinkRow, names, optional), max_size=2).map(tuple)),
        "sections": draw(st.lists(sections, max_size=3).map(tuple)),
        "contacts": draw(
            st.lists(st.builds(ContactRow, names, st.just("email"), names), max_size=2).map(tuple)
        ),
    }
    return draft(number, **fields)


papers = st.integers(1, 4).flatmap(lambda count: st.tuples(*(drafts(n + 1) for n in range(count))))
"""The papers of a club, numbered from one."""
