"""A simulated Discord for each test, which must not have been asked for the impossible."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.discord.simulator import Simulator


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator() as running:
        yield running
    assert [str(violation) for violation in running.violations] == []
