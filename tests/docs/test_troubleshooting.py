"""docs/troubleshooting.md has the messages that the program prints, and no others."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.docs.pages import DOCS, TABLE, blocks, cells
from tests.docs.sentences import all_texts, complaints

PAGE = DOCS / "troubleshooting.md"
_HEADING = "Message"
_QUOTED = re.compile(r"(`+)\s?(.*?)\s?\1")


def messages() -> list[str]:
    """What stands in the first column of the page's tables."""
    found = []
    for block in blocks(PAGE.read_text(encoding="utf-8")):
        if block.kind != TABLE or cells(block.lines[0])[0] != _HEADING:
            continue
        for row in block.lines[2:]:
            first, *others = cells(row)
            quoted = _QUOTED.fullmatch(first)
            assert quoted, f"no message stands in {row!r}"
            assert all(others), f"nothing is said of {first}"
            found.append(quoted[2])
    return found


def is_said_as(message: str, text: str) -> bool:
    """Whether a sentence of the program is the one that the page quotes, from end to end."""
    pattern, longest = _pattern(message)
    # Most are told apart by that, which takes far less time.
    return longest in text and pattern.fullmatch(text) is not None


@cache
def _pattern(message: str) -> tuple[re.Pattern[str], str]:
    parts = message.split("…")
    whole = re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
    return whole, max(parts, key=len)


def test_every_message_of_the_page_is_one_of_the_program() -> None:
    found = messages()
    assert len(found) > 50
    texts = all_texts()
    unsaid = [one for one in found if not any(is_said_as(one, text) for text in texts)]
    assert not unsaid, "\n".join(unsaid)
    assert [one for one in found if found.count(one) > 1] == []
    # A message that is nearly all `…` would stand for everything.
    assert [one for one in found if len(re.findall(r"\w", one)) < 5] == []


def test_every_complaint_of_the_command_line_is_on_the_page() -> None:
    found = messages()
    said = complaints()
    assert len(said) > 150
    missing = [str(one) for one in said if not any(is_said_as(each, one.text) for each in found)]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("message", "text", "is_it"),
    [
        ("there is no file …", "there is no file …", True),
        ("there is no file …", "there is no file … any more", True),
        ("There is no file ….", "There is no file … here", False),
        (
            "A webhook needs a secret. …",
            "A webhook needs a secret. Set TELEGRAM_WEBHOOK_SECRET.",
            True,
        ),
        (
            "A webhook needs a secret.",
            "A webhook needs a secret. Set TELEGRAM_WEBHOOK_SECRET.",
            False,
        ),
    ],
)
def test_a_message_is_quoted_from_end_to_end(message: str, text: str, is_it: bool) -> None:
    assert is_said_as(message, text) == is_it
