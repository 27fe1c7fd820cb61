"""Draws docs/telegram.svg from what the bot really sends: python scripts/picture_telegram.py"""

from __future__ import annotations

import asyncio
import tempfile
import textwrap
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.app import App
from bot.commandline.chat import fill_sample
from bot.core.sessions.seats import answer
from bot.settings import load_settings
from storage.database import Database
from storage.rsvps import GOING, MAYBE
from storage.schema import migrate
from storage.session_rows import SCHEDULED
from tests.telegram.seen import Seen
from tests.telegram.simulator import TelegramSimulator

BEGIN = datetime(2031, 3, 1, 12, tzinfo=UTC)
START = datetime(2031, 3, 6, 19, tzinfo=UTC)
TARGET = Path(__file__).parent.parent / "docs" / "telegram.svg"
_WIDTH, _ROW, _CHARACTERS = 620, 20, 70
_STYLE = (
    "text{font:15px system-ui,Helvetica,Arial,sans-serif;fill:#111b21}.t{font-weight:bold}"
    ".w{fill:#fff}.b{fill:#2a6496;font-size:14px}"
)


async def said() -> list[tuple[str, Seen]]:
    """A paper's card in a private chat, and the next session with its buttons."""
    async with TelegramSimulator() as telegram:
        with tempfile.TemporaryDirectory() as folder:
            environ = {
                "WPRC_DATA_DIR": folder,
                "TELEGRAM_TOKEN": telegram.token,
                "TELEGRAM_API_URL": telegram.url,
            }
            settings = load_settings(environ, None)
            database = Database(settings.database_url)
            migrate(database)
            fill_sample(database, "UTC")
            plan_session(database)
            async with App(settings, database) as app:
                (connection,) = app.connect(settings)
                adapter = connection.adapter
                assert isinstance(adapter, TelegramAdapter)
                serving = asyncio.create_task(adapter.run())
                ana = telegram.user("Ana")
                await ana.says(ana.private, "/paper WPRC-006")
                card = await ana.hears(ana.private)
                await ana.says(ana.private, "/session")
                session = await ana.hears(ana.private)
                await adapter.stop()
                await serving
            database.close()
    return [("/paper WPRC-006", card), ("/session", session)]


def plan_session(database: Database) -> None:
    """A session that is announced, with a few people who come."""
    with database.unit(write=True) as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        session = uow.sessions.add(
            BEGIN,
            state=SCHEDULED,
            code="WPRC-006",
            local_start=f"{START:%Y-%m-%dT%H:%M}",
            time_zone="UTC",
            starts_at=START,
            minutes=90,
            place="The library, second floor",
            capacity=12,
            announced_at=BEGIN,
        )
        for number, name in enumerate(("Bo", "Cleo", "Dan", "Eva"), start=1):
            person = uow.people.add(name, "discord", f"10{number}", BEGIN)
            answer(uow, session, person.id, GOING if number < 4 else MAYBE, BEGIN)


class Drawing:
    """Bubbles from the top down: the member's on the right, the bot's on the left."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = 12

    def asked(self, words: str) -> None:
        width = 28 + int(8.6 * len(words))
        x = _WIDTH - width - 16
        self.parts.append(
            f'<rect x="{x}" y="{self.y}" width="{width}" height="34" rx="14" fill="#4fae4e"/>'
            f'<text class="w" x="{x + 14}" y="{self.y + 22}">{escape(words)}</text>'
        )
        self.y += 46

    def answered(self, seen: Seen) -> None:
        lines = [
            line
            for paragraph in seen.text.split("\n")
            for line in (textwrap.wrap(paragraph, _CHARACTERS) or [""])
        ]
        height = len(lines) * _ROW + 20
        self.parts.append(
            f'<rect x="16" y="{self.y}" width="{_WIDTH - 60}" height="{height}" rx="14" '
            'fill="#fff"/>'
        )
        bold = seen.parts("bold")
        for position, line in enumerate(lines):
            look = "t" if line and any(line in one or one == line for one in bold) else ""
            y = self.y + 24 + position * _ROW
            self.parts.append(f'<text class="{look}" x="30" y="{y}">{escape(line)}</text>')
        self.y += height + 6
        for row in seen.rows:
            width = (_WIDTH - 60 - 6 * (len(row) - 1)) // len(row)
            for column, button in enumerate(row):
                x = 16 + column * (width + 6)
                self.parts.append(
                    f'<rect x="{x}" y="{self.y}" width="{width}" height="32" rx="8" '
                    f'fill="#d5e5f2"/><text class="b" text-anchor="middle" x="{x + width // 2}" '
                    f'y="{self.y + 21}">{escape(button.label)}</text>'
                )
            self.y += 38
        self.y += 10


def main() -> None:
    drawing = Drawing()
    for words, seen in asyncio.run(said()):
        drawing.asked(words)
        drawing.answered(seen)
    size = f'width="{_WIDTH}" height="{drawing.y}"'
    TARGET.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{_STYLE}</style>\n'
        f'<rect width="100%" height="100%" rx="8" fill="#c6d9e6"/>\n'
        + "\n".join(drawing.parts)
        + "\n</svg>\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
