"""A club with a place on each platform, for every test of what is said and done there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.core.hall import Hall
from tests.core.town import Town


@pytest.fixture
async def hall(database: Database, tmp_path: Path) -> AsyncIterator[Hall]:
    hall = Hall(database, tmp_path)
    await hall.open()
    yield hall
    await hall.close()


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> AsyncIterator[Town]:
    town = Town(database, tmp_path)
    await town.open()
    yield town
    await town.close()
