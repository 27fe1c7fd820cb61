"""A stage for bots on a simulated Discord."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.discord_house import Stage, make_stage
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
