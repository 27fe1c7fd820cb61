"""The database for asynchronous callers: shared commits, failures alone, cancelling, closing."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from contextvars import ContextVar
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from storage.clubs import Club
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker, WorkerClosed
from tests.conftest import NOW


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[DatabaseWorker]:
    worker = DatabaseWorker(database)
    yield worker
    await worker.close()


def found(prefix: str) -> Callable[[UnitOfWork], Club]:
    return lambda uow: uow.clubs.add(prefix, prefix, NOW)


def prefixes(uow: UnitOfWork) -> list[str]:
    return [club.prefix for club in uow.clubs.all()]


async def hold(worker: DatabaseWorker) -> tuple[threading.Event, asyncio.Task[None]]:
    """Keeps the writing thread busy until the event is set, so that later writes wait together."""
    is_held, let_go = threading.Event(), threading.Event()

    def wait(uow: UnitOfWork) -> None:
        is_held.set()
        assert let_go.wait(10)

    task = asyncio.create_task(worker.write(wait))
    assert await asyncio.to_thread(is_held.wait, 10)
    return let_go, task


def count_commits(database: Database) -> list[None]:
    commits: list[None] = []
    event.listen(database.writer, "commit", lambda _: commits.append(None))
    return commits


async def test_what_was_written_is_read(worker: DatabaseWorker) -> None:
    club = await worker.write(found("WPRC"))
    assert await worker.read(lambda uow: uow.clubs.by_id(club.id)) == club
    ana = await worker.write(lambda uow: uow.people.add("Ana", "console", "ana", NOW), club.id)
    assert await worker.read(lambda uow: uow.people.everyone(), club.id) == [ana]


async def test_writes_that_wait_share_a_commit(worker: DatabaseWorker, database: Database) -> None:
    let_go, task = await hold(worker)
    commits = count_commits(database)
    writes = [asyncio.create_task(worker.write(found(f"A{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    let_go.set()
    await asyncio.gather(task, *writes)
    assert len(commits) == 2  # The one that held the thread and all the others together.
    assert len(await worker.read(prefixes)) == 20


async def test_a_write_that_fails_fails_alone(worker: DatabaseWorker) -> None:
    await worker.write(found("B"))
    let_go, task = await hold(worker)

    def half(uow: UnitOfWork) -> None:
        uow.clubs.add("HALF", "Half", NOW)
        uow.clubs.add("B", "Taken", NOW)

    tried = [worker.write(found("A")), worker.write(half), worker.write(found("C"))]
    writes = [asyncio.create_task(write) for write in tried]
    await asyncio.sleep(0)
    let_go.set()
    await task
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Club, IntegrityError, Club]
    assert await worker.read(prefixes) == ["A", "B", "C"]


async def test_a_write_is_answered_after_its_commit(
    worker: DatabaseWorker, database: Database
) -> None:
    let_go, task = await hold(worker)
    seen: list[list[str]] = []

    async def write_and_look(prefix: str) -> None:
        await worker.write(found(prefix))
        # Another connection sees only what is committed.
        seen.append(await asyncio.to_thread(look))

    def look() -> list[str]:
        with database.unit() as uow:
            return prefixes(uow)

    both = [asyncio.create_task(write_and_look(prefix)) for prefix in ("A", "B")]
    await asyncio.sleep(0)
    let_go.set()
    await asyncio.gather(task, *both)
    assert seen == [["A", "B"]] * 2


async def test_a_commit_that_fails_is_told_to_everyone(
    worker: DatabaseWorker, database: Database
) -> None:
    let_go, task = await hold(worker)

    def orphan(uow: UnitOfWork) -> None:
        club = uow.clubs.add("WPRC", "Club", NOW)
        # A reference that is checked at the commit, when it is too late to fail alone.
        uow._connection.execute(
            text(
                "INSERT INTO papers (club_id, number, code, current_revision, version, created_at,"
                " updated_at) VALUES (:club, 1, 'WPRC-001', 1, 1, :now, :now)"
            ),
            {"club": club.id, "now": NOW.isoformat()},
        )

    writes = [asyncio.create_task(worker.write(run)) for run in (found("A"), orphan)]
    await asyncio.sleep(0)
    let_go.set()
    await task
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [IntegrityError] * 2
    assert await worker.read(prefixes) == []
    assert (await worker.write(found("B"))).prefix == "B"


async def test_cancelling_neither_stops_nor_breaks_a_write(worker: DatabaseWorker) -> None:
    let_go, task = await hold(worker)
    cancelled = asyncio.create_task(worker.write(found("A")))
    kept = asyncio.create_task(worker.write(found("B")))
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    let_go.set()
    await task
    assert (await kept).prefix == "B"
    assert await worker.read(prefixes) == ["A", "B"]


async def test_a_failure_that_nobody_waits_for_is_logged(
    worker: DatabaseWorker, caplog: pytest.LogCaptureFixture
) -> None:
    let_go, task = await hold(worker)

    def fail(uow: UnitOfWork) -> None:
        raise ZeroDivisionError

    cancelled = asyncio.create_task(worker.write(fail))
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    let_go.set()
    await task
    await worker.read(prefixes)
    await asyncio.sleep(0.01)
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [
        ZeroDivisionError
    ]


async def test_closing_finishes_what_was_asked_for(database: Database) -> None:
    worker = DatabaseWorker(database)
    let_go, task = await hold(worker)
    write = asyncio.create_task(worker.write(found("A")))
    read = asyncio.create_task(worker.read(prefixes))
    await asyncio.sleep(0)
    closing = asyncio.create_task(worker.close())
    await asyncio.sleep(0)
    with pytest.raises(WorkerClosed):
        await worker.read(prefixes)
    let_go.set()
    await asyncio.gather(task, write, read, closing)
    with database.unit() as uow:
        assert prefixes(uow) == ["A"]
    assert not [thread for thread in threading.enumerate() if "database-" in thread.name]


async def test_a_unit_knows_what_its_caller_has_set(worker: DatabaseWorker) -> None:
    name: ContextVar[str] = ContextVar("name", default="nobody")
    name.set("the caller")
    assert await worker.read(lambda uow: name.get()) == "the caller"


async def test_many_at_once_all_get_their_own_answer(worker: DatabaseWorker) -> None:
    club = await worker.write(found("WPRC"))

    async def one(number: int) -> tuple[str, int]:
        person = await worker.write(
            lambda uow: uow.people.add(f"P{number}", "console", str(number), NOW), club.id
        )
        back = await worker.read(lambda uow: uow.people.by_id(person.id), club.id)
        assert back is not None
        return back.name, number

    done = await asyncio.gather(*(one(number) for number in range(60)))
    assert all(name == f"P{number}" for name, number in done)
    everyone = await worker.read(lambda uow: uow.people.everyone(), club.id)
    assert len(everyone) == 60


_OTHER_PROCESS = """
import sys
from storage.database import Database

database = Database(sys.argv[1])
with database.unit() as uow:
    uow.clubs.all()
with database.unit(write=True) as uow:
    uow.clubs.all()
print("open", flush=True)
sys.stdin.readline()
with database.unit(write=True) as uow:
    from datetime import UTC, datetime
    uow.clubs.add("LATE", "Late", datetime.now(UTC))
print("written", flush=True)
sys.stdin.readline()
"""


def test_who_looks_into_a_database_that_another_process_has_open_disturbs_nothing(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / "club.sqlite"
    shutil.copyfile(sqlite_template, file)
    url = f"sqlite:///{file}"
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER_PROCESS, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        # Closing the last connection takes the log away, so it must not look like the last one.
        with closing(Database(url)) as database, database.unit(write=True) as uow:
            uow.clubs.all()
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "written\n"
        with closing(Database(url)) as database, database.unit() as uow:
            assert [club.prefix for club in uow.clubs.all()] == ["LATE"]
        other.stdin.write("\n")
