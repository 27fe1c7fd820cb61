"""HTML pages read as a browser shows them."""

from __future__ import annotations

import pytest

from bot.archive.html.reader import read_html
from bot.archive.record import Link, NotAPage
from tests.growth import grows_with_its_size


def shown(source: str) -> list[str]:
    """Each line as `2# heading`, `1* bullet` or text, an empty one as an empty text."""
    marked = []
    for line in read_html(source).lines:
        mark = f"{line.level}# " if line.level else f"{line.bullet}* " if line.bullet else ""
        marked.append(mark + line.text)
    return marked[1:] if marked[:1] == [""] else marked


def words(source: str) -> list[str]:
    return [line for line in shown(source) if line]


def test_blocks_are_lines_with_space_between() -> None:
    assert shown("<h1>Title</h1><p>one</p><section>two<p>three</section>four") == [
        "1# Title",
        "",
        "one",
        "",
        "two",
        "",
        "three",
        "",
        "four",
    ]


def test_inline_elements_glue_as_on_the_screen() -> None:
    assert words("<p>Core: <b>6-9</b>Definitions:<i> a</i>\n <em>b</em>") == [
        "Core: 6-9Definitions: a b"
    ]


def test_breaks_are_lines_and_two_leave_an_empty_one() -> None:
    assert shown("a<br>b<br/>\n<br >c</br>d") == ["a", "b", "", "c", "d"]


def test_entities_are_characters() -> None:
    assert words("<p>&lt;b&gt; &amp;amp; caf&eacute; &#x2014; AT&T") == ["<b> &amp; café — AT&T"]


def test_a_lone_bracket_is_text() -> None:
    assert words("<p>1 < 2 and 3 <4</p><p>next") == ["1 < 2 and 3 <4", "next"]


def test_lists_keep_their_depth() -> None:
    source = "<ul><li>a<ul><li>b<li><p>c</p><p>d</p></ul><li>e</ul>f"
    assert words(source) == ["1* a", "2* b", "2* c d", "1* e", "f"]


def test_numbers_of_lists_are_text() -> None:
    assert words("<ol start=3><li>a<li><b>b</b></ol>") == ["1* 3. a", "1* 4. b"]
    assert words("<ol><li>(i) a<li>ii. b</ol>") == ["1* (i) a", "1* ii. b"]
    assert words('<ol type="i"><li>a<li>b</ol>') == ["1* i. a", "1* ii. b"]
    assert words("<ol type=A><li>a<li>b</ol>") == ["1* A. a", "1* B. b"]


def test_a_list_that_lays_out_headings_is_no_list() -> None:
    source = "<ul><li><h2>Summary</h2><p>a</p><p>b</p><li><h2>Notes</h2><p>c</ul>"
    assert words(source) == ["2# Summary", "a", "b", "2# Notes", "c"]


def test_rows_and_definitions_are_lines() -> None:
    assert words("<table><tr><td>a<td>b<tr><td><p>c</p><p>d</p></table>") == ["a", "b", "c", "d"]
    assert words("<table><tr><th>a<td>b</td><td>c<tr><th>d:</th><td>e</table>") == [
        "a: b",
        "c",
        "d: e",
    ]
    assert words("<dl><dt>Label<dd>text<dt>Other:</dt><dd>more<dd>yet</dl>") == [
        "Label: text",
        "Other: more",
        "yet",
    ]


def test_preformatted_text_keeps_its_lines() -> None:
    assert shown("<pre>\na\n\n  b &amp; <b>c</b>\n</pre>") == ["a", "", "b & c"]


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>if (a<b) document.write('<p>no</p>')</script>",
        "<style>p > b {}</style>",
        "<template><p>no</p></template>",
        "<noscript><p>no</p></noscript>",
        "<svg><title>no</title><path d='M0'/><text>no</text></svg>",
        "<nav><ul><li>no</ul></nav>",
        "<form>no<button>no</button></form>",
        "<!-- no <p>no</p> -->",
        "<!DOCTYPE no><?no no>",
        "<div hidden><p>no</p></div>",
        "<p hidden>no",
        '<span style="color: red; DISPLAY : none">no<span>no</span></span>',
        '<a aria-hidden="true" href="https://example.org/no">no</a>',
        '<img alt="no" src="no"><input value="no">',
    ],
)
def test_what_nobody_sees_is_not_read(unseen: str) -> None:
    page = read_html(f"<html><body><p>be{unseen}</p><p>tween</p></body></html>")
    assert [line.text for line in page.lines if line.text] == ["be", "tween"]
    assert page.links == ()


def test_a_class_called_hidden_hides_nothing() -> None:
    assert words('<p class="hidden md:block">shown') == ["shown"]


def test_links_to_the_web_are_collected_once() -> None:
    page = read_html(
        '<a href="https://example.org/a?b=1&amp;c=2">the  <b>paper</b></a> '
        '<a href="https://example.org/a?b=1&amp;c=2">again</a>'
        '<a href="http://example.org/">http://example.org/</a>'
        '<a href="/home">home</a><a href="mailto:ana@example.org">Ana</a>'
        '<a href="javascript:alert(1)">x</a><a href="https://example.org/ x">y</a>'
        '<footer><a href="https://example.org/imprint">imprint</a></footer>'
    )
    assert page.links == (
        Link("https://example.org/a?b=1&c=2", "the paper"),
        Link("http://example.org/"),
    )


def test_a_site_around_the_page_is_left_out() -> None:
    site = "<header>Club</header><main>{}</main><aside>Other pages</aside>"
    assert words(site.format("<p>WPRC-006· SG</p>")) == ["WPRC-006· SG"]
    assert words(site.format("<p>Title</p>")) == ["Club", "Title", "Other pages"]
    article = "<article>WPRC-006</article>"
    assert words(f"Club{article}") == ["WPRC-006"]
    assert words(f"Club{article}{article}") == ["Club", "WPRC-006", "WPRC-006"]


def test_divs_are_apart_unless_the_page_sets_its_own_space() -> None:
    assert shown("<div>a</div><div>b</div><div><br></div><div>c</div>") == ["a", "b", "", "c"]
    assert shown("<div>a</div><div>b</div><div>c</div>") == ["a", "", "b", "", "c"]
    soup = "<div>&nbsp;</div>" + "<div>a</div>" * 9
    assert shown(soup)[:3] == ["a", "", "a"]


def test_lines_are_numbered_as_in_the_file() -> None:
    page = read_html("<html>\n<script>\n\n</script>\n<p\n>a\nb</p>\n<pre>\nc\nd</pre>")
    assert [(line.number, line.text) for line in page.lines if line.text] == [
        (6, "a b"),
        (9, "c"),
        (10, "d"),
    ]


HOSTILE = {
    "deep": "<div>" * 90_000 + "x",
    "deep and closed": "<div>" * 90_000 + "x" + "</div>" * 90_000,
    "deep lists": "<ul><li>" * 90_000,
    "wrong ends": "<x>" * 90_000 + "</y>" * 90_000,
    "open formatting": "".join(f"<b id={n}>x" for n in range(90_000)) + "<p>x" * 9_000,
    "attributes": "<a " + "b='" * 600_000,
    "quotes": "<p>" + '</a =">" ' * 150_000,
    "comments": "<!--" * 190_000,
    "items": "<ul><li><div>" + "<div>" * 190 + "<li>" * 180_000,
    "spaces": "<p>" + " " * 1_900_000 + "<a href " + " " * 100_000 + ">",
    "entities": "<p>" + "&amp" * 500_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_cost_no_more_than_their_size(source: str) -> None:
    assert grows_with_its_size(read_html, source)


@pytest.mark.parametrize("source", ["<p>" * 200_001, "<p>x" * 20_001])
def test_floods_are_refused(source: str) -> None:
    with pytest.raises(NotAPage, match="a page may have"):
        read_html(source)
