"""From every released schema with data to this one: nothing is lost, and everything works on it."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from storage import schema
from storage.database import Database
from storage.search import SearchQuery
from tests.commandline.conftest import Run
from tests.storage.dumps import STEPS, load, rows_of

# Nothing had ever been in it when it was made anew.
NOT_BROUGHT_ALONG = {
    "2026_11_22_archive": {"asks"},
    "2026_11_22_places": {"asks"},
}
Rows = dict[str, list[dict[str, Any]]]


def in_order(rows: list[dict[str, Any]], columns: set[str]) -> list[str]:
    return sorted(repr({name: row[name] for name in sorted(columns)}) for row in rows)


def assert_kept(before: Rows, after: Rows, but: set[str]) -> None:
    """Every row of before is there, with what it said, and no table has others."""
    for table, rows in before.items():
        if table in but or table == "alembic_version":
            continue
        assert table in after
        columns = set(rows[0]) if rows else set()
        assert in_order(after[table], columns) == in_order(rows, columns), table


def test_every_step_but_the_newest_has_its_dump() -> None:
    steps = {step.revision for step in ScriptDirectory(str(schema._scripts())).walk_revisions()}
    wanted = sorted(steps - {schema.CURRENT})
    assert wanted == STEPS, "type: python -m tests.storage.dumps.freeze STEP"


@pytest.mark.parametrize("step", STEPS)
def test_what_a_step_has_left_is_brought_up_with_all_that_is_in_it(
    empty_url: str, wprc: Run, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    with closing(Database(empty_url)) as database:
        load(step, database)
        assert schema.version_of(database) == step
        before = rows_of(database)
        assert sum(len(rows) for rows in before.values()) > 100

    exported = wprc("export", "--all", "--out", "pages")
    assert exported.code == 0, exported.err
    assert f"migrated from {step} to {schema.CURRENT}" in exported.err
    with closing(Database(empty_url)) as database:
        assert_kept(before, rows_of(database), NOT_BROUGHT_ALONG.get(step, set()))
        with database.transaction(write=True) as connection:
            config = schema.alembic_config(connection)
            config.stdout = io.StringIO()
            command.check(config)  # The tables are those of a database made today.
        with database.unit(1, write=True) as uow:
            assert [person.name for person in uow.people.everyone()]
            assert uow.search.find(SearchQuery.parse("shortcuts"))

    assert sorted(path.name for path in Path("pages").iterdir()) == [
        "DEEP-001.txt",
        "SMALL-001.txt",
        "SMALL-002.txt",
    ]
    again = wprc("import", "pages")
    assert again.code == 0, again.err
    assert again.out.count("unchanged") == 3


def test_who_wants_no_migration_by_itself_backs_up_first_and_can_go_back(
    empty_url: str, wprc: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    monkeypatch.setenv("WPRC_AUTO_MIGRATE", "false")
    with closing(Database(empty_url)) as database:
        load(STEPS[0], database)
        before = rows_of(database)
    refused = wprc("export", "--all")
    assert refused.code == 1
    assert f"the database is at {STEPS[0]} and must be migrated" in refused.err
    assert "type: wprc migrate" in refused.err
    assert f"at {STEPS[0]}" in wprc("backup", "before").out
    assert wprc("migrate").code == 0
    assert wprc("export", "--all").code == 0

    restored = wprc("restore", "before", "--yes")
    assert restored.code == 0, restored.err
    assert "Type: wprc migrate" in restored.out
    with closing(Database(empty_url)) as database:
        assert rows_of(database) == before
