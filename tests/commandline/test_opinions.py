"""Opinions by plain message, while the process is killed again and again."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from contextlib import closing
from pathlib import Path

from storage.database import Database
from tests.commandline.conftest import Run
from tests.commandline.pages import page
from tests.commandline.process import running
from tests.commandline.test_run_telegram import environ_of
from tests.conftest import NOW
from tests.discord.intents import MESSAGE_CONTENT
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN as DISCORD_TOKEN
from tests.telegram.simulator import TelegramSimulator

_KILLS, _MESSAGES, _PEOPLE = 6, 120, 4


def opened(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'data' / 'wprc.sqlite'}")


def set_up(
    folder: Path, group: int, channel: tuple[int, int], people: list[tuple[str, str, str]]
) -> None:
    """Places for opinions on both platforms, and members whose opinions are published at once."""
    with closing(opened(folder)) as database, database.unit(write=True) as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        place = uow.places.add("telegram", str(group))
        uow.places.assign(place.id, "opinions", str(group), None)
        place = uow.places.add("discord", str(channel[0]))
        uow.places.assign(place.id, "opinions", str(channel[1]), None)
        for platform, account, name in people:
            person = uow.people.add(name, platform, account, NOW)
            uow.people.set(person.id, standing="named")


def texts(folder: Path) -> Counter[str]:
    with closing(opened(folder)) as database, database.unit() as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        return Counter(one.text for one in uow.opinions.public("WPRC-001"))


async def test_each_opinion_is_there_once_however_often_the_bot_is_killed(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    Path("one.txt").write_text(page("WPRC-001", "One"))
    assert wprc("import", "one.txt").code == 0
    simulator.privileged = MESSAGE_CONTENT
    server = await simulator.guild("Readers", channels=("opinions",))
    channel = server.channel("opinions")
    readers = [server.member(f"Reader {number}") for number in range(_PEOPLE)]
    speakers = [telegram.user(f"Speaker {number}") for number in range(_PEOPLE)]
    group = telegram.group("Night Readers", members=speakers, bot="admin")
    names = ("Ana", "Bo", "Cid", "Dan", "Eva", "Fin", "Gus", "Hal")
    accounts = [("discord", str(one.id)) for one in readers]
    accounts += [("telegram", str(one.id)) for one in speakers]
    people = [(*account, name) for account, name in zip(accounts, names, strict=True)]
    set_up(tmp_path, group.id, (server.guild.id, channel.id), people)
    chance = random.Random(5)  # noqa: S311
    environ = {
        **environ_of(telegram),
        "DISCORD_TOKEN": DISCORD_TOKEN,
        "DISCORD_API_URL": simulator.api_url,
        "DISCORD_MESSAGE_CONTENT": "true",
    }
    wanted = [f"Bond number {number} needs a judge." for number in range(_MESSAGES)]

    async def speak() -> None:
        for position, words in enumerate(wanted):
            line = f"#WPRC-001 {words}"
            if position % 2:
                await speakers[position // 2 % _PEOPLE].says(group, line)
            else:
                await readers[position // 2 % _PEOPLE].say(line, channel)
            await asyncio.sleep(0.01)

    async with running(tmp_path / "data", **environ) as bot:
        await bot.says("Discord: ready")
        await readers[0].say("#WPRC-001 The first word.", channel)
        async with asyncio.timeout(20):
            while not texts(tmp_path):
                await asyncio.sleep(0.05)
        speaking = asyncio.create_task(speak())
        await asyncio.sleep(0.3)
        await bot.end(signal.SIGKILL)
    for _ in range(_KILLS - 1):
        before = texts(tmp_path).total()
        async with running(tmp_path / "data", **environ) as bot:
            await bot.says("Discord: ready")
            more = chance.randrange(1, _MESSAGES // _KILLS)
            async with asyncio.timeout(20):
                while texts(tmp_path).total() < min(before + more, _MESSAGES + 1):
                    await asyncio.sleep(chance.random() * 0.02)
            await bot.end(signal.SIGKILL)
    await speaking
    async with running(tmp_path / "data", **environ) as bot:
        async with asyncio.timeout(60):
            while len(texts(tmp_path)) < _MESSAGES + 1:
                await asyncio.sleep(0.1)
        assert await bot.end(signal.SIGTERM) == 0
    assert texts(tmp_path) == Counter(dict.fromkeys(["The first word.", *wanted], 1))
