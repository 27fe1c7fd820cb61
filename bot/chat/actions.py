"""Action <-> the short code that fits a button on every platform.

``name_value_value`` uses ``A-Za-z0-9_-`` alone, so Discord custom ids (100 characters), Telegram
callback data (64 bytes) and Telegram deep links (64 characters) carry it unchanged. A value that
is no slug, such as the words of a search, is written ``-x`` and its UTF-8 in base 32. A page button
ends with one part more, ``-<page>-<revision>`` in base 36; no slug begins with a hyphen.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from bot.chat.reply import Action

MAX_CODE = 64
# A page part is at most "_-zzz-zzzzz"; every code leaves room for it.
_MAX_BARE_CODE = MAX_CODE - 11
_VALUE = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9-]*)?")
_VALUES = re.compile(rf"(?:_{_VALUE.pattern})*")
_TEXT = "-x"
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
    if code.count("_", start) != len(values) or not _VALUES.fullmatch(code, start):
        values = tuple(value if _VALUE.fullmatch(value) else _spelt(value) for value in values)
        code = "_".join((action.command, *values))
    return code if len(code) <= _MAX_BARE_CODE else None


def _spelt(text: str) -> str:
    """A text as a value: ``-x`` and its bytes in base 32, in lower case and without filling."""
    encoded = base64.b32encode(text.encode("utf-8", "replace")).decode("ascii")
    return _TEXT + encoded.rstrip("=").lower()


def _read(value: str) -> str | None:
    """The value of a part; None for a text that is none."""
    if not value.startswith(_TEXT):
        return value if _VALUE.fullmatch(value) else None
    encoded = value.removeprefix(_TEXT).upper()
    try:
        return base64.b32decode(encoded + "=" * (-len(encoded) % 8)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


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
    read = [_read(value) for value in values]
    if not _NAME.fullmatch(name) or None in read:
        return None
    return Pressed(name, tuple(value for value in read if value is not None), page, revision)
