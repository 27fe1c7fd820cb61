"""A stage for bots on a simulated Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adapters.discord_house import Stage, make_stage
from tests.adapters.session_house import Scene, opened
from tests.adapters.telegram_house import TelegramStage, make_telegram_stage
from tests.discord.simulator import Simulator
from tests.telegram.simulator import TelegramSimulator


@pytest.fixture
def stage(simulator: Simulator, sqlite_template: Path, tmp_path: Path) -> Stage:
    return make_stage(simulator, sqlite_template, tmp_path)


@pytest.fixture
def telegram_stage(
    telegram: TelegramSimulator, sqlite_template: Path, tmp_path: Path
) -> TelegramStage:
    """A Telegram and a database with two papers, on which bots can be started."""
    return make_telegram_stage(telegram, sqlite_template, tmp_path)


@pytest.fixture
def without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platforms here have no limits, so that a card need not rest between two changes."""
    monkeypatch.setattr("bot.core.sessions.mirrors._REST", timedelta(seconds=0.1))


@pytest.fixture
async def scene(
    simulator: Simulator,
    telegram: TelegramSimulator,
    sqlite_template: Path,
    tmp_path: Path,
    without_rest: None,
) -> AsyncIterator[Scene]:
    async with opened(simulator, telegram, sqlite_template, tmp_path) as scene:
        yield scene
