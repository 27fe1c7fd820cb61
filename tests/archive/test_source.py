"""Files of all sorts are read, or refused with a sentence that helps."""

from __future__ import annotations

import codecs
import io
import zipfile

import pytest

from bot.archive.limits import MAX_LINES, MAX_PAGE_BYTES
from bot.archive.record import NotAPage
from bot.archive.source import read_file


def texts(data: bytes | str, name: str = "") -> list[str]:
    """The lines that are not empty."""
    page = read_file(data.encode() if isinstance(data, str) else data, name)
    return [line.text for line in page.lines if line.text]


def refusal(data: bytes, name: str = "") -> str:
    with pytest.raises(NotAPage) as caught:
        read_file(data, name)
    return str(caught.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    data = f"Zoë’s page{end}{end}second".encode(encoding)
    page = read_file(data)
    assert [(line.number, line.text) for line in page.lines] == [
        (1, "Zoë’s page"),
        (2, ""),
        (3, "second"),
    ]


@pytest.mark.parametrize("bom", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_of_either_order(bom: bytes) -> None:
    order = "utf-16-le" if bom == codecs.BOM_UTF16_LE else "utf-16-be"
    assert texts(bom + "Zoë".encode(order)) == ["Zoë"]


def test_invisible_characters_are_stray_layout() -> None:
    assert texts("Sum\u200bmary\ufeff\nco\xadop\n\x01a\x7f") == ["Summary", "coop", "a"]


def test_broken_utf_8_names_the_place() -> None:
    told = refusal(b"first\r\nsecond " + b"\xe9t\xe9")
    assert "line 2, byte 14 (0xe9)" in told
    assert "iconv -f WINDOWS-1252 -t UTF-8" in told


def test_broken_utf_16_is_refused() -> None:
    assert "UTF-16" in refusal(codecs.BOM_UTF16_LE + b"a\x00\x00\xd8")


def word_document(first: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(first, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"),
        (b"{\\rtf1 WPRC-006}", "an RTF document"),
        (word_document("word/document.xml"), "a Word document"),
        (word_document("mimetype"), "an OpenDocument file"),
        (word_document("page.txt"), "a zip archive"),
        (b"PK\x03\x04 and no more", "a damaged zip archive"),
        (b"WPRC-006\0\0\x01", "NUL bytes"),
    ],
)
def test_what_is_no_text_is_called_by_its_name(data: bytes, kind: str) -> None:
    told = refusal(data, "page.txt")
    assert kind in told
    assert "Save the page as plain text, HTML or Markdown" in told


@pytest.mark.parametrize("data", [b"", b"\n \t\r\n", codecs.BOM_UTF8, "\u200b\xa0".encode()])
def test_nothing_is_refused(data: bytes) -> None:
    assert "empty" in refusal(data)


def test_too_much_is_refused_before_it_is_parsed() -> None:
    assert "2.0 MB" in refusal(b"%PDF" + bytes(MAX_PAGE_BYTES))
    assert f"{MAX_LINES:,}" in refusal(b"a\n" * (MAX_LINES + 2))


@pytest.mark.parametrize(
    "line",
    [
        "WPRC 2026#006",
        "#006 is the sixth",
        "a < b and b > c",
        "<3 for <p> and </p>",
        "# of users in 2024",
        "**bold** in plain text",
        "[link](https://example.org/)",
        "---",
    ],
)
@pytest.mark.parametrize("name", ["", "page.txt"])
def test_a_stray_mark_leaves_a_page_plain_text(line: str, name: str) -> None:
    page = f"WPRC 2026#006\n\n{line}\ntwo lines\n"
    assert texts(page, name) == ["WPRC 2026#006", line, "two lines"]


def test_a_page_that_begins_with_a_rule_is_plain_text() -> None:
    assert texts("---\nWPRC 2026#006\nTitle") == ["---", "WPRC 2026#006", "Title"]


def test_a_name_alone_makes_no_markdown_or_html() -> None:
    page = "WPRC 2026#006\nContributors\nAna *and* Bo"
    assert texts(page, "page.md") == texts(page, "page.html") == page.split("\n")


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><p>a &amp; b</p>",
        "<?xml version='1.0'?>\n<!-- saved -->\n<html><p>a &amp; b</html>",
        "<div>a &amp; b</div>",
        "<!-- a page --><br>a &amp; b<br>",
    ],
)
def test_html_is_known_by_its_content(page: str) -> None:
    assert texts(page, "page.txt") == ["a & b"]


def test_html_is_known_by_its_name_with_a_tag() -> None:
    assert texts("a &amp; b<br>c", "page.HTM") == ["a & b", "c"]


def test_markdown_is_known_by_its_content() -> None:
    assert texts("# Title\n\n*one*\ntwo") == ["Title", "one", "two"]
    assert texts("---\ncode: WPRC-001\n---\n\n# Title\n\n*one*\ntwo") == ["Title", "one", "two"]
    assert texts("Title\n=====\n\n*one*\ntwo", "page.md") == ["Title", "one", "two"]
