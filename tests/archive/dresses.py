"""The same page in other clothes: plain text turned into HTML of several habits."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from itertools import cycle, groupby

from bot.archive.grammar import text_source
from bot.archive.lines import Line
from bot.archive.record import PaperRecord

Dress = Callable[[str, PaperRecord], str]


def semantic(text: str, record: PaperRecord) -> str:
    """Headings, paragraphs and lists, inside a site with a menu, a script and a footer."""
    lines = text_source(text.replace(record.title, "", 1)).lines
    body = [f"<h1>{escape(record.title)}</h1>"]
    for is_bullet, group in groupby(lines, key=lambda line: bool(line.bullet)):
        shown = [line for line in group if line.text]
        if is_bullet:
            body.append(_list(shown))
        else:
            body += [_block(line, record) for line in shown]
    return (
        "<!doctype html>\n<html><head><title>Club archive</title><style>p { margin: 0 }</style>"
        '</head>\n<body><nav><a href="/">Papers</a></nav><script>a = "<p>Summary</p>"</script>'
        f"\n<main>{''.join(body)}</main>\n<footer><p>© 2026 A club</p></footer></body></html>"
    )


def soup(text: str, _: PaperRecord) -> str:
    """Every line a `<div>` of `<span>`s; nothing says what is what."""
    rows = (
        f"<div><span>{_kept(line) if line.strip() else '<br>'}</span></div>"
        for line in text.split("\n")
    )
    return "<html><body><div><div>" + "\n".join(rows) + "</div></div></body></html>"


def tight_soup(text: str, _: PaperRecord) -> str:
    """The same without the empty lines: all the space on the screen comes from a style sheet."""
    rows = (f"<div>{_kept(line)}</div>" for line in text.split("\n") if line.strip())
    return "<html><body>" + "".join(rows) + "</body></html>"


def breaks(text: str, _: PaperRecord) -> str:
    """One block of text with line breaks."""
    return "<html><body>" + "<br>\n".join(map(_kept, text.split("\n"))) + "</body></html>"


def preformatted(text: str, _: PaperRecord) -> str:
    """The text as it is."""
    return f"<html><body><pre>\n{escape(text, quote=False)}</pre></body></html>"


def emphasised(text: str, _: PaperRecord) -> str:
    """Paragraphs in which every other word is bold, in italics or in a span."""
    rows = []
    for line in text.split("\n"):
        words = map(_emphasis, line.split(" "), cycle(("", "b", "", "i", "", "span")))
        rows.append(f"<p>{' '.join(words)}</p>")
    return "<html><body>" + "\n".join(rows) + "</body></html>"


DRESSES: dict[str, Dress] = {
    "semantic": semantic,
    "soup": soup,
    "tight soup": tight_soup,
    "breaks": breaks,
    "preformatted": preformatted,
    "emphasised": emphasised,
}


def _kept(line: str) -> str:
    """The line with the white space that a browser would fold made of no-break spaces."""
    return escape(line, quote=False).replace("\t", "\xa0" * 8).replace("  ", "\xa0\xa0")


def _emphasis(word: str, tag: str) -> str:
    return f"<{tag}>{_kept(word)}</{tag}>" if tag and word else _kept(word)


def _block(line: Line, record: PaperRecord) -> str:
    text = escape(line.text)
    topics = {item.topic for section in record.sections for item in section.items}
    headings = [section.heading for section in record.sections]
    if line.text in headings:
        return f"<h2>{text}</h2>\n"
    for heading in headings:
        if heading.endswith(":") and line.text.startswith(f"{heading} "):
            rest = escape(line.text.removeprefix(heading).strip())
            return f"<h2>{escape(heading)}</h2><p>{rest}</p>\n"
    return f"<h3>{text}</h3>" if line.text in topics else f"<p>{text}</p>\n"


def _list(lines: list[Line]) -> str:
    made, depth = "", 0
    for line in lines:
        made += "<ul>" * (line.bullet - depth) + "</ul>" * (depth - line.bullet)
        made += f"<li>{escape(line.text)}"
        depth = line.bullet
    return made + "</ul>" * depth
