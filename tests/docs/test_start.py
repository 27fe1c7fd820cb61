"""docs/start.md is followed word by word: each command is run, each chat line is typed.

What is left out: to fetch and install the program (it is here already), the pages of Discord's
portal and @BotFather (simulated bots have their tokens), and the end of the window.
The environment says where the simulated platforms are, which no reader has to.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.discord.clubs import Club
from tests.discord.people import Person
from tests.discord.permissions import EVERYONE, Permission
from tests.discord.seen import Seen
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.docs.following import Codes, OnTelegram, Shell, button, options_of, plain, talk
from tests.docs.pages import DOCS, ROOT, TABLE, blocks
from tests.telegram.simulator import TelegramSimulator

PAGE = DOCS / "start.md"
LEFT_OUT = ("git clone ", "cd ", "python3 -m venv ", ". .venv/bin/activate", "pip install ")
_USERNAME = "YourBot"
_INVITATION = re.compile(r"https://discord\.com/oauth2/authorize\?\S+")


@dataclass(slots=True)
class OnDiscord:
    """In the channel of one server."""

    person: Person
    last: Seen | None = None

    async def does(self, line: str) -> None:
        if (label := button(line)) is not None:
            assert self.last is not None
            await self.person.press(self.last, label)
        else:
            name, options = options_of(line)
            await self.person.slash(name, options=options)

    async def sees(self, *, is_private: bool) -> tuple[str, list[str]]:
        seen = await self.person.answer(20) if is_private else await self.person.hear(patience=20)
        assert seen.is_private == is_private
        self.last = seen
        return plain(seen.text), seen.labels


def link_in(said: str) -> str:
    found = _INVITATION.search(said)
    assert found, said
    return found[0]


async def server_of(simulator: Simulator, link: str) -> Club:
    """What comes of an invite link: a server in which the bot may do what the link asked for."""
    asked = parse_qs(urlsplit(link).query)
    assert asked["client_id"] == [str(simulator.application_id)]
    assert asked["scope"] == ["bot applications.commands"]
    rights = EVERYONE | int(asked["permissions"][0])
    club = await simulator.guild("My server", bot_permissions=rights, has_bot=False)
    simulator.invite(club)
    return club


def environ(home: Path, simulator: Simulator, telegram: TelegramSimulator) -> dict[str, str]:
    """A new user's, with `wprc` in the path, as in an environment that is activated."""
    programs = home / "bin"
    programs.mkdir()
    wprc = programs / "wprc"
    wprc.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n')
    wprc.chmod(0o755)
    return {
        "HOME": str(home),
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "DISCORD_API_URL": simulator.api_url,
        "TELEGRAM_API_URL": telegram.url,
    }


async def test_the_page_leads_from_nothing_to_a_running_club(
    simulator: Simulator, telegram: TelegramSimulator, tmp_path: Path
) -> None:
    page = PAGE.read_text(encoding="utf-8").replace(_USERNAME, telegram.username)
    secrets = {"the token of step 2": TOKEN, "the token of step 3": telegram.token}
    codes = Codes()
    folder = tmp_path / "wprc"
    folder.mkdir()
    shell = Shell(folder, environ(tmp_path, simulator, telegram), codes, LEFT_OUT)
    discord: OnDiscord | None = None
    ola = telegram.user("Ola")
    group = OnTelegram(ola, telegram.group("My group", admins=[ola], bot=None))
    try:
        for block in blocks(page):
            match block.kind:
                case "sh":
                    for line in block.lines:
                        await shell.type(line)
                case "text":
                    await shell.see(block.lines)
                case _ if block.kind == TABLE:
                    await shell.answer(block.lines, secrets)
                case "telegram":
                    await talk(group, block.lines, codes)
                case "discord":
                    if discord is None:
                        club = await server_of(simulator, link_in(shell.said))
                        ana = club.member("Ana", permissions=Permission.MANAGE_GUILD)
                        discord = OnDiscord(ana)
                    await talk(discord, block.lines, codes)
                case kind:
                    raise AssertionError(f"nobody knows how to follow a block of {kind!r}")
        await shell.finish()
    finally:
        await shell.stop()
    assert len(codes.seen) == 2
    assert {line.split()[0] for line in shell.not_typed} == {"git", "cd", "python3", ".", "pip"}
