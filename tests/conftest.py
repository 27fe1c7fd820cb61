"""Databases for tests: each test gets its own, migrated, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from storage import schema
from storage.clubs import Club
from storage.database import Database
from tests import postgres

if TYPE_CHECKING:
    from tests.discord.simulator import Simulator
    from tests.telegram.simulator import TelegramSimulator

# How long an example takes says more of the machine than of the code.
settings.register_profile("house", settings.default, deadline=None)
settings.load_profile("house")

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: copying is many times as fast as migrating."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    with closing(Database(f"sqlite:///{path}")) as database:
        schema.migrate(database)
        # The copy is of one file, so nothing may be left in the log beside it.
        with database.transaction(write=False) as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """A migrated database to make others from."""
    with postgres.fresh_database() as url:
        with closing(Database(url)) as database:
            schema.migrate(database)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Runs a test once on each database."""
    return str(request.param)


@pytest.fixture
def empty_url(dialect: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'club.sqlite'}"
    else:
        with postgres.fresh_database() as url:
            yield url


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without data."""
    if dialect == "sqlite":
        path = tmp_path / "club.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("postgres_template")
        with postgres.fresh_database(template) as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database without data."""
    with closing(Database(database_url)) as database:
        yield database


@pytest.fixture
def club(database: Database) -> Club:
    """The club ``WPRC``."""
    with database.unit(write=True) as uow:
        return uow.clubs.add("WPRC", "Whitepaper Reading Club", NOW)


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A Discord that must not have been asked for the impossible."""
    # Most tests never need it, and its library takes a while to load.
    from tests.discord.simulator import Simulator

    async with Simulator() as discord:
        yield discord
    assert [str(violation) for violation in discord.violations] == []


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramSimulator]:
    """A Telegram that must not have been asked for the impossible."""
    from tests.telegram.simulator import TelegramSimulator

    async with TelegramSimulator() as telegram:
        yield telegram
    assert [str(violation) for violation in telegram.violations] == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says aloud that half of the databases was not tested."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(postgres.VARIABLE in str(one.longrepr) for one in skipped):
        terminalreporter.section("PostgreSQL", sep="!", red=True)
        terminalreporter.line(postgres.MISSING)
