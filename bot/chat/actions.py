"""Action <-> the short code that fits a button on every platform.

``name_value_value`` uses ``A-Za-z0-9_-`` alone, so Discord custom ids (100 characters), Telegram
callback data (64 bytes) and Telegram deep links (64 characters) carry it unchanged. A page button
ends with one part more, ``-<page>-<revision>`` in base 36; no value begins with a hyphen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat.reply import Action

MAX_CODE = 64
# A page part is at most "_-zzz-zzzzz"; every code leaves room for it.
_MAX_BARE_CODE = MAX_CODE - 11
_VALUE = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9-]*)?")
_VALUES = re.compile(rf"(?:_{_VALUE.pattern})*")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A code read back: untrusted, since anybody can make one up."""

    command: str
    values: tuple[str, ...] = ()
    page: int = 1
    revision: int | None = None


def base36(number: int) -> str:
    """A whole number from 0 up in digits and lower-case letters."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits


def encode(action: Action) -> str | None:
    """The action's code; None when it does not fit and has to be stored."""
    values = action.values
    while values and not values[-1]:
        values = values[:-1]
    code, start = "_".join((action.command, *values)), len(action.command)
    # Every button of every answer passes here, so all values are looked at in one go; one with an
    # underscore in it would be read back as two.
    fits = len(code) <= _MAX_BARE_CODE and code.count("_", start) == len(values)
    return code if fits and _VALUES.fullmatch(code, start) else None


def encode_page(action: Action, page: int, revision: int) -> str:
    """The code of another page of what this action shows; raises ValueError if it does not fit."""
    code = encode(action)
    if code is None:
        raise ValueError(f"store this action first: {action.command}")
    return f"{code}_-{base36(page)}-{base36(revision)}"


def decode(code: str) -> Pressed | None:
    """Reads a code; None for anything that is not one."""
    if len(code) > MAX_CODE:
        return None
    name, *values = code.split("_")
    page, revision = 1, None
    if values and (match := re.fullmatch(r"-([0-9a-z]{1,3})-([0-9a-z]{1,5})", values[-1])):
        values.pop()
        page, revision = max(1, int(match[1], 36)), int(match[2], 36)
    if not _NAME.fullmatch(name) or not all(_VALUE.fullmatch(value) for value in values):
        return None
    return Pressed(name, tuple(values), page, revision)
