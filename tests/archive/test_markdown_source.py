"""Markdown pages and their front matter, as lines and fields."""

from __future__ import annotations

import pytest

from bot.archive.lines import SourcePage
from bot.archive.markdown.front_matter import MAX_FRONT_MATTER
from bot.archive.markdown.reader import read_markdown
from bot.archive.record import Link, NotAPage
from bot.archive.source import read_file
from tests.growth import grows_with_its_size


def shown(page: SourcePage) -> list[str]:
    """Each line that is not empty as `2# heading`, `1* bullet` or text."""
    marked = []
    for line in page.lines:
        mark = f"{line.level}# " if line.level else f"{line.bullet}* " if line.bullet else ""
        if line.text:
            marked.append(mark + line.text)
    return marked


def refusal(source: str) -> str:
    with pytest.raises(NotAPage) as caught:
        read_file(source.encode())
    return str(caught.value)


def test_headings_paragraphs_and_lists() -> None:
    page = read_markdown(
        """# AI X *Crypto* Primer #

One paragraph
on two lines\\
and a third.

Summary
-------

- first
  goes on

  and on
    - deeper
- second

3. third
4. **fourth**

> quoted

```
code # as is
```
"""
    )
    assert shown(page) == [
        "1# AI X Crypto Primer",
        "One paragraph",
        "on two lines",
        "and a third.",
        "2# Summary",
        "1* first goes on and on",
        "2* deeper",
        "1* second",
        "1* 3. third",
        "1* 4. fourth",
        "quoted",
        "code # as is",
    ]


def test_marks_that_are_no_marks_stay() -> None:
    page = read_markdown(
        r"# \# \[Mohamed\*\*\] \<b\> 1\. a_b_c 2 * 3 \\ &lt; &amp;amp; AT&T"
        "\n\n\\- no list\\\n\\*\\* Feedback: `**` ** x\n\n1\\. no item\n\n\\---\n"
    )
    assert shown(page) == [
        "1# # [Mohamed**] <b> 1. a_b_c 2 * 3 \\ < &amp; AT&T",
        "1* no list",  # In plain text it is a bullet as well.
        "** Feedback: ** ** x",
        "1. no item",
        "---",
    ]


def test_html_in_markdown_is_its_text() -> None:
    page = read_markdown(
        "# a <span>b</span><br>c\n\nd <script>no</script>e<br>f\n\n"
        "<div>\n<p>g</p><ul><li>h</ul></div>\n\n<script>\nno\n</script>\n\ni <!-- no --> j\n"
    )
    assert shown(page) == ["1# a b c", "d e", "f", "g", "1* h", "i j"]


def test_tables_are_lines() -> None:
    page = read_markdown("# t\n\n| a | b |\n| - | - |\n| c **d** | e \\| f |\n")
    assert shown(page) == ["1# t", "a", "b", "c d", "e | f"]


def test_links_are_collected_and_their_words_stay() -> None:
    page = read_markdown(
        "# t\n\nthe [white *paper*](https://example.org/p_q) and <https://example.org/> and "
        "[Ana](mailto:ana@example.org) and [here](/home) and ![no](https://example.org/i.png)"
    )
    assert shown(page)[1].startswith("the white paper and https://example.org/ and Ana and here")
    assert page.links == (
        Link("https://example.org/p_q", "white paper"),
        Link("https://example.org/"),
    )


def test_lines_are_numbered_as_in_the_file() -> None:
    page = read_file(b"---\ncode: WPRC-001\n---\n\n# a\n\nb\nc\\\nd\n\n- e\n\n```\nf\n```\n")
    assert [(line.number, line.text) for line in page.lines if line.text] == [
        (5, "a"),
        (7, "b"),
        (8, "c"),
        (9, "d"),
        (11, "e"),
        (14, "f"),
    ]


def test_front_matter_is_texts_lists_and_mappings() -> None:
    page = read_file(
        b"""---
Code: WPRC-006
title: 1984
subtitle: No
date: 2024-06-28
chapter: ~
abstract: "null"
Paper authors: [Ana, "Bo: Y"]
contributors:
  - name: Ana
    role: reviewer
  - Bo
summary: >
  two
  lines
---
# Title
"""
    )
    assert dict(page.fields) == {
        "code": "WPRC-006",
        "title": "1984",
        "subtitle": "No",
        "date": "2024-06-28",
        "chapter": None,
        "abstract": "null",
        "paper_authors": ["Ana", "Bo: Y"],
        "contributors": [{"name": "Ana", "role": "reviewer"}, "Bo"],
        "summary": "two lines\n",
    }
    assert shown(page) == ["1# Title"]


def test_front_matter_above_plain_text_leaves_it_plain() -> None:
    page = read_file(b"---\ncode: WPRC-006\n---\nContributors\nAna *and* Bo\n")
    assert [(line.number, line.text) for line in page.lines if line.text] == [
        (4, "Contributors"),
        (5, "Ana *and* Bo"),
    ]


def test_empty_front_matter_is_none() -> None:
    page = read_file(b"---\n---\n# Title\n")
    assert (dict(page.fields), shown(page)) == ({}, ["1# Title"])


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("title: a\nsubtitle: b: c\n", "Line 3: the front matter is no sound YAML"),
        ("title: a\nsubtitle: b: c\n", "needs quotes"),
        ("title: 'a\n", "no sound YAML"),
        ("title: \x0ea\n@: b\n", "no sound YAML"),
        ("- a\n- b\n", "Line 2: front matter must be lines such as `title:"),
        ("just words\n", "must be lines such as"),
        ("a: &x [b]\nc: *x\n", "Line 2: anchors and aliases"),
        ("a: *x\n", "anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", "tags are not read"),
        ("a: " + "[" * 20_000 + "\n", "this deep"),
        ("a: " + "{" * 20_000 + "\n", "this deep"),
        ("a: " + "b" * MAX_FRONT_MATTER + "\n", "may have 65,536"),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused(block: str, told: str) -> None:
    assert told in refusal(f"---\n{block}---\n# Title\n")


def test_front_matter_without_an_end_is_refused() -> None:
    assert "has no end" in refusal("---\ncode: WPRC-006\n\n# Title\n")


HOSTILE = {
    "[": "[" * 190_000,
    "*": "*a " * 190_000,
    "a**": "a**" * 90_000,
    "`": "".join("e" + "`" * count for count in range(1, 600)),
    "<": "<a " * 190_000,
    "&": "&a" * 190_000,
    "- - -": "- " * 900_000,
    "nested": "".join(" " * depth + "- a\n" for depth in range(1_900)),
    "items": "- a\n" * 19_000,
    "rows": "a|b\n-|-\n" + "x|y\n" * 19_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_cost_no_more_than_their_size(source: str) -> None:
    assert grows_with_its_size(lambda text: read_markdown("# t\n\n" + text), source)


@pytest.mark.parametrize("source", ["[" * 200_001, "a\n\n" * 10_001])
def test_floods_are_refused(source: str) -> None:
    with pytest.raises(NotAPage, match="a page may have"):
        read_markdown(source)
