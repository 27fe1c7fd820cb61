"""Jobs that are under way when the program ends."""

from __future__ import annotations

import asyncio

import pytest

from bot.scheduler import Job, Scheduler


async def test_a_job_that_the_end_interrupts_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await never.wait()

    scheduler = Scheduler((Job("work", 60.0, work),))
    scheduler.start()
    await begun.wait()
    scheduler.stop()
    await asyncio.sleep(0.05)
    assert caplog.records == []
