"""What Telegram takes at most. Texts are counted in UTF-16 units after their marks are read."""

from __future__ import annotations

TEXT = 4_096
ENTITIES = 100
CAPTION = 1_024
CALLBACK_DATA = 64
ALERT = 200
BUTTONS = 100
LABEL = 60
ROW_LABELS = 32
ROW_BUTTONS = 4
COMMANDS = 100
COMMAND_TEXT = 256
INLINE_RESULTS = 50
PLACEHOLDER = 64
FILE_NAME = 100
MESSAGES = 10
WEBHOOK_BYTES = 1_000_000
FILE_BYTES = 2_000_000

REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕"
    "😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)
"""With which a bot may react, of those that every client shows."""
RECEIPT = "👌"


def size(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """At most `limit` units of a text, with an ellipsis where something is missing."""
    if size(text) <= limit:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    return units.decode("utf-16-le", "ignore").rstrip() + "…"
