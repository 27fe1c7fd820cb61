"""A club's life at high speed, with faults: nothing lost, nothing doubled, nothing that grows."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import signal
import socket
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import aiohttp

from storage.database import Database
from storage.deliveries import PENDING, SENT, UNKNOWN, Delivery
from storage.reminders import ClubSettings
from tests.commandline.fanout import Crowd, gather
from tests.commandline.process import running
from tests.discord.exchange import Unanswered
from tests.discord.people import Person
from tests.discord.seen import see
from tests.discord.simulator import Simulator
from tests.telegram.faults import Drop, Status
from tests.telegram.people import Person as Reader
from tests.telegram.simulator import TelegramSimulator

SECONDS = float(os.environ.get("WPRC_SOAK_SECONDS", "300"))
_PEOPLE = 40
_EACH = 25.0
"""So many seconds apart sessions are scheduled; each is over within four minutes."""
_ANSWERS = {"Going": "going", "Maybe": "maybe", "Can't": "no"}
_MORE_MEMORY, _MORE_BYTES = 1.10, 8_000_000
_WORKING = (asyncio.TimeoutError, Unanswered, AssertionError)


@dataclass(slots=True)
class Life:
    """What goes on, and what is known of it in the end."""

    crowd: Crowd
    folder: Path
    chance: random.Random
    organiser: Person
    ends: float
    sessions: dict[int, datetime] = field(default_factory=dict)
    said: dict[tuple[int, str], str] = field(default_factory=dict)
    """What everybody has tapped last, by session and account."""
    acts: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, int]] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.ends

    def open_sessions(self) -> list[int]:
        now = datetime.now(UTC) + timedelta(seconds=5)
        return [number for number, starts_at in self.sessions.items() if starts_at > now][-2:]

    async def scheduling(self) -> None:
        """A session each so many seconds, which begins in two minutes or three."""
        while self.goes_on:
            at = (datetime.now(UTC) + timedelta(minutes=3)).replace(second=0, microsecond=0)
            with suppress(*_WORKING):
                await self.organiser.slash("schedule", when=f"{at:%Y-%m-%d %H:%M}")
                draft = await self.organiser.answer()
                await self.organiser.press(draft, "Save")
                saved = await self.organiser.answer()
                if (found := re.search(r"Session (\d+)", saved.text)) and "Saved" in saved.text:
                    self.sessions[int(found[1])] = at
                    self.acts["sessions"] += 1
            await asyncio.sleep(_EACH)

    async def on_discord(self, person: Person) -> None:
        channel = next(iter(self.crowd.server.guild.channels.values()))
        while self.goes_on:
            await asyncio.sleep(self.chance.random() * 4)
            if self.chance.random() < 0.4:
                self.acts["looked up"] += 1
                with suppress(*_WORKING):
                    await person.slash(self.chance.choice(("sessions", "papers", "help")))
                    await person.answer()
                continue
            for number in self.open_sessions():
                cards = [see(one) for one in channel.messages.values()]
                cards = [one for one in cards if _is_card(one.text, number)]
                if not cards:
                    continue
                label = self.chance.choice(list(_ANSWERS))
                self.said[number, str(person.id)] = _ANSWERS[label]
                self.acts["taps"] += 1
                try:
                    await person.press(cards[0], label)
                    await person.answer()
                except _WORKING:
                    self.unanswered["discord"] += 1

    async def on_telegram(self, reader: Reader) -> None:
        while self.goes_on:
            await asyncio.sleep(self.chance.random() * 4)
            if self.chance.random() < 0.3:
                self.acts["looked up"] += 1
                await reader.says(reader.private, self.chance.choice(("/sessions", "/papers")))
                continue
            for number in self.open_sessions():
                cards = self.crowd.telegram.sent(self.crowd.group)
                cards = [one for one in cards if _is_card(one.text, number)]
                if not cards:
                    continue
                label = self.chance.choice(list(_ANSWERS))
                self.said[number, str(reader.id)] = _ANSWERS[label]
                self.acts["taps"] += 1
                press = await reader.presses(cards[0], label)
                try:
                    await reader.answered(press)
                except _WORKING:
                    self.unanswered["telegram"] += 1

    async def misfortunes(self) -> None:
        """What the platforms do to a bot, again and again."""
        discord, telegram = self.crowd.discord.faults, self.crowd.telegram.faults
        while self.goes_on:
            await asyncio.sleep(1 + self.chance.random() * 3)
            self.acts["faults"] += 1
            match self.chance.randrange(7):
                case 0:
                    discord.rate_limit("* /channels/*/messages*", 0.5, times=2)
                case 1:
                    discord.fail("POST */callback", 502)
                case 2:
                    discord.reset("* /channels/*/messages*", is_taken=True)
                case 3:
                    telegram.add(kind=Status(429, retry_after=1), method="*Message*")
                case 4:
                    telegram.add(kind=Status(502), method="edit*")
                case 5:
                    telegram.add(kind=Drop(before=False, after=True), method="sendMessage")
                case _:
                    telegram.add(kind=Drop(), method="getUpdates")

    async def measuring(self, pid: int) -> None:
        while self.goes_on:
            await asyncio.sleep(2)
            self.memory.append((time.monotonic(), memory_of(pid)))


def _is_card(text: str, number: int) -> bool:
    return " meets." in text and f"Session {number} ·" in text


def memory_of(pid: int) -> int:
    """The memory that a process has, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


async def at_rest(pid: int, port: int) -> dict[str, int]:
    """What is open while nothing happens: tasks, threads and files or connections."""
    lowest: dict[str, int] = {}
    for _ in range(5):
        await asyncio.sleep(1)
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as response,
        ):
            told = await response.text()
        now = {
            name: int(float(match[1]))
            for name in ("wprc_tasks", "wprc_threads")
            if (match := re.search(rf"^{name} (\S+)$", told, re.MULTILINE))
        }
        now["open files"] = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        lowest = {name: min(value, lowest.get(name, value)) for name, value in now.items()}
    return lowest


def prepared(crowd: Crowd, organiser: Person) -> None:
    """Reminders come within minutes, and the session that the crowd came with is over."""
    with closing(Database(crowd.url)) as database, database.unit(write=True) as uow:
        uow = uow.of_club(crowd.club_id)
        person = uow.people.add("Ana", "discord", str(organiser.id), datetime.now(UTC))
        uow.people.set_role(person.id, "organiser")
        plan: dict[str, object] = {"rsvp": 2, "nudge": 2, "day": 1, "hour": None, "after": 0}
        uow.reminders.save(replace(ClubSettings(), plan=plan, defaults={"minutes": 1}))
        session = uow.sessions.by_number(1)
        assert session is not None
        uow.sessions.mark(session.id, look_at=None)


def all_deliveries(crowd: Crowd, kinds: tuple[str, ...]) -> list[Delivery]:
    with closing(Database(crowd.url)) as database, database.unit() as uow:
        uow = uow.of_club(crowd.club_id)
        numbers = range(2, 10_000)
        found: list[Delivery] = []
        for number in numbers:
            if uow.sessions.by_number(number) is None:
                break
            for kind in kinds:
                found += uow.deliveries.of_subject(kind, str(number))
    return found


def chats_of(crowd: Crowd) -> dict[tuple[str, str, str], int]:
    """Every message of the bot, by platform, chat and id."""
    found = {
        ("telegram", str(chat.id), str(message.id)): 1
        for chat in crowd.telegram.chats.values()
        for message in chat.messages.values()
        if message.sender is crowd.telegram.bot
    }
    for channel in crowd.discord.channels.values():
        for message in channel.messages.values():
            owner = channel.recipient.id if channel.recipient else channel.id
            found["discord", str(owner), str(message.id)] = 1
    return found


def copies_of_cards(crowd: Crowd, number: int) -> Counter[str]:
    """How often a session is announced in each place."""
    channel = next(iter(crowd.server.guild.channels.values()))
    shown = [see(one) for one in channel.messages.values()]
    return Counter(
        discord=sum(_is_card(one.text, number) for one in shown),
        telegram=sum(_is_card(one.text, number) for one in crowd.telegram.sent(crowd.group)),
    )


async def until_quiet(crowd: Crowd, kinds: tuple[str, ...], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while any(one.state == PENDING for one in all_deliveries(crowd, kinds)):
            await asyncio.sleep(1)


_KINDS = ("announced", "rsvp", "nudge", "day", "hour", "after", "seat", "changed", "called-off")


async def test_a_clubs_life(
    sqlite_template: Path, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    file = tmp_path / "club.sqlite"
    shutil.copyfile(sqlite_template, file)
    crowd = await gather(f"sqlite:///{file}", simulator, telegram, _PEOPLE, due_in=86_400)
    organiser = crowd.server.member("Ana")
    prepared(crowd, organiser)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = crowd.environ | {"WPRC_HTTP_PORT": str(port), "LOG_LEVEL": "CRITICAL"}
    async with running(tmp_path, **environ) as bot:
        pid = bot.process.pid
        async with asyncio.timeout(30):
            while not simulator.commands[None]:
                await asyncio.sleep(0.1)
        await asyncio.sleep(5)
        before = await at_rest(pid, port)
        life = Life(
            crowd,
            tmp_path,
            random.Random(17),  # noqa: S311
            organiser,
            time.monotonic() + SECONDS,
        )
        await asyncio.gather(
            life.scheduling(),
            life.misfortunes(),
            life.measuring(pid),
            *(life.on_discord(one) for one in crowd.on_discord.values()),
            *(life.on_telegram(one) for one in crowd.on_telegram.values()),
        )
        simulator.faults.clear()
        telegram.faults.clear()
        # The last session has yet to begin and to end.
        await asyncio.sleep(
            max(0.0, (max(life.sessions.values()) - datetime.now(UTC)).total_seconds())
        )
        await asyncio.sleep(70)
        await until_quiet(crowd, _KINDS, 120)
        after = await at_rest(pid, port)
        assert await bot.end(signal.SIGTERM) == 0
    report(life, before, after)


def report(life: Life, before: dict[str, int], after: dict[str, int]) -> None:
    """Prints what was, and holds it against what must be."""
    crowd = life.crowd
    deliveries = all_deliveries(crowd, _KINDS)
    states = Counter(one.state for one in deliveries)
    third = len(life.memory) // 3
    early = median(number for _, number in life.memory[third : 2 * third])
    late = median(number for _, number in life.memory[2 * third :])
    shown = chats_of(crowd)
    sent = [
        (one.platform, one.chat_id, one.message_id or "") for one in deliveries if one.state == SENT
    ]
    lost = [
        one
        for one in sent
        if one not in shown and (one[0] == "telegram" or not _is_on_discord(crowd, one[2]))
    ]
    wrong = _wrong_answers(life)
    cards = {number: copies_of_cards(crowd, number) for number in life.sessions}
    doubled = {number: dict(found) for number, found in cards.items() if max(found.values()) > 1}
    sys.stderr.write(
        f"\nA club's life, {SECONDS:.0f} s: {dict(life.acts)}, unanswered {dict(life.unanswered)}\n"
        f"  deliveries {dict(states)}; lost {len(lost)}, announced twice {doubled}, "
        f"answers that differ {len(wrong)}\n"
        f"  memory {early / 1e6:.1f} MB, later {late / 1e6:.1f} MB\n"
        f"  at rest {before}, later {after}\n"
    )
    assert not lost
    assert len(set(sent)) == len(sent)
    assert not doubled
    assert not wrong
    assert states.get(UNKNOWN, 0) <= life.acts["faults"]
    assert late <= early * _MORE_MEMORY + _MORE_BYTES
    for name, number in after.items():
        assert number <= before[name] + 5, f"{name}: {before[name]}, later {number}"


def _is_on_discord(crowd: Crowd, message_id: str) -> bool:
    return any(int(message_id) in one.messages for one in crowd.discord.channels.values())


def _wrong_answers(life: Life) -> list[str]:
    """Where the bot remembers something else than what somebody tapped last."""
    with closing(Database(life.crowd.url)) as database, database.unit() as uow:
        uow = uow.of_club(life.crowd.club_id)
        accounts = {
            account.account_id: person.id
            for person in uow.people.everyone()
            for account in person.accounts
        }
        wrong = []
        for (number, account), answer in life.said.items():
            session = uow.sessions.by_number(number)
            kept = uow.rsvps.one(session.id, accounts[account]) if session else None
            if kept is None or kept.answer != answer:
                wrong.append(f"session {number}, {account}: {answer}, kept {kept}")
    return wrong
