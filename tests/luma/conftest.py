"""A town whose club may fetch from a Luma on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.core.town import Town
from tests.luma.server import API_KEY, LumaServer

# What has nothing to do with the kind of database is tested on one of them.
ON_SQLITE = pytest.mark.parametrize("dialect", ["sqlite"])


@pytest.fixture
async def luma() -> AsyncIterator[LumaServer]:
    async with LumaServer() as server:
        yield server


@pytest.fixture
async def town(database: Database, tmp_path: Path, luma: LumaServer) -> AsyncIterator[Town]:
    settings = {"LUMA_API_URL": luma.url, "LUMA_API_KEYS": f"WPRC:{API_KEY}"}
    town = Town(database, tmp_path, settings=settings)
    await town.open()
    yield town
    await town.close()


@pytest.fixture
async def keyless(database: Database, tmp_path: Path, luma: LumaServer) -> AsyncIterator[Town]:
    town = Town(database, tmp_path, settings={"LUMA_API_URL": luma.url})
    await town.open()
    yield town
    await town.close()
