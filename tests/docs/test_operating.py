"""What the pages on running the bot tell people to type: commands, files, settings that exist."""

from __future__ import annotations

import re
import shlex

import pytest

from bot.commandline.arguments import parser
from bot.settings.variables import VARIABLES
from tests.commandline.process import ROOT
from tests.rules.tree import tracked_files

PAGES = ("backup.md", "systemd.md", "container.md")
# What people write themselves.
THEIRS = {"deploy/bot.env", "deploy/database.env"}
KNOWN = {variable.name for variable in VARIABLES}


def text_of(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def commands_of(text: str) -> list[list[str]]:
    """What is typed to the bot itself, in a shell or in a sentence."""
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    found = re.findall(r"(?:^|exec bot )wprc (.+)$|run --rm bot (.+)$", shell, re.MULTILINE)
    typed = [first or second for first, second in found]
    return [shlex.split(line) for line in typed]


@pytest.mark.parametrize("page", PAGES)
def test_each_command_is_one_of_the_program(page: str) -> None:
    commands = commands_of(text_of(page))
    assert commands
    for command in commands:
        assert parser().parse_args(command).command == command[0]


@pytest.mark.parametrize("page", PAGES)
def test_each_setting_and_file_is_there(page: str) -> None:
    text = text_of(page)
    assert set(re.findall(r"\b(?:WPRC|DISCORD|TELEGRAM)_[A-Z_]+\b", text)) <= KNOWN
    tracked = {path.as_posix() for path in tracked_files()}
    named = set(re.findall(r"(?<![\w/.])(?:deploy|requirements)/[\w.]+", text)) - THEIRS
    assert named <= tracked
    assert {f"docs/{name}" for name in re.findall(r"\]\(([\w-]+\.md)\)", text)} <= tracked
