"""A session in a server's own calendar: made once, kept in step, read back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.mirrors import EVENT
from tests.adapters.session_house import Scene, opened
from tests.discord.permissions import Permission
from tests.discord.simulator import Simulator
from tests.telegram.simulator import TelegramSimulator


async def test_a_servers_calendar_follows_the_session(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.sessions.changes._UNDO_FOR", timedelta(seconds=0.2))
    monkeypatch.setattr("bot.core.sessions.changes._UNDO_FOR", timedelta(seconds=0.2))
    await scene.schedule(Place="The library, second floor")
    entry = await scene.entry()
    assert entry.payload["entity_metadata"] == {"location": "The library, second floor"}
    assert datetime.fromisoformat(entry.payload["scheduled_start_time"]) == scene.when
    later = scene.when + timedelta(days=1)
    await scene.move(later)
    await scene.until(
        lambda: datetime.fromisoformat(entry.payload["scheduled_start_time"]) == later
    )
    bo = scene.server.member("Bo")
    requests = len(_of_calendar(scene, "PATCH"))
    await bo.press(scene.on_discord(), "Going")
    await scene.both_say("1 going")
    # Counts do not show there, so that a tap costs no request.
    assert len(_of_calendar(scene, "PATCH")) == requests
    await scene.ana.press(await scene.organised(), "Cancel")
    await scene.ana.press(await scene.ana.answer(), "Yes, cancel it")
    cancelled = await scene.ana.answer()
    await scene.until(lambda: not scene.entries())
    await scene.ana.press(cancelled, "Undo")
    await scene.until(lambda: len(scene.entries()) == 1)


def _of_calendar(scene: Scene, method: str) -> list[str]:
    return [
        one.path
        for one in scene.discord.requests
        if one.method == method and re.search(r"/scheduled-events(/\d+)?$", one.path)
    ]


async def test_an_entry_that_somebody_deleted_is_made_anew(scene: Scene) -> None:
    await scene.schedule()
    entry = await scene.entry()
    del scene.discord.calendar[entry.id]
    await scene.move(scene.when + timedelta(days=1))
    await scene.until(lambda: len(scene.entries()) == 1)
    entry = await scene.entry()
    del scene.discord.calendar[entry.id]
    # Nothing changes, and yet it is noticed: when those who are interested are read.
    await scene.until(lambda: bool(scene.mirrors(EVENT)[0].message_id))
    await scene.app.mirroring.read_interested()
    await scene.until(lambda: len(scene.entries()) == 1)


@pytest.mark.parametrize("how", ["reset", 502])
async def test_an_entry_whose_answer_was_lost_is_not_made_twice(
    scene: Scene, how: str | int
) -> None:
    where = "POST /guilds/*/scheduled-events"
    if how == "reset":
        scene.discord.faults.reset(where, is_taken=True)
    else:
        scene.discord.faults.fail(where, int(how), is_taken=True)
    await scene.schedule()
    entry = await scene.entry()
    assert str(entry.id) == scene.mirrors(EVENT)[0].message_id


async def test_an_entry_that_was_made_as_the_session_was_cancelled_goes_too(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.sessions.changes._UNDO_FOR", timedelta(seconds=0.2))
    await scene.schedule()
    await scene.entry()
    with scene.database.unit(write=True) as uow:
        # As after a kill between the making of it and the noting of its id.
        uow.mirrors.lost(scene.mirrors(EVENT)[0], datetime.now(UTC) + timedelta(days=1))
    await scene.ana.press(await scene.organised(), "Cancel")
    await scene.ana.press(await scene.ana.answer(), "Yes, cancel it")
    with scene.database.unit(write=True) as uow:
        uow._connection.exec_driver_sql("UPDATE mirrors SET due_at = '2026-01-01 00:00:00'")
    await scene.until(lambda: not scene.entries())


async def test_without_permission_all_but_the_calendar_goes_on(
    simulator: Simulator,
    telegram: TelegramSimulator,
    sqlite_template: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with opened(simulator, telegram, sqlite_template, tmp_path) as scene:
        scene.server.let_bot(deny=Permission.CREATE_EVENTS)
        await scene.schedule()
        on_discord, _ = await scene.cards()
        await scene.server.member("Bo").press(on_discord, "Going")
        await scene.both_say("1 going")
        await scene.until(lambda: "give it Create Events" in caplog.text)
        assert not scene.entries()
        await scene.ana.slash("setup")
        assert "give the bot Create Events" in (await scene.ana.answer()).text


async def test_those_who_press_interested_are_maybe_until_they_say_more(scene: Scene) -> None:
    await scene.schedule()
    entry = await scene.entry()
    await scene.cards()
    bo, cy = scene.server.member("Bo"), scene.server.member("Cy")
    for one in (bo, cy):
        await one.press(scene.on_discord(), "Notify me")
        assert "reminded in private on Discord" in (await one.answer()).text
    crowd = [scene.server.member(f"Stranger {number}") for number in range(120)]
    entry.interested = [*crowd, bo, cy]
    await scene.app.mirroring.read_interested()
    await scene.both_say("0 going, 2 maybe")
    await bo.press(scene.on_discord(), "Going")
    await scene.both_say("1 going, 1 maybe")
    entry.interested = [*crowd]
    await scene.app.mirroring.read_interested()
    await scene.both_say("1 going, 0 maybe")
