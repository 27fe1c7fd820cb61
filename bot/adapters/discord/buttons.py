"""Actions -> rows of buttons whose custom ids are all that has to be kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from bot.adapters.discord import limits
from bot.chat.actions import encode, encode_page
from bot.chat.reply import Action, Reply, Style
from bot.chat.text import one_line

Button: TypeAlias = dict[str, object]

# A full stop is in no action's code, so what stands before or after one is the adapter's own.
SHARE = "share."
FORM = "form."
_STYLES = {Style.PLAIN: 2, Style.PRIMARY: 1, Style.DANGER: 4}
_BUTTON, _ROW = 2, 1


def code_in(custom_id: str) -> str:
    """The action's code within a button's or a form's custom id."""
    for mark in (SHARE, FORM):
        custom_id = custom_id.removeprefix(mark)
    return custom_id.partition(".")[0]


def code_of(action: Action) -> str:
    """The code of an action that has passed the house's door, where long ones are stored."""
    code = encode(action)
    if code is None:
        raise ValueError(f"an action that was not stored: {action.command}")
    return code


# Cards that are asked for again have the same buttons; nobody changes one that was made.
@lru_cache(maxsize=512)
def action_button(action: Action) -> Button:
    label = one_line(action.label)
    return _button(label or action.command, code_of(action), _STYLES[action.style])


def page_buttons(reply: Reply, page: int, count: int) -> list[Button]:
    """The way to the page before and the page after, where there are any."""
    if reply.again is None:
        return []
    return [
        _button(f"{label} ({target} of {count})", encode_page(reply.again, target, reply.revision))
        for label, target in (("Previous", page - 1), ("Next", page + 1))
        if 1 <= target <= count
    ]


def share_button(reply: Reply, page: int) -> list[Button]:
    """What shows the same page to everybody, where the answer can be made again."""
    if reply.again is None:
        return []
    return [_button("Share here", SHARE + encode_page(reply.again, page, reply.revision))]


def rows(groups: Iterable[Sequence[Button]]) -> list[Button]:
    """Up to 25 buttons in rows of five; each group begins a row of its own while there is room."""
    seen: dict[object, int] = {}
    filled = [[_unique(button, seen) for button in group] for group in groups if group]
    parts = [group[at : at + 5] for group in filled for at in range(0, len(group), 5)]
    if len(parts) > limits.ROWS:
        flat = [button for group in filled for button in group][: limits.BUTTONS]
        parts = [flat[at : at + 5] for at in range(0, len(flat), 5)]
    return [{"type": _ROW, "components": part} for part in parts]


def _button(label: str, custom_id: str, style: int = 2) -> Button:
    text = limits.clip(label, limits.LABEL)
    return {"type": _BUTTON, "style": style, "label": text, "custom_id": custom_id}


def _unique(button: Button, seen: dict[object, int]) -> Button:
    """Discord refuses a message in which two buttons have one custom id."""
    code = button["custom_id"]
    number = seen[code] = seen.get(code, 0) + 1
    return button if number == 1 else button | {"custom_id": f"{code}.{number}"}
