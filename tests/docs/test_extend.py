"""What docs/extend.md tells people to type is run here as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.adapters.console.conversation import Conversation
from bot.adapters.console.render import Look
from bot.chat.commands import Command
from bot.commandline.chat import fill_sample
from bot.core import table
from storage.database import Database
from tests.house import ORGANISER, open_house

PAGE = Path(__file__).parents[2] / "docs" / "extend.md"


def told_command() -> Command:
    """The command that the page's code declares."""
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    space: dict[str, object] = {}
    exec(compile(code[1], str(PAGE), "exec"), space)  # noqa: S102
    found = space["surprise"]
    assert isinstance(found, Command)
    return found


async def test_the_command_of_the_page_works_as_it_stands(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_sample(database, "UTC")
    monkeypatch.setattr("bot.app.TABLE", (*table.TABLE, told_command()))
    async with open_house(database, tmp_path) as house:
        talk = Conversation(house.app.desk, ORGANISER, Look(), tmp_path)
        assert "A paper chosen by chance" in await talk.say("/help surprise")
        assert re.search(r"WPRC-\d{3} · ", await talk.say("/surprise"))
        assert "Category: Systems" in await talk.say("/surprise Systems")
        nothing = await talk.say("/surprise Cooking")
        assert "There is no such paper yet" in nothing
        assert "[1] All papers" in nothing
