"""Jobs that fail are tried again and again, and logged once."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.scheduler import Job, Scheduler


async def test_a_job_that_fails_for_long_is_logged_once_and_when_it_works_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs = 0
    works = asyncio.Event()

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs < 5:
            raise OSError("the database is away")
        works.set()

    caplog.set_level(logging.INFO, "bot.scheduler")
    scheduler = Scheduler((Job("cards", 0.01, run),))
    scheduler.start()
    async with asyncio.timeout(5):
        await works.wait()
        while "cards works again" not in caplog.text:
            await asyncio.sleep(0.01)
    scheduler.stop()
    assert caplog.text.count("cards failed") == 1
