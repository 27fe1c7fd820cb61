"""wprc run on Telegram, and on both platforms in one process: nothing is lost when it is killed."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import signal
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.commandline.running import _Served
from bot.settings import load_settings
from storage.database import Database
from tests.commandline.conftest import Run
from tests.commandline.pages import page
from tests.commandline.process import running
from tests.conftest import NOW
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN as DISCORD_TOKEN
from tests.telegram.people import Person
from tests.telegram.simulator import TelegramSimulator

_MESSAGES = 250
_PEOPLE = 25
_KILLS = 6


def environ_of(telegram: TelegramSimulator) -> dict[str, str]:
    return {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_fresh_bot_answers_on_telegram_and_ends_in_order(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator, number: signal.Signals
) -> None:
    Path("one.txt").write_text(page("WPRC-001", "One"))
    assert wprc("import", "one.txt").code == 0
    ana = telegram.user("Ana")
    await ana.says(ana.private, "/paper 1")
    async with running(tmp_path / "data", **environ_of(telegram), LOG_LEVEL="DEBUG") as bot:
        await bot.says(rf"Telegram: ready as @{telegram.username}")
        assert "One" in (await ana.hears(ana.private)).text
        assert await bot.end(number) == 0
    assert telegram.token not in bot.said
    assert telegram.token.partition(":")[2] not in bot.said
    assert "Traceback" not in bot.said


async def test_a_wrong_token_is_said_without_a_traceback(
    tmp_path: Path, telegram: TelegramSimulator
) -> None:
    environ = {**environ_of(telegram), "TELEGRAM_TOKEN": "4242:another-token-than-this-bots"}
    async with running(tmp_path, **environ) as bot:
        async with asyncio.timeout(30):
            _, said = await bot.process.communicate()
        assert bot.process.returncode == 1
    assert b"TELEGRAM_TOKEN" in said
    assert b"Traceback" not in said
    assert b"another-token" not in said
    telegram.take_violations()


async def test_one_process_serves_both_and_either_may_be_away(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    Path("one.txt").write_text(page("WPRC-001", "One"))
    assert wprc("import", "one.txt").code == 0
    club = await simulator.guild("Readers")
    ana, bo = telegram.user("Ana"), club.member("Bo")
    discord = {"DISCORD_TOKEN": DISCORD_TOKEN, "DISCORD_API_URL": simulator.api_url}
    async with running(tmp_path / "data", **environ_of(telegram), **discord) as bot:
        await bot.says("ready as")
        await bot.says("Telegram: ready")
        await bot.says("Discord: ready")
        await ana.says(ana.private, "/paper 1")
        assert "One" in (await ana.hears(ana.private)).text
        await bo.slash("paper", what="1")
        assert "One" in (await bo.answer()).text
        assert await bot.end(signal.SIGTERM) == 0
    for away in (discord | {"DISCORD_API_URL": "http://127.0.0.1:9"}, {"DISCORD_TOKEN": "wrong"}):
        environ = {**discord, **away}
        async with running(tmp_path / "data", **environ_of(telegram), **environ) as bot:
            await ana.says(ana.private, "/paper 1")
            assert "One" in (await ana.hears(ana.private, patience=15)).text
            assert await bot.end(signal.SIGTERM) == 0
        assert "Traceback" not in bot.said
    nowhere = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": "http://127.0.0.1:9"}
    async with running(tmp_path / "data", **nowhere, **discord) as bot:
        await bot.says("Discord: ready")
        await bo.slash("paper", what="1")
        assert "One" in (await bo.answer()).text
        assert await bot.end(signal.SIGTERM) == 0
    assert "Traceback" not in bot.said


async def test_two_processes_never_ask_for_updates_at_once(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator
) -> None:
    assert wprc("migrate").code == 0
    async with running(tmp_path / "data", **environ_of(telegram)) as first:
        await first.says("Telegram: ready")
        async with running(tmp_path / "data", **environ_of(telegram)) as second:
            await second.says("served by another process")
            assert await first.end(signal.SIGKILL) == -signal.SIGKILL
            await second.says("Telegram: ready")
            assert await second.end(signal.SIGTERM) == 0


def make_organisers(folder: Path, people: list[Person]) -> None:
    with (
        closing(Database(f"sqlite:///{folder / 'data' / 'wprc.sqlite'}")) as database,
        database.unit(write=True) as uow,
    ):
        uow = uow.of_club(uow.clubs.all()[0].id)
        for one in people:
            person = uow.people.add(one.first_name, "telegram", str(one.id), NOW)
            uow.people.set_role(person.id, "organiser")


def titles(folder: Path) -> Counter[str]:
    file = folder / "data" / "wprc.sqlite"
    with closing(Database(f"sqlite:///{file}")) as database, database.unit() as uow:
        heads = uow.of_club(uow.clubs.all()[0].id).papers.heads()
        return Counter(head.title for head in heads)


async def test_each_message_has_its_effects_once_however_often_the_bot_is_killed(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator
) -> None:
    Path("one.txt").write_text(page("WPRC-001", "One"))
    assert wprc("import", "one.txt").code == 0
    people = [telegram.user(f"Organiser {number}") for number in range(_PEOPLE)]
    make_organisers(tmp_path, people)
    chance = random.Random(7)  # noqa: S311
    wanted = [f"Paper number {number} of many" for number in range(_MESSAGES)]

    async def speak() -> None:
        for position, title in enumerate(wanted):
            person = people[position % _PEOPLE]
            await person.says(person.private, f"/newpaper {title}")
            if position % 10 == 0:
                await asyncio.sleep(0.02)

    def answered() -> Counter[str]:
        found = Counter[str]()
        for one in telegram.sent():
            if match := re.search(r"Paper number \d+ of many", one.text):
                found[match[0]] += 1
        return found

    speaking = asyncio.create_task(speak())
    for _ in range(_KILLS):
        before = answered().total()
        async with running(tmp_path / "data", **environ_of(telegram)) as bot:
            await bot.says("Telegram: ready")
            more = chance.randrange(1, _MESSAGES // _KILLS)
            async with asyncio.timeout(20):
                while answered().total() < min(before + more, _MESSAGES):
                    await asyncio.sleep(chance.random() * 0.01)
            await bot.end(signal.SIGKILL)
    await speaking
    async with running(tmp_path / "data", **environ_of(telegram)) as bot:
        async with asyncio.timeout(60):
            while len(answered()) < _MESSAGES:
                await asyncio.sleep(0.05)
        assert await bot.end(signal.SIGTERM) == 0
    assert titles(tmp_path) == Counter({"One": 1, **dict.fromkeys(wanted, 1)})
    # Only what was under way when it was killed may have been answered twice.
    assert answered().total() - _MESSAGES <= _KILLS * _PEOPLE
    assert max(answered().values()) <= 1 + _KILLS


async def test_a_database_that_is_away_for_longer_than_a_lease_ends_nothing(
    sqlite_template: Path,
    tmp_path: Path,
    telegram: TelegramSimulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storage.database._BUSY_FOR", 0.05)
    monkeypatch.setattr("bot.commandline.running._LEASE_FOR", timedelta(seconds=0.3))
    monkeypatch.setattr("bot.commandline.running._RENEW_SECONDS", 0.1)
    file = tmp_path / "club.sqlite"
    shutil.copyfile(sqlite_template, file)
    settings = load_settings({**environ_of(telegram), "WPRC_DATA_DIR": str(tmp_path)}, None)
    ana = telegram.user("Ana")
    with closing(Database(f"sqlite:///{file}")) as database:
        async with App(settings, database) as app:
            (connection,) = app.connect(settings)
            served = _Served(app, connection, asyncio.Event())
            serving = asyncio.create_task(served.serve())
            async with asyncio.timeout(10):
                while not connection.adapter.is_ready:
                    await asyncio.sleep(0.01)
            with database.transaction(write=True):
                await asyncio.sleep(1)
            assert not serving.done()
            await ana.says(ana.private, "/start")
            assert (await ana.hears(ana.private, patience=15)).text
            await served.stop()
            await serving
