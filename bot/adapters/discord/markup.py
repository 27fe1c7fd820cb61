"""Spans -> Discord's Markdown, in which a person's text can neither format nor notify."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from bot.chat.text import (
    Bold,
    Code,
    Italic,
    Link,
    Mention,
    Quote,
    Span,
    Text,
    When,
    WhenStyle,
    clean,
    one_line,
    plain,
)

# Between two delimiters that would otherwise run together, and inside what must not notify.
_GAP = "\u200b"
_STYLES = {
    WhenStyle.DATE: "D",
    WhenStyle.TIME: "t",
    WhenStyle.DATE_TIME: "F",
    WhenStyle.RELATIVE: "R",
}
_MAX_URL = 1_000
# A backslash before any sign that is no letter, digit or space makes it an ordinary one. Signs
# that mean something at a line's start alone are escaped there alone, where a span's start counts
# as one: the spans before it may be empty.
_ESCAPED = re.compile(
    r"[\\*_~|`\[\]<]"
    r"|:(?=//)"
    r"|(?:^|(?<=\n))[^\S\n]*(?:[#>+-]|\d{1,9}\.)"
    r"|@(?=everyone|here)"
)
# Most texts hold nothing to escape, which one look for these signs tells in a tenth of the time.
_SIGNS = re.compile(r"[\\*_~|`\[\]<@\n]")
_LINE_SIGN = re.compile(r"[^\S\n]*(?:[#>+-]|\d{1,9}\.)")


def markdown(text: Text) -> str:
    """A text for the content of a message or a description of an embed."""
    out: list[str] = []
    for span in _joined(text):
        _append(out, span)
    return "".join(out).rstrip("\n")


def mentions(text: Text) -> Iterable[Mention]:
    """The spans of a text that are to notify somebody."""
    for span in text:
        if isinstance(span, Mention):
            yield span
        elif isinstance(span, Quote):
            yield from mentions(span.content)


def _joined(text: Text) -> Iterable[Span]:
    """Neighbouring strings as one: half of a sign in each of two would pass unescaped."""
    words = ""
    for span in text:
        if isinstance(span, str):
            words += span
            continue
        if words:
            yield words
            words = ""
        yield span
    if words:
        yield words


def _append(out: list[str], span: Span) -> None:
    last = out[-1] if out else ""
    match span:
        case str():
            out.append(escape(span))
        case Bold(content):
            out.append(_delimited(content, "**", last))
        case Italic(content):
            out.append(_delimited(content, "*", last))
        case Code(content):
            out.append(_code(content, last))
        case Link(label, url):
            out.append(_link(label, url))
        case Mention():
            out.append(_mention(span))
        case When(at, style):
            out.append(f"<t:{int(at.timestamp())}:{_STYLES[style]}>")
        case Quote(content):
            lines = markdown(content).split("\n")
            start = "" if not last or last.endswith("\n") else "\n"
            out.append(start + "".join(f"> {line}\n" for line in lines))


def escape(text: str) -> str:
    """A person's words as they are, whatever they look like."""
    # Long texts are parts of pages, read once; short ones are titles and names, shown often.
    return _escaped(text) if len(text) > 1_000 else _escaped_again(text)


def _escaped(text: str) -> str:
    text = clean(text)
    has_sign = _SIGNS.search(text) or "://" in text or _LINE_SIGN.match(text)
    return _ESCAPED.sub(_escape_sign, text) if has_sign else text


_escaped_again = lru_cache(maxsize=1_024)(_escaped)


def _escape_sign(match: re.Match[str]) -> str:
    found = match[0]
    return f"@{_GAP}" if found == "@" else f"{found[:-1]}\\{found[-1]}"


def _delimited(content: str, mark: str, last: str) -> str:
    """Emphasis begins and ends at a word, so spaces at the ends stand outside of it."""
    words = content.strip()
    if not words:
        return content
    at = content.index(words)
    before, after = content[:at], content[at + len(words) :]
    gap = _GAP if not before and last.endswith("*") else ""
    return f"{gap}{before}{mark}{escape(words)}{mark}{after}"


def _code(content: str, last: str) -> str:
    """Nothing is escaped in code, so a backtick is shown by a letter that looks like one."""
    words = " ".join(clean(content).replace("`", "ˋ").split("\n"))
    gap = _GAP if last.endswith("`") else ""
    return f"{gap}`{words}`" if words.strip() else words


def _link(label: str, url: str) -> str:
    address = quote(clean(url).replace("\n", ""), safe="/:?#@!$&'*+,;=%~-._")
    words = one_line(label)
    if len(address) > _MAX_URL:
        return escape(words)
    if not words or words == url:
        return f"<{address}>"
    # A label that looks like an address is not hidden behind: Discord would show it as it stands.
    return f"{escape(words)} (<{address}>)" if "://" in words else f"[{escape(words)}]({address})"


def _mention(span: Mention) -> str:
    if not is_snowflake(span.account_id):
        return escape(f"@{span.name}")
    return f"<@{'&' if span.is_role else ''}{span.account_id}>"


def is_snowflake(text: str) -> bool:
    """Whether a text can be one of Discord's ids."""
    return text.isascii() and text.isdecimal() and len(text) <= 20


def words(text: Text) -> str:
    """A text for where Discord knows no Markdown: a footer."""
    return clean(plain(text)).strip()
