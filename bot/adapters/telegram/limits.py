"""What Telegram takes at most. Texts are counted in UTF-16 units after their marks are read."""

from __future__ import annotations

from bot.chat.units import clip as clip
from bot.chat.units import size as size

TEXT = 4_096
CAPTION = 1_024
CALLBACK_DATA = 64
ALERT = 200
BUTTONS = 100
LABEL = 60
ROW_LABELS = 32
ROW_BUTTONS = 4
COMMANDS = 100
COMMAND_TEXT = 256
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
