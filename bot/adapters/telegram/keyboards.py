"""Actions -> rows of an inline keyboard, whose codes are all that has to be kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from bot.adapters.telegram import limits
from bot.chat.actions import encode, encode_page
from bot.chat.reply import Action, Reply, Style
from bot.chat.text import one_line

Button: TypeAlias = dict[str, str]
Keyboard: TypeAlias = tuple[tuple[Button, ...], ...]

_STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}


def code_of(action: Action) -> str:
    """The code of an action that has passed the house's door, where long ones are stored."""
    code = encode(action)
    if code is None:
        raise ValueError(f"an action that was not stored: {action.command}")
    return code


# Cards that are asked for again have the same buttons; nobody changes one that was made.
@lru_cache(maxsize=1024)
def action_button(action: Action) -> Button:
    label = limits.clip(one_line(action.label) or action.command, limits.LABEL)
    button = {"text": label, "callback_data": code_of(action)}
    if style := _STYLES.get(action.style):
        button["style"] = style
    return button


def page_buttons(reply: Reply, page: int, count: int) -> list[Button]:
    """The way to the page before and the page after, where there are any."""
    if reply.again is None:
        return []
    return [
        {
            "text": f"{label} ({target} of {count})",
            "callback_data": encode_page(reply.again, target, reply.revision),
        }
        for label, target in (("◀ Previous", page - 1), ("Next ▶", page + 1))
        if 1 <= target <= count
    ]


def link_button(label: str, url: str) -> Button:
    return {"text": limits.clip(one_line(label), limits.LABEL), "url": url}


def rows(groups: Iterable[Sequence[Button]]) -> Keyboard:
    """Rows that a phone can show; each group begins a row of its own."""
    made: list[tuple[Button, ...]] = []
    count = 0
    for group in groups:
        row: list[Button] = []
        used = 0
        for button in group[: limits.BUTTONS - count]:
            size = limits.size(button["text"]) + 2
            if row and (used + size > limits.ROW_LABELS or len(row) == limits.ROW_BUTTONS):
                made.append(tuple(row))
                row, used = [], 0
            row.append(button)
            used += size
            count += 1
        if row:
            made.append(tuple(row))
    return tuple(made)
