"""A club's life at the most that is logged: no secret, no address and no private word is there."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.database import Database
from tests.adapters.test_discord_setup import found, founding_code
from tests.adapters.test_opinions_on_both import on_discord, on_telegram
from tests.commandline.pages import page
from tests.commandline.process import PATIENCE, ROOT
from tests.commandline.watcher import Watcher, free_port
from tests.discord.clubs import Club
from tests.discord.intents import MESSAGE_CONTENT
from tests.discord.people import Person as Discorder
from tests.discord.permissions import Permission
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN
from tests.telegram.faults import Drop, Status
from tests.telegram.groups import Group
from tests.telegram.people import Person as Telegrammer
from tests.telegram.simulator import TelegramSimulator

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")
WRONG_DISCORD, WRONG_TELEGRAM = "a-token-that-was-taken-back", "4242:a-token-that-nobody-gave"


@dataclass
class Diary:
    """Everything that was said or used and must not stand in a log."""

    kept: list[str] = field(default_factory=list)

    def keeps(self, text: str) -> str:
        self.kept.append(text)
        return text


async def bot(folder: Path, *command: str, **environ: str) -> asyncio.subprocess.Process:
    """A command as a process, all of whose output goes to one file."""
    with (folder / "log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *command),
            cwd=ROOT,
            env={
                "WPRC_DATA_DIR": str(folder / "data"),
                "PATH": os.environ["PATH"],
                "LOG_LEVEL": "DEBUG",
                **environ,
            },
            stdout=log,
            stderr=log,
        )


async def ended(process: asyncio.subprocess.Process) -> int:
    async with asyncio.timeout(PATIENCE):
        return await process.wait()


@asynccontextmanager
async def running(folder: Path, environ: Mapping[str, str]) -> AsyncIterator[Watcher]:
    """The bot from when it is ready until it has ended in order."""
    watcher = Watcher(free_port())
    process = await bot(folder, "run", **environ, WPRC_HTTP_PORT=str(watcher.port))
    try:
        await watcher.until(lambda said: bool(said["is_ready"]), patience=PATIENCE)
        yield watcher
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@dataclass(frozen=True, slots=True)
class Life:
    """A club with a room on each platform."""

    folder: Path
    diary: Diary
    discord: Simulator
    telegram: TelegramSimulator
    server: Club
    group: Group
    ana: Discorder
    bo: Discorder
    ola: Telegrammer
    eva: Telegrammer

    async def begins(self) -> None:
        """Founded on Discord with a code, joined by a group with another; places said."""
        with closing(Database(f"sqlite:///{self.folder / 'data' / 'wprc.sqlite'}")) as database:
            code = self.diary.keeps(founding_code(database))
        await found(self.ana, code, "Paper Readers", "WPRC")
        self.ana.go(self.server.channel("opinions"))
        for where in ("Announcements here", "Opinions here"):
            await self.ana.slash("setup")
            await self.ana.press(await self.ana.answer(), where)
            shown = await self.ana.answer()
        await self.ana.press(shown, "Code for another place")
        join = CODE.search((await self.ana.answer()).text)
        assert join is not None
        await self.ola.starts()
        await self.ola.hears(self.ola.private)
        await self.ola.says(self.group, f"/setup@{self.telegram.username}")
        await self.ola.presses(await self.ola.hears(self.ola.private), "I have a code")
        await self.ola.hears(self.ola.private)
        await self.ola.says(self.ola.private, self.diary.keeps(join[0]))
        await self.ola.presses(await self.ola.hears(self.ola.private), "Show the set-up")
        shown_there = await self.ola.hears(self.ola.private)
        for where in ("Announcements here", "Opinions here", "Admins are organisers"):
            await self.ola.presses(shown_there, where)
            await self.ola.hears(self.ola.private)

    async def talks(self) -> None:
        """Opinions that stay private, some that are given up, and talk that is none."""
        keeps, opinions = self.diary.keeps, self.server.channel("opinions")
        await self.bo.say(keeps("Quinces before breakfast are a mistake."), opinions)
        words = keeps("Nobody should read this but me, Bo; write to bo.private@example.net")
        await self.bo.say(f"#WPRC-001 {words}", opinions)
        await self.bo.press(await on_discord(self.bo, "Nobody should read"), "Keep private")
        await self.bo.answer()
        await self.eva.starts()
        await self.eva.says(self.group, f"/profile@{self.telegram.username}")
        await on_telegram(self.eva, "You in Paper Readers")
        words = keeps("The medlar is what I really think of")
        await self.eva.says(self.eva.private, f"WPRC-001: {words}")
        await self.eva.presses(await on_telegram(self.eva, words), "Keep private")
        await self.eva.says(self.group, keeps("lunch was damson pie, by the way"))
        await self.eva.says(self.eva.private, "/opinoin " + keeps("a mistyped sorb apple"))
        await on_telegram(self.eva, "no command")
        await self.eva.says(self.eva.private, "/search " + keeps("azarole serviceberry"))
        await on_telegram(self.eva, "Nothing")
        await self.bo.slash("search", words=keeps("loganberry jostaberry"))
        await self.bo.answer()

    async def links(self) -> None:
        await self.bo.slash("link")
        code = CODE.search((await self.bo.answer()).text)
        assert code is not None
        await self.eva.says(self.eva.private, f"/link {self.diary.keeps(code[0])}")
        await self.eva.presses(await on_telegram(self.eva, "Are you"), "Yes, that is me")
        await self.bo.press(await on_discord(self.bo, "that they are you"), "Yes, that is me")
        await self.bo.answer()

    async def meets(self) -> None:
        """A session with a link that only those who come may know, and reminders of it."""
        soon = datetime.now(UTC) + timedelta(minutes=50)
        await self.ana.slash("schedule", what="1", when=f"{soon:%Y-%m-%d %H:%M}")
        drafted = await self.ana.answer()
        await self.ana.press(drafted, "Link")
        form = await self.ana.answer()
        assert form.modal is not None
        link = self.diary.keeps("https://meet.example.org/room-for-medlars")
        await self.ana.fill(form, {form.modal.fields[0].label: link})
        await self.ana.press(await self.ana.answer(), "Save")
        assert "Saved" in (await self.ana.answer()).text
        card = await self.bo.hear(self.server.channel("opinions"))
        await self.bo.press(card, "Going")
        assert "you are going" in (await self.bo.answer()).text
        await self.bo.press(card, "Notify me")
        assert "reminded in private" in (await self.bo.answer()).text
        await self.ana.slash("session")
        await self.ana.press(await self.ana.answer(), "Organise")
        await self.ana.press(await self.ana.answer(), "Cancel")
        await self.ana.press(await self.ana.answer(), "Yes, cancel it")
        await self.ana.answer()

    async def gives_an_address(self) -> None:
        """For Luma's guest list, on both platforms; once with a slip."""
        address, slip = self.diary.keeps("bo.q@example.net"), self.diary.keeps("eva.q(at)example")
        await self.bo.slash("reminders", what="mine")
        await self.bo.press(await self.bo.answer(), "Luma's guest lists")
        await self.bo.press(await self.bo.answer(), "Luma only")
        form = await self.bo.answer()
        assert form.modal is not None
        await self.bo.fill(form, {form.modal.fields[0].label: address})
        assert "a mark of it is kept" in (await self.bo.answer()).text
        await self.eva.says(self.eva.private, "/reminders mine")
        own = await on_telegram(self.eva, "Your reminders")
        await self.eva.presses(own, "Luma's guest lists")
        lists = await on_telegram(self.eva, "You on Luma's guest lists")
        await self.eva.presses(lists, "Luma only")
        await self.eva.answers(await on_telegram(self.eva, "address"), slip)
        await on_telegram(self.eva, "no e-mail address")

    async def suffers(self) -> None:
        """What goes wrong while private words are on their way."""
        opinions = self.server.channel("opinions")
        self.discord.faults.fail("POST */callback", 500, times=2)
        await self.bo.slash("search", words=self.diary.keeps("cloudberry salmonberry"))
        await self.bo.answer(patience=15)
        self.discord.faults.fail("POST /channels/*/messages", 400)
        self.discord.faults.reset("POST /channels/*/messages", is_taken=True)
        self.discord.faults.rate_limit("POST /channels/*/messages", 0.1)
        for words in ("Bullace at the first try", "Bullace at the second", "Bullace at the third"):
            await self.bo.say(f"#WPRC-001 {self.diary.keeps(words)}", opinions)
        await on_discord(self.bo, "third")
        say = self.telegram.faults.add
        for kind in (Status(400), Status(429, retry_after=1), Status(502, is_page=True), Drop()):
            say(kind=kind, method="sendMessage")
            await self.eva.says(self.eva.private, "/search " + self.diary.keeps(f"whortle {kind}"))
            await asyncio.sleep(0.2)
        say(kind=Status(502), method="getUpdates")
        await self.eva.says(self.eva.private, "/search " + self.diary.keeps("cowberry lingonberry"))
        await on_telegram(self.eva, "cowberry")

    async def breaks_a_table(self) -> None:
        """No opinion can be written any more, and what was said is told to nobody."""
        with closing(sqlite3.connect(self.folder / "data" / "wprc.sqlite")) as database:
            database.execute(
                "CREATE TRIGGER broken BEFORE INSERT ON opinions "
                "BEGIN SELECT RAISE(ABORT, 'it cannot be kept'); END"
            )
            database.commit()
        words = self.diary.keeps("This pearmain cannot be written down")
        await self.bo.say(f"#WPRC-001 {words}", self.server.channel("opinions"))
        await self.bo.slash("opinion", what="1", text=self.diary.keeps("nor can this costard"))
        assert "Something went wrong here" in (await self.bo.answer()).text


async def test_nothing_that_is_nobodys_business_is_logged(
    tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    simulator.privileged = MESSAGE_CONTENT
    server = await simulator.guild("Quiet Server", channels=("opinions", "general"))
    ola, eva = telegram.user("Olaf Quist"), telegram.user("Eva Quast")
    secret = telegram.token.partition(":")[2]
    life = Life(
        tmp_path,
        Diary([TOKEN, telegram.token, secret, "ana@example.org", "anareads"]),
        simulator,
        telegram,
        server,
        telegram.group("Quiet Readers", admins=[ola], members=[eva], bot="admin"),
        server.member("Anabel Quest", permissions=Permission.MANAGE_GUILD),
        server.member("Bo Quisling"),
        ola,
        eva,
    )
    for person in (life.ana, life.bo):
        life.diary.keeps(person.name)
    for other in (ola, eva):
        life.diary.keeps(other.first_name)
    environ = {
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": simulator.api_url,
        "DISCORD_MESSAGE_CONTENT": "true",
    }
    async with running(tmp_path, environ):
        await life.begins()
        (tmp_path / "one.txt").write_text(page("WPRC-001", "One", life.diary.keeps("It ripens.")))
        assert await ended(await bot(tmp_path, "import", str(tmp_path / "one.txt"))) == 0
        await asyncio.sleep(2.5)
        await life.talks()
        await life.gives_an_address()
        await life.links()
        await life.meets()
        await life.suffers()
        await life.breaks_a_table()
    refused = environ | {"TELEGRAM_TOKEN": WRONG_TELEGRAM, "DISCORD_TOKEN": WRONG_DISCORD}
    life.diary.kept += [WRONG_DISCORD, WRONG_TELEGRAM.partition(":")[2]]
    assert await ended(await bot(tmp_path, "run", **refused)) == 1
    telegram.take_violations()
    text = (tmp_path / "log").read_text()
    assert [words for words in life.diary.kept if words in text] == []
    # It was written of, though: what failed, on which platform, under which number.
    for pattern in (
        r'"invocation": "\d+-message", "message": "/message failed"',
        r'"invocation": "\d+", "message": "/opinion failed".*it cannot be kept',
        r'"invocation": "tg-[^"]+", "message": "/search could not be answered',
        r'"invocation": "delivery \d+", "message": "delivery \d+ \(link\) is sent"',
        r"Telegram is not reached",
        r"wprc: discord: .*DISCORD_TOKEN",
        r"wprc: telegram: .*TELEGRAM_TOKEN",
    ):
        assert re.search(pattern, text), (pattern, text)
