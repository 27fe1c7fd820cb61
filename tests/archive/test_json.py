"""The JSON of a page, against its schema."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from bot.archive.json_export import to_json
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
from bot.archive.schema import PAGE_SCHEMA

VALIDATOR = Draft202012Validator(PAGE_SCHEMA)
BARE = PaperRecord(PaperCode("WPRC", 12), "A title")
FULL = PaperRecord(
    code=PaperCode("WPRC", 6),
    title="A title",
    subtitle="Its subtitle",
    abstract="About",
    category="AI",
    chapter="SG",
    date=PageDate(2024, 6, 28),
    contributors=(
        Contributor("Ana", contacts=(Contact("email", "ana@example.org"),)),
        Contributor("Bo", "reviewer"),
    ),
    paper_authors=("Chidi Ozu",),
    links=(Link("https://example.org/p", "the paper"), Link("http://example.org/")),
    sections=(
        Section(SectionKind.SUMMARY, "Summary", "In short."),
        Section(SectionKind.OPINIONS, "Opinions (Ana)", attributed_to=("Ana",)),
        Section(
            SectionKind.IN_DEPTH,
            "In-depth Summary of Part (i) from Paper:",
            "An intro.",
            items=(
                Item(
                    "What it says.",
                    "(i)",
                    "Agents",
                    "AI",
                    6,
                    9,
                    ("Dara",),
                    (Point("Group", "", (Point(None, "inner"),)),),
                ),
            ),
        ),
    ),
)
FULL_AS_JSON = """\
{
  "code": "WPRC-006",
  "title": "A title",
  "subtitle": "Its subtitle",
  "abstract": "About",
  "category": "AI",
  "chapter": "SG",
  "date": "2024-06-28",
  "contributors": [
    {
      "name": "Ana",
      "role": "contributor"
    },
    {
      "name": "Bo",
      "role": "reviewer"
    }
  ],
  "paper_authors": [
    "Chidi Ozu"
  ],
  "links": [
    {
      "url": "https://example.org/p",
      "label": "the paper"
    },
    {
      "url": "http://example.org/",
      "label": null
    }
  ],
  "sections": [
    {
      "kind": "summary",
      "heading": "Summary",
      "text": "In short.",
      "attributed_to": [],
      "items": []
    },
    {
      "kind": "opinions",
      "heading": "Opinions (Ana)",
      "text": "",
      "attributed_to": [
        "Ana"
      ],
      "items": []
    },
    {
      "kind": "in_depth",
      "heading": "In-depth Summary of Part (i) from Paper:",
      "text": "An intro.",
      "attributed_to": [],
      "items": [
        {
          "number": "(i)",
          "topic": "Agents",
          "label": "AI",
          "page_start": 6,
          "page_end": 9,
          "text": "What it says.",
          "attributed_to": [
            "Dara"
          ],
          "points": [
            {
              "label": "Group",
              "text": "",
              "points": [
                {
                  "label": null,
                  "text": "inner",
                  "points": []
                }
              ]
            }
          ]
        }
      ]
    }
  ]
}"""


def test_a_whole_record_with_its_keys_in_order() -> None:
    assert json.dumps(to_json(FULL), indent=2) == FULL_AS_JSON


def test_what_is_missing_is_null() -> None:
    made = to_json(BARE)
    assert made == {
        "code": "WPRC-012",
        "title": "A title",
        **dict.fromkeys(("subtitle", "abstract", "category", "chapter", "date")),
        **{key: [] for key in ("contributors", "paper_authors", "links", "sections")},
    }


@pytest.mark.parametrize(
    ("date", "shown"),
    [(PageDate(2024, 6), "2024-06"), (PageDate(2024), "2024"), (PageDate(999, 1, 2), "0999-01-02")],
)
def test_a_date_is_as_precise_as_the_page(date: PageDate, shown: str) -> None:
    made = to_json(replace(BARE, date=date))
    assert made["date"] == shown
    VALIDATOR.validate(made)


def test_contacts_only_where_they_are_asked_for() -> None:
    assert "example.org/p" in json.dumps(to_json(FULL))
    assert "ana@" not in json.dumps(to_json(FULL))
    assert to_json(FULL, with_contacts=True)["contributors"] == [
        {
            "name": "Ana",
            "role": "contributor",
            "contacts": [{"kind": "email", "value": "ana@example.org"}],
        },
        {"name": "Bo", "role": "reviewer", "contacts": []},
    ]


def test_the_schema_is_sound_and_takes_records() -> None:
    VALIDATOR.check_schema(PAGE_SCHEMA)
    for record in (BARE, FULL):
        for with_contacts in (False, True):
            VALIDATOR.validate(to_json(record, with_contacts=with_contacts))


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "wprc-6"},
        {"title": ""},
        {"date": "June 2024"},
        {"note": "unknown"},
        {"contributors": [{"name": "Ana"}]},
        {"contributors": [{"name": "Ana", "role": "reviewer", "email": "ana@example.org"}]},
        {"sections": [{"kind": "intro", "heading": "x", "text": ""}]},
        {"links": [{"url": "javascript:alert(1)", "label": None}]},
    ],
)
def test_the_schema_refuses_what_is_no_page(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate({**to_json(FULL), **wrong})
    made = to_json(FULL)
    del made["links"]
    with pytest.raises(ValidationError):
        VALIDATOR.validate(made)
