"""What Discord takes at most. Texts are counted in UTF-16 units, which is never too few."""

from __future__ import annotations

CONTENT = 2_000
TITLE = 256
DESCRIPTION = 4_096
FIELDS = 25
FIELD_NAME = 256
FIELD_VALUE = 1_024
FOOTER = 2_048
EMBED_TOTAL = 6_000
ROWS = 5
ROW_BUTTONS = 5
BUTTONS = ROWS * ROW_BUTTONS
LABEL = 80
CUSTOM_ID = 100
FILES = 10
MENTIONS = 100

MODAL_TITLE = 45
MODAL_FIELDS = 5
FIELD_LABEL = 45
FIELD_HELP = 100
INPUT_VALUE = 4_000
SELECT_OPTIONS = 25
SELECT_TEXT = 100

SLASH_COMMANDS = 100
NAME = 32
MENU_COMMANDS = 15
OPTIONS = 25
CHOICES = 25
CHOICE_TEXT = 100
DESCRIPTION_TEXT = 100
COMMAND_TEXT = 8_000
OPTION_LENGTH = 6_000


def size(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """At most `limit` units of a text, with an ellipsis where something is missing."""
    if size(text) <= limit:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    return units.decode("utf-16-le", "ignore").rstrip() + "…"
