"""Jobs that take long, and those that are under way when the program ends."""

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


async def test_a_turn_that_is_left_out_is_not_worth_a_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, may_end = 0, asyncio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        await may_end.wait()

    scheduler = Scheduler((Job("work", 0.02, work),))
    scheduler.start()
    await asyncio.sleep(0.2)
    assert begun == 1
    may_end.set()
    async with asyncio.timeout(5):
        while begun < 2:
            await asyncio.sleep(0.01)
    scheduler.stop()
    assert caplog.records == []
