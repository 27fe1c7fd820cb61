"""Whatever a text holds, as Markdown it reads back as the same text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.archive.grammar import text_source
from bot.archive.lines import Line
from bot.archive.markdown.body import markdown_body
from bot.archive.markdown.reader import read_markdown

MARKS = """\
# a
- a
  - b
* x
1. a
12) a
---
===
```
~~~
> q
<script>
</div>
<!--
-->
[x](y)
[a]: http://x.y
&amp;
&#35;
__b__
**Thank
\\
a\\
b
http://x.y/a_b*c*d
<http://a.b>
• p
○ o
+
-
#
1.
:-
![i](j)
a b  # c
""".strip().splitlines()
TABLES = ["| a | b |", "|-|-|", "a|b", "-|-"]
ALPHABET = "ab 1.)(-+*_#`[]<>&|~!\\=:;\"'•\n\n\n\t\xa0é漢/@{}^$%"


def as_read(lines: Sequence[Line]) -> list[tuple[str, int, int]]:
    """Text, level and bullet of each line that is not empty."""
    return [(line.text, line.level, line.bullet) for line in lines if line.text]


def is_settled(lines: Sequence[Line]) -> bool:
    """Whether a text that stands alone is the same as in its row: a row may hide a bullet."""
    texts = ["" if line.level or line.bullet else line.text for line in lines]
    again = text_source("\n".join(texts)).lines
    return [(line.text, line.level, line.bullet) for line in again] == [(t, 0, 0) for t in texts]


@given(
    st.lists(
        st.sampled_from(MARKS + TABLES + ["", ""]) | st.text(ALPHABET, max_size=80), max_size=12
    )
)
@example(["a", "---"])
@example(["- a", "      - b", "  - c", "d"])
def test_lines_come_back(rows: list[str]) -> None:
    lines = text_source("\n".join(rows)).lines
    assume(is_settled(lines))
    written = markdown_body(lines)
    read = read_markdown("# Title\n\n" + written).lines
    assert as_read(read[1:]) == as_read(lines), written


@pytest.mark.parametrize("mark", MARKS)
def test_a_heading_may_hold_any_mark(mark: str) -> None:
    text = " ".join(mark.split()) or "x"
    lines = [Line(1, text, level=2), Line(2, f"{text} {text}", level=3), Line(3, text, bullet=1)]
    assert as_read(read_markdown(markdown_body(lines)).lines) == as_read(lines)


def test_markdown_as_people_would_write_it() -> None:
    lines = [
        Line(1, "In-depth #1", level=2),
        Line(2, "Two lines"),
        Line(3, "1. apart, as snake_case"),
        Line(5, "** Feedback: “good”"),
        Line(6, "Grass: https://example.org", bullet=1),
        Line(7, "- inner", bullet=2),
        Line(8, "last"),
    ]
    assert markdown_body(lines) == (
        """## In-depth \\#1

Two lines

1\\. apart, as snake\\_case

\\*\\* Feedback: “good”

- Grass: https://example.org
  - \\- inner

last"""
    )
