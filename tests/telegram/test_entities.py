"""A text of the bot is read as Telegram reads it."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram.entities import covered, read_text, typed_text
from tests.telegram.html import KINDS, parse_html, units
from tests.telegram.refusals import Refusal


def kinds(source: str) -> list[tuple[str, str]]:
    text = read_text(source, "HTML", None)
    return [(entity["type"], covered(text.text, entity)) for entity in text.entities]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<strong>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<del>x</del>", "strikethrough"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ('<a href="https://example.org/">x</a>', "text_link"),
        ('<a href="tg://user?id=7">x</a>', "text_mention"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ('<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>', "custom_emoji"),
        ('<tg-time unix="1647531900" format="wDT">x</tg-time>', "date_time"),
    ],
)
def test_a_tag_becomes_an_entity(source: str, kind: str) -> None:
    assert kinds(source) == [(kind, "x")]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("a<x>", 'Unsupported start tag "x" at byte offset 1'),
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<!-- x -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a ", 'Unclosed start tag "a" at byte offset 0'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_telegram_complains_of_a_wrong_tag(source: str, complaint: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_text(source, "HTML", None)
    assert refused.value.status == 400
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"
    assert refused.value.is_violation


def test_references_stand_for_characters() -> None:
    assert read_text("&lt;b&gt; &amp; &quot;&#233;&#x1F600;", "HTML", None).text == '<b> & "é😀'
    assert read_text("&apos; &nbsp; & &x", "HTML", None).text == "&apos; &nbsp; & &x"


def test_offsets_are_counted_in_utf_16() -> None:
    text = read_text("😀 <b>x</b>", "HTML", None)
    assert text.entities == [{"type": "bold", "offset": 3, "length": 1}]
    assert text.size == 4


def test_blanks_around_are_cut_and_entities_with_them() -> None:
    text = read_text("\n <b> x </b>\n", "HTML", None)
    assert (text.text, text.entities) == ("x", [{"type": "bold", "offset": 0, "length": 1}])
    assert read_text("<b> \n </b>", "HTML", None).text == ""


def test_a_link_to_nowhere_keeps_its_words() -> None:
    assert kinds('<a href="nowhere">x</a> <a href="example.org">y</a>') == [("text_link", "y")]


def test_code_may_name_a_language() -> None:
    text = read_text('<pre><code class="language-python">x</code></pre>', "HTML", None)
    assert text.entities == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


@pytest.mark.parametrize(
    ("source", "flaw"),
    [
        ("<code>a<b>b</b></code>", "bold inside code is dropped"),
        ("<code><b>b</b></code>", "bold inside code is dropped"),
        ('<pre>a<a href="https://a.b">b</a></pre>', "text_link inside pre is dropped"),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            "blockquote inside blockquote is dropped",
        ),
    ],
)
def test_what_is_nested_wrongly_is_dropped_and_told(source: str, flaw: str) -> None:
    text = read_text(source, "HTML", None)
    assert text.flaws == [flaw]
    assert len(text.entities) == 1


def test_more_than_a_hundred_entities_are_dropped_and_told() -> None:
    text = read_text("<b>x</b> " * 101, "HTML", None)
    assert len(text.entities) == 100
    assert text.flaws == ["more than 100 entities: the rest is dropped"]


def test_telegram_finds_commands_links_and_mentions_by_itself() -> None:
    text = typed_text("/paper@paper_club_bot a/b @ana_b https://a.b/c. #tag <b>")
    found = [(one["type"], covered(text.text, one)) for one in text.entities]
    assert found == [
        ("bot_command", "/paper@paper_club_bot"),
        ("mention", "@ana_b"),
        ("url", "https://a.b/c"),
        ("hashtag", "#tag"),
    ]
    assert kinds("<code>/paper</code>") == [("code", "/paper")]


def test_only_html_is_read() -> None:
    with pytest.raises(Refusal, match="unsupported parse_mode"):
        read_text("x", "Latin", None)


@given(st.text())
def test_escaped_text_says_what_was_said(said: str) -> None:
    text, entities = parse_html(escape(said, quote=False))
    assert (text, entities) == (said, [])


@given(st.text(alphabet="<>&/b=\"'a ;#x1quot-", max_size=60))
def test_no_text_does_more_than_complain(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except Refusal as refusal:
        complaint = refusal.description
        text, entities = "", []
    else:
        complaint = "Bad Request: can't parse entities: "
    assert complaint.startswith("Bad Request: can't parse entities: ")
    assert all(0 <= one["offset"] < one["offset"] + one["length"] for one in entities)
    assert all(one["offset"] + one["length"] <= units(text) for one in entities)


@given(st.recursive(st.text(max_size=5), lambda inner: st.tuples(
    st.sampled_from([tag for tag in KINDS if tag[0] not in "at" and tag != "span"]), inner
)))  # fmt: skip
def test_nested_tags_are_read(tree: object) -> None:
    def write(node: object) -> str:
        if isinstance(node, tuple):
            return f"<{node[0]}>{write(node[1])}</{node[0]}>"
        return escape(str(node), quote=False)

    def words(node: object) -> str:
        return words(node[1]) if isinstance(node, tuple) else str(node)

    assert parse_html(write(tree))[0] == words(tree)
