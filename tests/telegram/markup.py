"""What can stand under a message: buttons on it, a keyboard, or the wish for a reply."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.telegram.html import link_to, units
from tests.telegram.refusals import Json, broken

ROW = 8
BUTTONS = 100
CALLBACK_DATA = 64
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_STYLES = ("danger", "success", "primary")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_inline(markup: Json | None) -> bool:
    return markup is None or "inline_keyboard" in markup


def check_markup(markup: Any, *, is_private: bool) -> list[str]:
    """Raises what Telegram would complain about; flaws are what it takes and then shows badly."""
    if not isinstance(markup, dict):
        raise broken("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _check_inline(markup["inline_keyboard"], is_private)
    if "keyboard" in markup:
        _check_keyboard(markup["keyboard"])
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= units(placeholder) <= 64:
        raise broken("input field placeholder is too long")
    return []


def _check_inline(rows: list[list[Json]], is_private: bool) -> list[str]:
    _check_size(rows, BUTTONS)
    flaws: list[str] = []
    for button in (one for row in rows for one in row):
        if not button["text"].strip():
            raise broken("inline keyboard button text must be non-empty")
        actions = [name for name in _ACTIONS if name in button]
        if not actions:
            raise broken("Text buttons are unallowed in the inline keyboard")
        if len(actions) > 1:
            raise broken(f"inline keyboard button has several actions: {', '.join(actions)}")
        if button.get("style") is not None and button["style"] not in _STYLES:
            raise broken("unknown button style specified")
        _check_action(actions[0], button[actions[0]], is_private)
        if actions[0] == "url":
            flaws += start_flaws(button["url"])
    return flaws


def _check_action(action: str, value: Any, is_private: bool) -> None:
    if action == "callback_data" and not 1 <= len(value.encode()) <= CALLBACK_DATA:
        raise broken("BUTTON_DATA_INVALID")
    if action == "url" and link_to(value) is None:
        raise broken(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text" and not 1 <= units(value["text"]) <= 256:
        raise broken("BUTTON_COPY_TEXT_INVALID")
    if action == "web_app" and not is_private:
        raise broken("BUTTON_TYPE_INVALID")


def _check_keyboard(rows: list[list[Json]]) -> None:
    _check_size(rows, 300, row=12)
    if not rows or not all(rows):
        raise broken("keyboard must have at least one button in each row")
    if any(not button["text"].strip() for row in rows for button in row):
        raise broken("keyboard button text must be non-empty")


def _check_size(rows: list[list[Json]], most: int, row: int = ROW) -> None:
    if sum(map(len, rows)) > most or any(len(each) > row for each in rows):
        raise broken("reply markup is too long")


def start_payload(url: str) -> tuple[str, str, str] | None:
    """The bot, ``start`` or ``startgroup``, and the payload of a deep link; None for others."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    said = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme == "tg" and parts.netloc == "resolve":
        bot = said.get("domain", [""])[0]
    elif parts.netloc in ("t.me", "telegram.me"):
        bot = parts.path.strip("/")
    else:
        return None
    for kind in ("start", "startgroup"):
        if kind in said:
            return bot, kind, said[kind][0]
    return (bot, "start", "") if bot and "/" not in bot else None


def start_flaws(url: str) -> list[str]:
    """What of a deep link Telegram's clients do not hand over."""
    found = start_payload(url)
    if found is None or not found[2] or _PAYLOAD.fullmatch(found[2]):
        return []
    return [f"the payload of {url} is not 1 to 64 of A-Z, a-z, 0-9, _ and -"]
