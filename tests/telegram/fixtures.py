"""A bare client for tests that talk to the simulated Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.telegram.simulator import TelegramSimulator


@pytest.fixture
async def bot(telegram: TelegramSimulator, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """A bare python-telegram-bot client of it, which does nothing by itself."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # Else each RetryAfter warns of times to come.
    async with bare_bot(telegram) as client:
        yield client


def bare_bot(simulator: TelegramSimulator, token: str | None = None) -> Bot:
    return Bot(
        token or simulator.token,
        base_url=f"{simulator.url}/bot",
        base_file_url=f"{simulator.url}/file/bot",
    )
