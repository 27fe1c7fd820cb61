"""The numbers that a browser prints before the items of a list."""

from __future__ import annotations

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def in_style(number: int, style: str) -> str:
    """The number in a list's style, as the `type` of HTML names it: ``1 a A i I``."""
    if style in ("i", "I") and 0 < number < 4000:
        return _roman(number) if style == "i" else _roman(number).upper()
    if style in ("a", "A") and 0 < number <= 26:
        return chr(ord(style) + number - 1)
    return str(number)


def _roman(number: int) -> str:
    letters = []
    for value, letter in _ROMAN:
        count, number = divmod(number, value)
        letters.append(letter * count)
    return "".join(letters)
