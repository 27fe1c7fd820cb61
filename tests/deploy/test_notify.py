"""What the service manager is told, and that it hears nothing of a loop that hangs."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from bot.notify import ServiceManager
from tests.deploy.manager import manager

WATCHDOG_USEC = 200_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such a manager")


def environ(address: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(WATCHDOG_USEC)}


@pytest.mark.parametrize("is_abstract", [False, True])
async def test_it_hears_of_the_start_the_state_and_the_end(
    tmp_path: Path, is_abstract: bool
) -> None:
    state = (False, "Discord: not connected")
    with manager(None if is_abstract else tmp_path) as systemd:
        told = ServiceManager(environ(systemd.address))
        async with told.told(lambda: state):
            await systemd.hears("STATUS=Discord: not connected")
            assert "READY=1" not in systemd.said
            # A start that takes long is no start that hangs.
            assert "EXTEND_TIMEOUT_USEC=30000000" in systemd.said
            state = (True, "Discord: serving")
            await systemd.hears("READY=1")
            assert "STATUS=Discord: serving" in systemd.said
            await systemd.hears("WATCHDOG=1")
            told.stopping()
            await systemd.hears("STOPPING=1")
            state = (False, "Discord: not connected")
            await systemd.hears("WATCHDOG=1")
        assert systemd.said.count("READY=1") == 1
        assert systemd.said[-1] == "WATCHDOG=1"


async def test_a_loop_that_hangs_is_not_said_to_be_alive(tmp_path: Path) -> None:
    with manager(tmp_path) as systemd:
        async with ServiceManager(environ(systemd.address)).told(lambda: (True, "serving")):
            await systemd.hears("WATCHDOG=1")
            systemd.drain()
            # The loop itself is held up here, for longer than the manager waits.
            time.sleep(2 * WATCHDOG_USEC / 1_000_000)
            assert systemd.drain() == []
            await systemd.hears("WATCHDOG=1")


async def test_nobody_is_told_where_nobody_asked(tmp_path: Path) -> None:
    for address in ("", "not/a/path", str(tmp_path / "nobody listens")):
        manager_of_none = ServiceManager(environ(address))
        async with manager_of_none.told(lambda: (True, "serving")):
            await asyncio.sleep(0)
            manager_of_none.stopping()


@pytest.mark.parametrize(
    "others", [{"WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "soon"}]
)
async def test_a_watchdog_for_another_process_is_left_alone(
    tmp_path: Path, others: dict[str, str]
) -> None:
    assert os.getpid() != 1
    with manager(tmp_path) as systemd:
        told = ServiceManager({**environ(systemd.address), **others})
        async with told.told(lambda: (True, "serving")):
            await systemd.hears("READY=1")
            await asyncio.sleep(2 * WATCHDOG_USEC / 1_000_000)
        systemd.drain()
        assert "WATCHDOG=1" not in systemd.said
