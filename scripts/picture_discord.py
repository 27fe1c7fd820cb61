"""Draws docs/discord.svg from what the bot really sends: python scripts/picture_discord.py"""

from __future__ import annotations

import asyncio
import re
import tempfile
import textwrap
from html import escape
from pathlib import Path

from bot.adapters.discord.adapter import DiscordAdapter
from bot.app import App
from bot.commandline.chat import fill_sample
from bot.settings import load_settings
from storage.database import Database
from storage.schema import migrate
from tests.discord.seen import Seen
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN

TARGET = Path(__file__).parent.parent / "docs" / "discord.svg"
_WIDTH, _ROW, _CHARACTERS = 760, 20, 88
_STYLE = (
    "text{font:15px system-ui,Helvetica,Arial,sans-serif;fill:#dbdee1}.t{font-weight:bold;"
    "fill:#fff}.n{font-weight:bold;font-size:14px}.m{fill:#949ba4;font-size:13px}"
    ".i{font-style:italic}.b{fill:#fff;font-size:14px}"
)


async def said() -> list[tuple[str, Seen]]:
    """A card that everybody sees, and what only the one who presses on it gets."""
    async with Simulator() as simulator:
        club = await simulator.guild("Whitepaper Reading Club")
        with tempfile.TemporaryDirectory() as folder:
            environ = {
                "WPRC_DATA_DIR": folder,
                "DISCORD_TOKEN": TOKEN,
                "DISCORD_API_URL": simulator.api_url,
            }
            settings = load_settings(environ, None)
            database = Database(settings.database_url)
            migrate(database)
            fill_sample(database, "UTC")
            async with App(settings, database) as app:
                (connection,) = app.connect(settings)
                adapter = connection.adapter
                assert isinstance(adapter, DiscordAdapter)
                serving = asyncio.create_task(adapter.run())
                await adapter.ready.wait()
                ana = club.member("Ana")
                await ana.slash("paper", what="WPRC-006")
                card = await ana.answer()
                await ana.slash("paper", what="WPRC-006", part="p25")
                pages = await ana.answer()
                await adapter.stop()
                await serving
            database.close()
    return [
        ("Ana used /paper what:WPRC-006", card),
        ("Ana used /paper what:WPRC-006 part:p25", pages),
    ]


class Drawing:
    """Rows from the top down."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = 20

    def text(self, words: str, look: str, x: int = 36) -> None:
        self.y += _ROW
        self.parts.append(f'<text class="{look}" x="{x}" y="{self.y}">{escape(words)}</text>')

    def paragraph(self, words: str) -> None:
        look = "i" if re.fullmatch(r"\*[^*]+\*", words) else ""
        for line in textwrap.wrap(_bare(words), _CHARACTERS):
            self.text(line, look)

    def buttons(self, labels: list[str]) -> None:
        self.y += 14
        x = 24
        for label in labels:
            width = 28 + int(8.4 * len(label))
            if x + width > _WIDTH - 20:
                x, self.y = 24, self.y + 40
            self.parts.append(
                f'<rect x="{x}" y="{self.y}" width="{width}" height="32" rx="6" fill="#4e5058"/>'
                f'<text class="b" x="{x + 12}" y="{self.y + 21}">{escape(label)}</text>'
            )
            x += width + 8
        self.y += 44

    def message(self, head: str, seen: Seen) -> None:
        self.text(head, "m", 24)
        top = self.y + 10
        for embed in seen.embeds:
            self.y += 6
            self.text(str(embed["title"]), "t")
            for paragraph in str(embed.get("description", "")).split("\n"):
                self.paragraph(paragraph)
            for field in embed.get("fields", []):
                self.text(f"{field['name']}: {_bare(field['value'])}", "n")
        self.parts.append(
            f'<rect x="20" y="{top}" width="4" height="{self.y - top + 12}" fill="#5865f2"/>'
        )
        self.buttons(seen.labels)


def _bare(markdown: str) -> str:
    """Discord's formatting taken off: the picture shows words."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\*+", "", markdown))


def main() -> None:
    drawing = Drawing()
    for head, seen in asyncio.run(said()):
        drawing.message(head, seen)
    size = f'width="{_WIDTH}" height="{drawing.y + 12}"'
    TARGET.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{_STYLE}</style>\n'
        f'<rect width="100%" height="100%" rx="8" fill="#313338"/>\n'
        + "\n".join(drawing.parts)
        + "\n</svg>\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
