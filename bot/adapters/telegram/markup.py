"""Spans -> Telegram's HTML, in which a person's text can neither format nor notify."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

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
)

_MAX_URL = 1_000
# Source: the Bot API on date-time entities: r, or w for the weekday, D the date, t the time.
_FORMATS = {
    WhenStyle.DATE: "wD",
    WhenStyle.TIME: "t",
    WhenStyle.DATE_TIME: "wDt",
    WhenStyle.RELATIVE: "r",
}


def html(text: Text, zone: str = "UTC") -> str:
    """A text as Telegram reads it with parse_mode HTML; times are also told in this zone."""
    return "".join([_span(span, zone) for span in text])


def words(text: Text, zone: str = "UTC") -> str:
    """What is left of a text once its marks are read: what Telegram counts."""
    return "".join([_words(span, zone) for span in text])


def bold(text: str) -> str:
    return f"<b>{safe(text)}</b>"


@lru_cache(maxsize=512)
def safe(text: str) -> str:
    """A person's text with nothing in it that acts."""
    return escape(clean(text), quote=False)


def _span(span: Span, zone: str) -> str:
    match span:
        case str():
            return safe(span)
        case Bold(content):
            return _tagged("b", content)
        case Italic(content):
            return _tagged("i", content)
        case Code(content):
            return _tagged("code", content)
        case Link(label, url):
            return _link(label, url)
        case Mention(account_id, name, is_role):
            if is_role or not account_id.isdecimal():
                return safe(one_line(name))
            return f'<a href="tg://user?id={account_id}">{safe(one_line(name)) or "?"}</a>'
        case When(at, style):
            unix = int(at.timestamp())
            told = safe(told_in(at, style, zone))
            return f'<tg-time unix="{unix}" format="{_FORMATS[style]}">{told}</tg-time>'
        case Quote(content):
            quoted = html(tuple(one for one in content if not isinstance(one, Quote)), zone)
            return f"<blockquote>{quoted}</blockquote>" if quoted.strip() else ""


def _words(span: Span, zone: str) -> str:
    match span:
        case str():
            return clean(span)
        case Bold(content) | Italic(content) | Code(content):
            return clean(content)
        case Link(label, url):
            return one_line(label) or clean(url)
        case Mention(_, name):
            return one_line(name) or "?"
        case When(at, style):
            return told_in(at, style, zone)
        case Quote(content):
            return words(tuple(one for one in content if not isinstance(one, Quote)), zone)


def _tagged(tag: str, content: str) -> str:
    # Telegram drops a tag around nothing, and then may find the text empty.
    shown = safe(content)
    return f"<{tag}>{shown}</{tag}>" if shown.strip() else shown


def _link(label: str, url: str) -> str:
    shown, address = one_line(label), clean(url)
    if len(address) > _MAX_URL or any(char.isspace() for char in address):
        return safe(shown or address[:_MAX_URL])
    return f'<a href="{escape(address)}">{safe(shown or address)}</a>'


def told_in(at: datetime, style: WhenStyle, zone: str) -> str:
    """An instant in words, for clients that do not show it in the reader's own zone."""
    local = at.astimezone(_zone(zone))
    date = f"{local:%a} {local.day} {local:%b %Y}"
    time = f"{local:%H:%M} {local:%Z}"
    match style:
        case WhenStyle.DATE:
            return date
        case WhenStyle.TIME:
            return time
    return f"{date}, {time}"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")
