"""Draws docs/chat.svg from what the bot really answers: python scripts/picture.py"""

from __future__ import annotations

import asyncio
import re
import tempfile
from html import escape
from pathlib import Path

from bot.adapters.console.conversation import Conversation
from bot.adapters.console.render import Look
from bot.app import App
from bot.chat.invocation import Actor
from bot.commandline.chat import fill_sample, sample_settings
from bot.settings import load_settings
from storage.database import Database
from storage.schema import migrate

LINES = ("/paper 6", "1", "/paper 6 p25", "/search deepfake")
WIDTH = 96
MOST_ROWS = 60
TARGET = Path(__file__).parent.parent / "docs" / "chat.svg"
_ROW, _COLUMN = 18, 8.4
_CLASSES = {"1": "b", "3": "i", "36": "c", "32": "g"}


async def talk(folder: Path) -> list[str]:
    """The conversation as rows of a terminal, with its control sequences."""
    settings = sample_settings(load_settings({"WPRC_DATA_DIR": str(folder)}, None))
    database = Database(settings.database_url)
    migrate(database)
    fill_sample(database, settings.time_zone)
    rows: list[str] = []
    async with App(settings, database) as app:
        look = Look(WIDTH, has_colours=True)
        conversation = Conversation(app.desk, Actor("console", "ana", "Ana"), look, folder)
        for line in LINES:
            rows += [f"\x1b[36mAna>\x1b[0m {line}", *(await conversation.say(line)).split("\n"), ""]
    database.close()
    return rows[:MOST_ROWS]


def drawn(rows: list[str]) -> str:
    """The rows as an SVG picture of a terminal."""
    height = _ROW * (len(rows) + 2)
    width = int(_COLUMN * (WIDTH + 4))
    texts = "\n".join(
        f'<text x="16" y="{_ROW * (number + 2)}" xml:space="preserve">{_row(row)}</text>'
        for number, row in enumerate(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">\n'
        "<style>text{font:14px ui-monospace,Menlo,Consolas,monospace;fill:#d7dae0}"
        ".b{font-weight:bold;fill:#fff}.i{font-style:italic}.c{fill:#7fd1e0}.g{fill:#8fd694}"
        f'</style>\n<rect width="100%" height="100%" rx="8" fill="#1d2027"/>\n{texts}\n</svg>\n'
    )


def _row(row: str) -> str:
    parts = re.split(r"\x1b\[(\d+)m", row)
    spans = [escape(parts[0])]
    for code, words in zip(parts[1::2], parts[2::2], strict=True):
        look = _CLASSES.get(code)
        spans.append(f'<tspan class="{look}">{escape(words)}</tspan>' if look else escape(words))
    return "".join(spans)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        TARGET.write_text(drawn(asyncio.run(talk(Path(folder)))), encoding="utf-8")
