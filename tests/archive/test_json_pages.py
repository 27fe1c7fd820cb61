"""Whatever page is read, its JSON keeps to the schema, and nothing tells contacts unasked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.archive import PAGE_SCHEMA, read_page, to_json, write_markdown, write_page
from bot.archive.record import PaperRecord
from tests.archive.wild import pages, read_if_page

REPOSITORY = Path(__file__).parents[2]
SEED = REPOSITORY.parent / "shared" / "data" / "seed" / "WPRC-006.txt"
VALIDATOR = Draft202012Validator(PAGE_SCHEMA)

BYLINES = [
    "Ana (ana@secret.example, tg: secretana), Bo, [Chidi**]",
    "A subtitle?            Ana (ana@secret.example), Bo (telegram: @secretbo)",
    "By Ana <ana@secret.example> and Bo (discord: secretbo#1234)",
    "Reviewed by Chidi (x: @secretchidi)",
    "Contributors: Ana (secret.ana@example.org) / Bo",
    "Presenter: Ana, tg: secretana",
    "ana@secret.example",
]


def outputs(record: PaperRecord) -> list[str]:
    """Everything that may be shown of a record to anybody."""
    shown = json.dumps(to_json(record), ensure_ascii=False)
    return [shown, write_markdown(record), write_page(record)]


def examples(language: str) -> list[str]:
    """The code blocks in one language of the page that describes all this."""
    page = (REPOSITORY / "docs" / "archive-page.md").read_text("utf-8")
    return [block.partition("\n```")[0] for block in page.split(f"```{language}\n")[1:]]


def test_the_documentation_shows_one_page_in_every_format() -> None:
    shown, schema = map(json.loads, examples("json"))
    assert schema == PAGE_SCHEMA
    VALIDATOR.validate(shown)
    for language in ("text", "html", "markdown"):
        [example] = examples(language)
        parsed = read_page(example.encode())
        assert to_json(parsed.record) == shown
        assert parsed.warnings == ()
        assert [contact.value for contact in parsed.record.contributors[0].contacts] == [
            "ana@example.org",
            "ana_reads",
        ]


@given(pages)
def test_every_page_keeps_to_the_schema(text: str) -> None:
    record = read_if_page(text)
    assume(record is not None)
    assert record is not None
    for with_contacts in (False, True):
        VALIDATOR.validate(to_json(record, with_contacts=with_contacts))


@given(pages)
def test_contacts_leave_no_trace(text: str) -> None:
    record = read_if_page(text)
    assume(record is not None)
    assert record is not None
    people = tuple(replace(person, contacts=()) for person in record.contributors)
    assert outputs(record) == outputs(replace(record, contributors=people))


@given(st.lists(st.sampled_from(BYLINES), min_size=1, max_size=3, unique=True), st.booleans())
def test_contacts_in_the_head_are_nowhere_else(bylines: list[str], has_names: bool) -> None:
    names = ["Contributors\nAna·Bo·Chidi"] if has_names else []
    head = ["WPRC 2026#006", "A title", "WPRC-006· SG· 2024. 06· AI", *names, *bylines]
    record = read_page("\n\n".join([*head, "Summary", "In short."]).encode()).record
    assert not [shown for shown in outputs(record) if "secret" in shown]


@pytest.mark.skipif(not SEED.exists(), reason="no seed page here")
def test_the_seed_as_json() -> None:
    record = read_page(SEED.read_bytes()).record
    made = to_json(record, with_contacts=True)
    VALIDATOR.validate(made)
    text = SEED.read_text("utf-8")
    contacts = [contact.value for person in record.contributors for contact in person.contacts]
    assert len(contacts) == 2
    assert all(value in text for value in contacts)
    assert not [value for value in contacts for shown in outputs(record) if value in shown]
