"""A record written as Markdown is the same record when it is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given

from bot.archive import read_page, write_markdown
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
from tests.archive.wild import pages, read_if_page

REPOSITORY = Path(__file__).parents[2]
SEED = REPOSITORY.parent / "shared" / "data" / "seed" / "WPRC-006.txt"
SAMPLES = sorted((REPOSITORY / "bot" / "sample").glob("*.txt"))
RECORD = PaperRecord(
    code=PaperCode("WPRC", 6),
    title="1984: a # title",
    subtitle="No",
    date=PageDate(2024, 6),
    contributors=(
        Contributor("Ana", contacts=(Contact("email", "ana@secret.example"),)),
        Contributor("Bo", "reviewer"),
    ),
    paper_authors=("Chidi Ozu",),
    links=(Link("https://example.org/p", "the paper"),),
    sections=(
        Section(SectionKind.SUMMARY, "Summary", "In *short*.\n\n# Not a heading"),
        Section(
            SectionKind.IN_DEPTH,
            "In-depth Summary",
            items=(
                Item("", topic="Agents", page_start=6, page_end=9, points=(Point("AI", "1. is"),)),
            ),
        ),
    ),
)
WRITTEN = """\
---
code: WPRC-006
title: '1984: a # title'
subtitle: 'No'
date: 2024-06
contributors:
- name: Ana
  role: contributor
- name: Bo
  role: reviewer
paper_authors:
- Chidi Ozu
links:
- url: https://example.org/p
  label: the paper
---

## Summary

In \\*short\\*.

\\# Not a heading

## In-depth Summary

Agents \\[6-9\\]

- AI: 1. is
"""


def test_a_page_as_markdown() -> None:
    assert write_markdown(RECORD) == WRITTEN
    with_contacts = write_markdown(RECORD, with_contacts=True)
    assert "  contacts:\n  - email: ana@secret.example\n" in with_contacts
    assert read_page(with_contacts.encode()).record == RECORD


def test_a_record_of_nothing_but_its_head() -> None:
    record = PaperRecord(PaperCode("ZK", 14), "Title")
    assert write_markdown(record) == "---\ncode: ZK-014\ntitle: Title\n---\n"
    assert read_page(write_markdown(record).encode()).record == record


@pytest.mark.parametrize(
    "path",
    [
        *(pytest.param(path, id=path.stem) for path in SAMPLES),
        pytest.param(
            SEED, id="seed", marks=pytest.mark.skipif(not SEED.exists(), reason="no seed page here")
        ),
    ],
)
def test_real_pages_come_back(path: Path) -> None:
    record = read_page(path.read_bytes()).record
    read = read_page(write_markdown(record, with_contacts=True).encode())
    assert read.record == record
    assert read.warnings == ()


@given(pages)
def test_every_page_comes_back(text: str) -> None:
    record = read_if_page(text)
    assume(record is not None)
    assert record is not None
    written = write_markdown(record, with_contacts=True)
    assert read_page(written.encode()).record == record, written
