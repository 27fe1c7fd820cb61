"""wprc init on a real terminal: asked step by step, then changed one thing at a time."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import closing

import pexpect

from storage.database import Database
from tests.commandline.installation import Installation, fresh
from tests.commandline.process import ROOT
from tests.discord.world import TOKEN as DISCORD_TOKEN

__all__ = ["fresh"]


def spawn(fresh: Installation) -> pexpect.spawn[str]:
    return pexpect.spawn(
        sys.executable,
        ["-m", "bot", "init"],
        cwd=str(fresh.folder),
        env={**fresh.environ, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TZ": "UTC"},
        dimensions=(60, 200),
        encoding="utf-8",
        timeout=30,
    )


def end(child: pexpect.spawn[str]) -> int | None:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def interrupt(child: pexpect.spawn[str]) -> None:
    """Ctrl-C as people press it: once more where nothing happens.

    A signal in the instant before a program begins to read is noticed with the next key only.
    """
    for _ in range(5):
        child.sendintr()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=3) == 0:
            return


async def test_a_person_is_led_through_and_changes_one_thing_later(fresh: Installation) -> None:
    await asyncio.to_thread(first_time, fresh)
    text = fresh.env.read_text()
    assert f"DISCORD_TOKEN={DISCORD_TOKEN}\n" in text
    assert "TELEGRAM_TOKEN" not in text
    with (
        closing(Database(f"sqlite:///{fresh.data / 'wprc.sqlite'}")) as database,
        database.unit() as uow,
    ):
        (club,) = uow.clubs.all()
        assert (club.prefix, club.name, club.time_zone) == ("PR", "Paper Readers", "Europe/London")
    await asyncio.to_thread(one_thing_later, fresh)
    assert f"TELEGRAM_TOKEN={fresh.telegram.token}\n" in fresh.env.read_text()
    assert text in fresh.env.read_text()
    fresh.discord.take_violations()


def first_time(fresh: Installation) -> None:
    child = spawn(fresh)
    child.expect("developers/applications")
    child.expect("Token ")
    child.sendline("not-the-right-one")
    child.expect("Discord refuses this token")
    child.expect("Token ")
    child.sendline(DISCORD_TOKEN)
    child.expect("It works: paperbot")
    child.expect("BotFather")
    child.expect("Enter leaves Telegram out")
    child.sendline("")
    child.expect("Database")
    child.sendline("")
    child.expect("It works")
    child.expect("Name of the club")
    child.sendline("Paper Readers")
    child.expect(r"Prefix \[PR\]")
    child.sendline("")
    child.expect("Time zone ")
    child.sendline("Europe/Londn")
    child.expect("did you mean Europe/London")
    child.expect("Time zone ")
    child.sendline("none")
    child.expect("A club has one")
    child.expect("Time zone ")
    child.sendline("Europe/London")
    child.expect("Written, readable by you alone")
    child.expect("oauth2/authorize")
    child.expect("wprc run")
    assert end(child) == 0
    assert DISCORD_TOKEN not in str(child.before)


def one_thing_later(fresh: Installation) -> None:
    child = spawn(fresh)
    child.expect(r"1  Discord +paperbot")
    child.expect(r"2  Telegram +not set")
    child.expect(r"4  Club +Paper Readers \(PR\), Europe/London")
    child.expect("Change which")
    child.sendline("9")
    child.expect("from 1 to 6")
    child.sendline("2")
    child.expect("Token ")
    child.sendline(fresh.telegram.token)
    child.expect(f"It works: @{fresh.telegram.username}")
    child.expect("Written to .env")
    child.expect("Change which")
    child.sendline("6")
    child.expect("This code lets a server or group join Paper Readers")
    child.expect("Change which")
    child.sendline("")
    child.expect("startgroup=setup")
    assert end(child) == 0


async def test_whoever_leaves_in_the_middle_leaves_no_trace(fresh: Installation) -> None:
    def leave() -> None:
        child = spawn(fresh)
        child.expect("Token ")
        interrupt(child)
        assert end(child) == 130
        child = spawn(fresh)
        child.expect("Token ")
        child.sendeof()
        child.expect("the input ended")
        assert end(child) == 1

    await asyncio.to_thread(leave)
    assert list(fresh.folder.iterdir()) == []
