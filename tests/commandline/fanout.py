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
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
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
        found = Counter(dict.fromkeys(self.everybody, 0))
        for chat in self.telegram.chats.values():
            if chat.user is not None:
                found["telegram", str(chat.id)] = len(chat.messages)
        for channel in self.discord.channels.values():
            if channel.recipient is not None:
                found["discord", str(channel.recipient.id)] = len(channel.messages)
        return found

    def arrived(self) -> Counter[str]:
        """How many of them have it, by platform."""
        return Counter(platform for (platform, _), number in self.copies().items() if number)

    def to_come(self) -> Counter[str]:
        """How many of them will surely have it, and have it not, by platform."""
        copies = self.copies()
        found = {(one.platform, one.chat_id): one for one in self.deliveries()}
        left = Counter[str]()
        for who in self.everybody:
            delivery = found.get(who)
            is_open = delivery is None or (
                delivery.state == PENDING and (delivery.started_at is None or who[0] == "discord")
            )
            left[who[0]] += is_open and not copies[who]
        return +left

    @property
    def everybody(self) -> list[tuple[str, str]]:
        """By platform and account."""
        return [
            *(("discord", account) for account in self.on_discord),
            *(("telegram", account) for account in self.on_telegram),
        ]

    def deliveries(self, kind: str = KIND) -> list[Delivery]:
        """What the bot believes of the private reminders."""
        with closing(Database(self.url)) as database, database.unit() as uow:
            found = uow.of_club(self.club_id).deliveries.of_subject(kind, "1")
        return [one for one in found if one.is_private]

    async def until_done(self, seconds: float) -> None:
        """Waits until nothing is to be sent any more."""
        async with asyncio.timeout(seconds):
            while True:
                await asyncio.sleep(0.2)
                found = self.deliveries()
                if len(found) >= len(self.everybody) and all(one.state != PENDING for one in found):
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
    crowd: Crowd, folder: Path, kills: int, chance: random.Random, **more: str
) -> int:
    """Starts the bot and kills it in the middle of sending, again and again; how often it was.

    The kills are spread over the whole of it, so that the last ones come near its end; and before
    each of them something arrives wherever there is something left.
    """
    for number in range(kills):
        before, left = crowd.arrived(), crowd.to_come()
        if not left:
            return number
        goals = {
            name: before[name] + min(one, chance.randint(1, max(1, 2 * one // (kills - number))))
            for name, one in left.items()
        }
        async with running(folder, **crowd.environ, **more) as bot:
            async with asyncio.timeout(60):
                while any(crowd.arrived()[name] < goal for name, goal in goals.items()):
                    await asyncio.sleep(0.01)
            await asyncio.sleep(chance.random() * 0.05)
            await bot.end(signal.SIGKILL)
            crowd.kills.append(datetime.now(UTC))
    return kills


async def kill_in_turn(
    crowd: Crowd, folder: Path, kills: int, chance: random.Random, seconds: float = 60
) -> None:
    """Two processes on one database send; one after the other is killed and started again.

    Each serves its own half of Discord's servers, and one of them serves Telegram.
    """
    environs = [
        crowd.environ | {"DISCORD_SHARD_COUNT": "2", "DISCORD_SHARD_IDS": str(number)}
        for number in range(2)
    ]
    everybody = len(crowd.everybody)
    async with AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(running(folder, **one)) for one in environs]
        for number in range(kills):
            before = crowd.copies()
            left = everybody - len(+before)
            goal = before.total() + chance.randint(1, max(1, left // (kills - number + 1)))
            async with asyncio.timeout(seconds):
                while left and (now := crowd.copies()).total() < goal and len(+now) < everybody:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(chance.random() * 0.05)
            which = number % 2
            await bots[which].end(signal.SIGKILL)
            crowd.kills.append(datetime.now(UTC))
            bots[which] = await stack.enter_async_context(running(folder, **environs[which]))
        await crowd.until_done(seconds * 5)
        await asyncio.gather(*(bot.end(signal.SIGTERM) for bot in bots))


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
