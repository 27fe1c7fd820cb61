"""One announcement on both platforms, while the bot is killed and the platforms misbehave."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from contextlib import closing
from pathlib import Path

from storage.database import Database
from storage.deliveries import STATES, Delivery
from tests.commandline.conftest import Run
from tests.commandline.pages import page
from tests.commandline.process import running
from tests.commandline.test_run_telegram import environ_of
from tests.conftest import NOW
from tests.discord.simulator import Simulator
from tests.discord.world import TOKEN as DISCORD_TOKEN
from tests.telegram.faults import Drop, Status
from tests.telegram.simulator import TelegramSimulator

_PLACES = 12
_TEXT = "We meet on Thursday at eight."


def club_of(folder: Path, ola: int, groups: list[int], channels: list[tuple[int, int]]) -> None:
    """An organiser on Telegram, and places on both platforms."""
    with (
        closing(Database(f"sqlite:///{folder / 'data' / 'wprc.sqlite'}")) as database,
        database.unit(write=True) as uow,
    ):
        uow = uow.of_club(uow.clubs.all()[0].id)
        person = uow.people.add("Ola", "telegram", str(ola), NOW)
        uow.people.set_role(person.id, "organiser")
        for group in groups:
            place = uow.places.add("telegram", str(group))
            uow.places.assign(place.id, "announcements", str(group), None)
        for server, channel in channels:
            place = uow.places.add("discord", str(server))
            uow.places.assign(place.id, "announcements", str(channel), None)


def deliveries(folder: Path) -> list[Delivery]:
    file = folder / "data" / "wprc.sqlite"
    with closing(Database(f"sqlite:///{file}")) as database, database.unit() as uow:
        return uow.of_club(uow.clubs.all()[0].id).deliveries.listed(STATES, 500)


async def test_an_announcement_reaches_every_place_once_through_kills_and_faults(
    wprc: Run, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    Path("one.txt").write_text(page("WPRC-001", "One"))
    assert wprc("import", "one.txt").code == 0
    ola = telegram.user("Ola")
    groups = [telegram.group(f"Group {number}") for number in range(_PLACES)]
    servers = [await simulator.guild(f"Server {number}") for number in range(_PLACES)]
    channels = [(one.guild.id, one.member("Somebody").here.id) for one in servers]
    club_of(tmp_path, ola.id, [group.id for group in groups], channels)
    chance = random.Random(3)  # noqa: S311
    environ = {
        **environ_of(telegram),
        "DISCORD_TOKEN": DISCORD_TOKEN,
        "DISCORD_API_URL": simulator.api_url,
    }
    async with running(tmp_path / "data", **environ) as bot:
        await bot.says("Discord: ready")
        await ola.says(ola.private, f"/announce {_TEXT}")
        preview = await ola.hears(ola.private)
        assert _TEXT in preview.text
        telegram.faults.add(kind=Status(429, retry_after=1), method="sendMessage", times=2, skip=3)
        telegram.faults.add(
            kind=Drop(before=False, after=True), method="sendMessage", times=1, skip=6
        )
        await ola.presses(preview, "Post it")
        await asyncio.sleep(0.1 + chance.random() * 0.3)
        await bot.end(signal.SIGKILL)
    for _ in range(2):
        async with running(tmp_path / "data", **environ) as bot:
            await bot.says("Discord: ready")
            await asyncio.sleep(chance.random() * 0.3)
            await bot.end(signal.SIGKILL)
    async with running(tmp_path / "data", **environ) as bot:
        async with asyncio.timeout(100):
            while any(one.state == "pending" for one in deliveries(tmp_path)):
                await asyncio.sleep(0.2)
        await bot.end(signal.SIGTERM)

    found = deliveries(tmp_path)
    assert len(found) == 2 * _PLACES
    states = Counter((one.platform, one.state) for one in found)
    assert {state for _, state in states} <= {"sent", "unknown"}
    assert states["discord", "sent"] == _PLACES
    for server in servers:
        said = [message.content for message in server.member("Reader").here.messages.values()]
        assert sum(_TEXT in one for one in said) == 1
    seen = {str(group.id): len(telegram.sent(group)) for group in groups}
    for one in found:
        if one.platform == "telegram":
            assert seen[one.chat_id] in ((1,) if one.state == "sent" else (0, 1))
    assert states["telegram", "unknown"] <= 1 + 3 * _PLACES // 4
