"""Conversations, word for word, on both databases.

Each file is a conversation with the sample club: ``> line`` is typed by an organiser, ``Ana> line``
by the member Ana, and what follows is the whole answer. To write the answers anew after a change
that was meant, run with WPRC_WRITE_TRANSCRIPTS=1 and read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.commandline.chat import fill_sample
from storage.database import Database
from tests.house import House, open_house

FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))
_TYPED = re.compile(r"(?P<name>\w*)> (?P<line>.*)")


async def replay(house: House, script: str) -> str:
    """The conversation again, with the answers that the house gives now."""
    said = []
    for block in script.strip().split("\n\n"):
        typed = _TYPED.fullmatch(block.split("\n")[0])
        assert typed is not None, f"a block begins with what is typed: {block[:60]!r}"
        answer = await house.say(typed["line"], typed["name"] or None)
        assert "\n\n" not in answer, "no empty line stands inside an answer"
        said.append(f"{typed[0]}\n{answer}".strip())
    return "\n\n".join(said) + "\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(
    path: Path, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER.parent / "files")
    fill_sample(database, "UTC")
    script = path.read_text(encoding="utf-8")
    async with open_house(database, tmp_path) as house:
        said = await replay(house, script)
    said = said.replace(str(tmp_path), "FOLDER")
    if os.environ.get("WPRC_WRITE_TRANSCRIPTS") == "1":
        path.write_text(said, encoding="utf-8")
    assert said == script


def test_there_are_conversations() -> None:
    assert len(FILES) >= 5
