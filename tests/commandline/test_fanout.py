"""A reminder to a crowd on both platforms, while the bot is killed again and again."""

from __future__ import annotations

import random
import shutil
import signal
from pathlib import Path

from tests import postgres
from tests.commandline.fanout import counted, gather, kill_in_turn, kill_often
from tests.commandline.process import running
from tests.discord.simulator import Simulator
from tests.telegram.simulator import TelegramSimulator

_PEOPLE = 50
_KILLS = 4


async def test_a_reminder_reaches_everybody_once_however_often_the_bot_is_killed(
    sqlite_template: Path, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    file = tmp_path / "club.sqlite"
    shutil.copyfile(sqlite_template, file)
    crowd = await gather(f"sqlite:///{file}", simulator, telegram, _PEOPLE)
    await kill_often(crowd, tmp_path, _KILLS, random.Random(5))  # noqa: S311
    async with running(tmp_path, **crowd.environ) as bot:
        await crowd.until_done(30)
        await bot.end(signal.SIGTERM)
    count = counted(crowd)
    assert not count.missing
    assert not count.doubled
    assert count.states["discord", "sent"] == _PEOPLE // 2
    assert {one.platform for one in count.unknown} <= {"telegram"}
    assert count.was_in_flight(crowd.kills), str(count)
    assert len(count.unknown) <= 8 * _KILLS


async def test_two_processes_on_one_database_send_each_once_and_take_over_from_each_other(
    postgres_template: str, tmp_path: Path, telegram: TelegramSimulator, simulator: Simulator
) -> None:
    with postgres.fresh_database(postgres_template) as url:
        crowd = await gather(url, simulator, telegram, _PEOPLE)
        await kill_in_turn(crowd, tmp_path, 2, random.Random(4))  # noqa: S311
        count = counted(crowd)
    assert not count.missing
    assert not count.doubled
    assert count.states["discord", "sent"] == _PEOPLE // 2
    assert {one.platform for one in count.unknown} <= {"telegram"}
    assert count.was_in_flight(crowd.kills), str(count)
