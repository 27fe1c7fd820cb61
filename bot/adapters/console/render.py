"""A Reply -> lines of a terminal or a pipe. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from wcwidth import wcswidth

from bot.chat.actions import encode, encode_page
from bot.chat.paging import Limits, paginate
from bot.chat.reply import Action, Block, Card, Reach, Reply
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
)

LIMITS = Limits(characters=3_000, actions=25)
_RESET = "\x1b[0m"
_STYLES = {"bold": "\x1b[1m", "italic": "\x1b[3m", "code": "\x1b[36m", "button": "\x1b[32m"}
_FORMATS = {
    WhenStyle.DATE: "%a %d %b %Y",
    WhenStyle.TIME: "%H:%M",
    WhenStyle.DATE_TIME: "%a %d %b %Y, %H:%M %Z",
    WhenStyle.RELATIVE: "%a %d %b %Y, %H:%M %Z",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a reply is to look: `width` in columns, None for lines as they come."""

    width: int | None = None
    has_colours: bool = False
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text, without empty lines, and the codes of its buttons: the first is ``[1]``."""

    text: str
    buttons: tuple[str, ...]


_Piece = tuple[str, str]
"""A style's name (or none) and words."""


def render(reply: Reply, look: Look) -> Rendered:
    """The page that the reply is on, with its buttons numbered in reading order."""
    buttons: list[str] = []
    lines: list[list[_Piece]] = []
    if reply.audience.reach is Reach.PRIVATE and (reply.text or reply.card):
        lines.append([("italic", "(only you)")])
    if reply.text:
        lines += _lines(_pieces(reply.text, look))
    pages: list[tuple[Block, ...]] = [()]
    page = 1
    if reply.card is not None:
        pages = paginate(reply.card.body, LIMITS)
        page = min(reply.page, len(pages))
        lines += _card_lines(reply.card, pages[page - 1], buttons, look)
    row = [_button(buttons, action) for action in reply.actions]
    row += _page_buttons(reply, page, len(pages), buttons)
    if row:
        lines.append([piece for pieces in row for piece in (*pieces, ("", "  "))][:-1])
    if reply.reaction is not None:
        lines.append([("", reply.reaction.emoji)])
    shown = (_styled(line, look) for line in lines)
    return Rendered("\n".join(line for line in shown if line.strip()), tuple(buttons))


def _card_lines(
    card: Card, blocks: Sequence[Block], buttons: list[str], look: Look
) -> list[list[_Piece]]:
    lines: list[list[_Piece]] = [[("bold", clean(card.title))]]
    facts: list[_Piece] = []
    for field in card.fields:
        facts += [("", " · ")] if facts else []
        facts += [("", f"{field.name}: "), *_pieces(field.value, look)]
    if facts:
        lines.append(facts)
    for block in blocks:
        pieces = _pieces(block.text, look)
        for action in block.actions:
            pieces += [("", " "), *_button(buttons, action)]
        lines += _lines(pieces)
    if card.footer:
        lines += _lines(_pieces(card.footer, look))
    return lines


def _button(buttons: list[str], action: Action) -> list[_Piece]:
    buttons.append(code_of(action))
    return [("button", f"[{len(buttons)}]"), ("", f" {clean(action.label)}")]


def code_of(action: Action) -> str:
    """The code of an action that has passed the house's door, where long ones are stored."""
    code = encode(action)
    if code is None:
        raise ValueError(f"an action that was not stored: {action.command}")
    return code


def _page_buttons(reply: Reply, page: int, count: int, buttons: list[str]) -> list[list[_Piece]]:
    """The way to the page before and the page after, where there are any."""
    if count == 1 or reply.again is None:
        return []
    row = []
    for label, target in (("Previous page", page - 1), ("Next page", page + 1)):
        if 1 <= target <= count:
            buttons.append(encode_page(reply.again, target, reply.revision))
            text = f" {label} ({target} of {count})"
            row.append([("button", f"[{len(buttons)}]"), ("", text)])
    return row


def _pieces(text: Text, look: Look) -> list[_Piece]:
    return [piece for span in text for piece in _span(span, look)]


def _span(span: Span, look: Look) -> Iterable[_Piece]:
    match span:
        case str():
            yield "", clean(span)
        case Bold(content):
            yield "bold", clean(content)
        case Italic(content):
            yield "italic", clean(content)
        case Code(content):
            yield "code", clean(content)
        case Link(label, url):
            yield "", clean(url) if label == url else f"{clean(label)} ({clean(url)})"
        case Mention(_, name):
            yield "bold", f"@{clean(name)}"
        case When(at, style):
            yield "", at.astimezone(look.zone).strftime(_FORMATS[style])
        case Quote(content):
            yield "", "“"
            for inner in content:
                yield from _span(inner, look)
            yield "", "”"


def _lines(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Pieces cut at their line ends, so that each line can be styled and wrapped by itself."""
    lines: list[list[_Piece]] = [[]]
    for style, text in pieces:
        first, *more = text.split("\n")
        lines[-1].append((style, first))
        lines += [[(style, line)] for line in more]
    return lines


def _styled(line: Sequence[_Piece], look: Look) -> str:
    parts = []
    column = 0
    for style, text in line:
        if look.width is not None:
            text, column = _wrapped(text, column, look.width)
        if look.has_colours and style and text:
            text = f"{_STYLES[style]}{text}{_RESET}"
        parts.append(text)
    return "".join(parts).rstrip()


def _wrapped(text: str, column: int, width: int) -> tuple[str, int]:
    """Breaks a piece between words; gives it and the column where it ends."""
    out: list[str] = []
    for position, word in enumerate(text.split(" ")):
        size = max(0, wcswidth(word))
        gap = 1 if position else 0
        if column and column + gap + size > width:
            out.append("\n" + word)
            column = size
        else:
            out.append(" " * gap + word)
            column += gap + size
    return "".join(out), column
