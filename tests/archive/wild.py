"""Pages as nobody should write them, for properties that hold of every record that is read."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.archive import NotAPage, read_page
from bot.archive.record import PaperRecord

HEADINGS = """\
Summary
Why This Is Important
Lite Summary
Authors
Opinions (Ana)
Community Opinions
Notes
In-depth Summary of Part (i) from Paper: Focused on ideas.
Summary of Part (ii) from Paper:
Join Us
References
Summary: in one line
# References
### Odds & ends #1
""".splitlines()
LINES = """\
WPRC-007· SG· 2024. 06· AI
28 June 2024
Contributors
Ana·Bo·Chidi
Ana (ana@secret.example, tg: secret_ana), Bo, [Chidi**]
Subtitle: 1984
Title: No
(i) Equity: it is. (ii) Tokens (Bo).
(i) alone
1. first
2. second: b
What is AI?
It was said: "no" (Ana).
a short line
Core Frameworks: 6-9Definitions: Differs.Crypto Helping AI: helps.
Case Studies13-15Flock.io [example]: It combines.
The Bitter Lesson [31-28] Note: backwards
Pages 47-56: Overview:
** Mohamed Feedback: “good”
**Thank you Mohamed
• bullet: text
    • deeper
- dash
* star
+ plus
1) one
# hash
## Notes
> quoted
---
===
```
    code
<script>alert(1)</script>
<b>bold</b> &amp; &#35; <!-- x -->
[link](https://example.org/a_b) and https://example.org/x_y_z).
| a | b |
|---|---|
[a]: https://example.org
snake_case *star* `tick` ~~no~~ \\ back\\slash \\# !
日本語の見出し
مرحبا: نص
© 2026 A club
""".splitlines()
NOISE = "abA 1.)(:-*_#`[]<>&|~!\\=;\"'•·—\n\t\xa0é漢@/"

rows = st.sampled_from(LINES) | st.sampled_from(["", ""]) | st.text(NOISE, max_size=40)
sections = st.tuples(st.sampled_from(HEADINGS), st.lists(rows, max_size=7))
plain_pages = st.builds(
    lambda head, parts: "\n".join(
        ["WPRC 2026#006", "", *head, "", *(f"\n{first}\n\n" + "\n".join(r) for first, r in parts)]
    ),
    st.lists(rows, max_size=5),
    st.lists(sections, max_size=4),
)
"""Plain text that begins with a code."""
pages = plain_pages | plain_pages.map(lambda text: f"---\ncode: WPRC-006\n---\n# T\n\n{text}")


def read_if_page(text: str) -> PaperRecord | None:
    """The record of a page; None where the page is refused."""
    try:
        return read_page(text.encode()).record
    except NotAPage:
        return None
