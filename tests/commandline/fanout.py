"""A reminder to a crowd on both platforms, and the count of what became of it.

Half of the crowd is on Discord and half on Telegram; each has said that they come and wants to be
reminded in private. Whatever is done to the bot, the database and the platforms meanwhile, what
stands in the chats in the end is compared with what the bot believes.
"""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.database import Database
from storage.deliveries import FAILED, PENDING, SENT, UNKNOWN, Delivery
from storage.reminders import ReminderChoice
from storage.rsvps import GOING, Rsvp
from storage.session_rows import SCHEDULED
from tests.commandline.process import running
from tests.discord.clubs import Club
from tests.discord.people import Person as DiscordPerson
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN as DISCORD_TOKEN
from tests.telegram.groups import Group
from tests.telegram.people import Person as TelegramPerson
from tests.telegram.simulator import TelegramSimulator

KIND = "day"
_DAY = timedelta(days=1)
_MOMENT = timedelta(seconds=3)


@dataclass(slots=True)
class Crowd:
    """Everybody who is to be reminded, by account, and what the bot is started with."""

    url: str
    club_id: int
    discord: Simulator
    telegram: TelegramSimulator
    server: Club
    group: Group
    on_discord: dict[str, DiscordPerson]
    on_telegram: dict[str, TelegramPerson]
    kills: list[datetime] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
            "DISCORD_TOKEN": DISCORD_TOKEN,
            "DISCORD_API_URL": self.discord.api_url,
            "LOG_LEVEL": "ERROR",
        }

    def copies(self) -> Counter[tuple[str, str]]:
        """How often each of them has the reminder, by platform and account."""
        found = Counter[tuple[str, str]]()
        for account, reader in self.on_telegram.items():
            found["telegram", account] = len(self.telegram.sent(reader.private))
        for account, person in self.on_discord.items():
            found["discord", account] = len(person.dm.messages)
        return found

    def arrived(self) -> int:
        """How many messages there are in all private chats together."""
        return self.copies().total()

    def deliveries(self, kind: str = KIND) -> list[Delivery]:
        """What the bot believes of the private reminders."""
        with closing(Database(self.url)) as database, database.unit() as uow:
            found = uow.of_club(self.club_id).deliveries.of_subject(kind, "1")
        return [one for one in found if one.is_private]

    async def until_done(self, seconds: float) -> None:
        """Waits until nothing is to be sent any more."""
        everybody = len(self.on_discord) + len(self.on_telegram)
        async with asyncio.timeout(seconds):
            while True:
                await asyncio.sleep(0.2)
                found = self.deliveries()
                if len(found) >= everybody and all(one.state != PENDING for one in found):
                    return


async def gather(
    url: str,
    discord: Simulator,
    telegram: TelegramSimulator,
    count: int,
    *,
    due_in: float = 0.0,
) -> Crowd:
    """The crowd of a new club, on a migrated database; its reminder is due in so many seconds."""
    server = await discord.guild("Readers")
    group = telegram.group("Night Readers")
    now = datetime.now(UTC)
    on_discord = {
        str(one.id): one
        for one in (server.member(f"Member {number}") for number in range(count - count // 2))
    }
    on_telegram = {
        str(one.id): one for one in (telegram.user(f"Reader {n}") for n in range(count // 2))
    }
    for reader in on_telegram.values():
        state = telegram.private_of(reader)
        state.has_started = state.is_known = True
        telegram.chat_with(reader)
    starts_at = now + _DAY + timedelta(seconds=due_in)
    with closing(Database(url)) as database, database.unit(write=True) as uow:
        club = uow.clubs.add("WPRC", "Readers", now)
        uow = uow.of_club(club.id)
        place = uow.places.add("discord", str(server.id))
        channel = next(iter(server.guild.channels.values()))
        uow.places.assign(place.id, "announcements", str(channel.id), None)
        place = uow.places.add("telegram", str(group.id))
        uow.places.assign(place.id, "announcements", str(group.id), None)
        session = uow.sessions.add(
            now,
            state=SCHEDULED,
            title="A session",
            minutes=90,
            local_start=starts_at.replace(tzinfo=None).isoformat(timespec="minutes"),
            time_zone="UTC",
            starts_at=starts_at,
            announced_at=now,
            looked_at=now - timedelta(seconds=1),
            look_at=starts_at - _DAY,
        )
        people = [("discord", account, one.name) for account, one in on_discord.items()]
        people += [("telegram", account, one.first_name) for account, one in on_telegram.items()]
        for number, (platform, account, name) in enumerate(people, start=1):
            person = uow.people.add(name, platform, account, now)
            at = now - timedelta(seconds=1)
            uow.rsvps.put(Rsvp(session.id, person.id, GOING, 0, False, number, at))
            uow.reminders.choose(person.id, replace(ReminderChoice(), where=platform))
    return Crowd(url, club.id, discord, telegram, server, group, on_discord, on_telegram)


async def kill_often(
    crowd: Crowd,
    folder: Path,
    kills: int,
    chance: random.Random,
    *,
    between: Callable[[int], None] = lambda number: None,
    more: Mapping[str, str] | None = None,
) -> int:
    """Starts the bot and kills it in the middle of sending, again and again; how often it was."""
    everybody = len(crowd.on_discord) + len(crowd.on_telegram)
    for number in range(kills):
        left = everybody - len(+crowd.copies())
        if not left:
            return number
        between(number)
        async with running(folder, **crowd.environ, **(more or {})) as bot:
            goal = crowd.arrived() + chance.randint(1, max(1, 2 * left // (kills - number) - 1))
            async with asyncio.timeout(60):
                while crowd.arrived() < goal and len(+crowd.copies()) < everybody:
                    await asyncio.sleep(0.003)
            await asyncio.sleep(chance.random() * 0.05)
            await bot.end(signal.SIGKILL)
            crowd.kills.append(datetime.now(UTC))
    return kills


@dataclass(slots=True)
class Count:
    """What became of a reminder, once nothing is to be sent any more."""

    states: Counter[tuple[str, str]]
    missing: list[str]
    """Marked as sent, and not there; or neither sent nor accounted for."""
    doubled: list[str]
    """There more than once."""
    unknown: list[Delivery]
    arrived_though_unknown: int

    def was_in_flight(self, kills: Sequence[datetime]) -> bool:
        """Whether each of the unknown ones was begun a moment before the bot was killed."""
        return all(
            one.started_at is not None
            and any(timedelta() <= at - one.started_at < _MOMENT for at in kills)
            for one in self.unknown
        )

    def __str__(self) -> str:
        states = ", ".join(
            f"{platform} {state} {number}"
            for (platform, state), number in sorted(self.states.items())
        )
        return (
            f"{states}; missing {len(self.missing)}, doubled {len(self.doubled)}, "
            f"unknown {len(self.unknown)} (of which {self.arrived_though_unknown} had arrived)"
        )


def counted(crowd: Crowd) -> Count:
    """Compares what stands in the chats with what the bot believes."""
    copies = crowd.copies()
    found = {(one.platform, one.chat_id): one for one in crowd.deliveries()}
    missing, doubled = [], []
    for who, number in copies.items():
        delivery = found.get(who)
        name = f"{who[0]} {who[1]}: {number}, {delivery.state if delivery else 'not planned'}"
        if number > 1:
            doubled.append(name)
        if number == 0 and (delivery is None or delivery.state not in (UNKNOWN, FAILED)):
            missing.append(name)
        if number == 1 and (delivery is None or delivery.state not in (SENT, UNKNOWN)):
            missing.append(f"{name}, though it is there")
    unknown = [one for one in found.values() if one.state == UNKNOWN]
    return Count(
        Counter((one.platform, one.state) for one in found.values()),
        missing,
        doubled,
        unknown,
        sum(copies[one.platform, one.chat_id] for one in unknown),
    )
