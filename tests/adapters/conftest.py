"""A stage for bots on a simulated Discord."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.discord_house import Stage, make_stage
from tests.discord.simulator import Simulator


@pytest.fixture
def stage(simulator: Simulator, sqlite_template: Path, tmp_path: Path) -> Stage:
    return make_stage(simulator, sqlite_template, tmp_path)
