"""Presses on "Going" until they are durable, against a bare commit for each."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from benchmarks.crowd import account, fill_crowd, plan_sessions
from benchmarks.measure import MILLI, Spread
from benchmarks.table import Line
from bot.app import App
from bot.chat.invocation import Actor, Invocation, Origin, PlaceRef
from bot.settings import Settings
from storage.database import Database, set_up_sqlite

_OUTSTANDING = 128
_GOAL = 0.6
_KEEP = """
    INSERT INTO rsvps VALUES (1, 1, ?, 'going', 0, 0, ?, '2026-01-01 00:00:00', 1, NULL, 'chat')
    ON CONFLICT (club_id, session_id, person_id) DO UPDATE
    SET answer = excluded.answer, number = excluded.number, answered_at = excluded.answered_at
"""


def measure(repeats: int, presses: int) -> list[Line]:
    """Milliseconds of a press. Raises RuntimeError where one is not kept."""
    people = max(10, presses // 5)
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name) / "archive.sqlite"
        fill_crowd(archive, "telegram", people)
        plan_sessions(archive, [datetime.now(UTC) + timedelta(days=9)])
        for number in range(repeats):
            path = Path(name) / f"{number}.sqlite"
            path.write_bytes(archive.read_bytes())
            ours.append(asyncio.run(_pressed(path, presses, people)))
            bare.append(_kept(path, presses, people))
    each = MILLI * presses
    pressed, kept = Spread(tuple(ours)).scaled(each), Spread(tuple(bare)).scaled(each)
    what = "a press on Going until it is durable / a bare commit"
    return [Line(what, presses, "ms", pressed, kept, 1 / _GOAL)]


async def _pressed(path: Path, presses: int, people: int) -> float:
    """Through the whole house but for the platform: each press changes somebody's answer."""
    url = f"sqlite:///{path}"
    database = Database(url)
    numbers = count()
    async with App(Settings(url, path.parent), database) as app:

        async def person() -> None:
            while (number := next(numbers)) < presses:
                to = account("telegram", number % people)
                answer = ("maybe", "going")[number // people % 2]
                reply = await app.desk.dispatch(
                    Invocation(
                        *(str(number), "rsvp", Actor("telegram", to, "Reader")),
                        PlaceRef("telegram", to, is_private=True),
                        Origin.BUTTON,
                        values=(answer, "1"),
                    )
                )
                if {"maybe": "maybe", "going": "you are going"}[answer] not in str(reply.text):
                    raise RuntimeError(f"not kept: {reply.text}")

        begun = time.perf_counter()
        await asyncio.gather(*(person() for _ in range(min(_OUTSTANDING, presses))))
        seconds = time.perf_counter() - begun
    database.close()
    return seconds


def _kept(path: Path, presses: int, people: int) -> float:
    """The same rows by the bare engine, each with a commit of its own."""
    with closing(sqlite3.connect(path)) as connection:
        set_up_sqlite(connection)
        begun = time.perf_counter()
        for number in range(presses):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_KEEP, (number % people + 1, number))
            connection.execute("COMMIT")
        return time.perf_counter() - begun
