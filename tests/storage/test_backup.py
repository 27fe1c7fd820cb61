"""Backups: made while others write, read back, put back; whole or not at all."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import schema
from storage.backup import back_up, check, unwatched
from storage.backup_file import BackupProblem
from storage.clubs import Club
from storage.database import Database
from storage.deliveries import DeliveryDraft
from storage.restore import restore
from storage.search import SearchQuery
from tests.conftest import NOW
from tests.storage.backups import destroy, fill, put_back
from tests.storage.drafts import whole_draft
from tests.storage.every_row import Rows, every_row

WRITERS = 3


class Busy:
    """Writers that add people named by who adds them and a number, one commit each."""

    def __init__(self, database: Database, club: Club) -> None:
        self._database = database
        self._club = club
        self._stop = threading.Event()
        self.confirmed = [0] * WRITERS
        self.errors: list[Exception] = []
        self._threads = [threading.Thread(target=self._write, args=(w,)) for w in range(WRITERS)]

    def __enter__(self) -> Busy:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, writer: int) -> None:
        try:
            while not self._stop.is_set():
                name = f"{writer} {self.confirmed[writer]}"
                with self._database.unit(self._club.id, write=True) as uow:
                    uow.people.add(name, "discord", name, NOW)
                self.confirmed[writer] += 1
        except Exception as error:
            self.errors.append(error)


def written(database: Database, club: Club) -> list[int]:
    """How far each writer came; fails where a row before that is missing."""
    with database.unit(club.id) as uow:
        names = {person.name for person in uow.people.everyone()}
    counts = [sum(name.startswith(f"{writer} ") for name in names) for writer in range(WRITERS)]
    assert names == {f"{w} {number}" for w in range(WRITERS) for number in range(counts[w])}
    return counts


def of_nobody_busy(rows: Rows) -> Rows:
    """What the writers leave alone: they add people, and count the club's version up."""
    busy = ("people", "accounts", "clubs")
    return {name: found for name, found in rows.items() if name not in busy}


def test_a_backup_under_load_brings_a_destroyed_database_back(
    database: Database, club: Club, tmp_path: Path
) -> None:
    fill(database, club)
    before = every_row(database)
    target = tmp_path / "backups" / "club.backup"
    with Busy(database, club) as busy:
        while min(busy.confirmed) < 5:
            assert not busy.errors
        at_least = list(busy.confirmed)
        back_up(database, target)
        # Those who write went on meanwhile, and go on.
        seen = sum(busy.confirmed)
        while sum(busy.confirmed) == seen:
            assert not busy.errors
    assert busy.errors == []
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == [target.name]

    destroy(database)
    done = put_back(database, target, tmp_path / "kept")
    assert done.contents == check(target)
    counts = written(database, club)
    assert all(
        first <= count <= last
        for first, count, last in zip(at_least, counts, busy.confirmed, strict=True)
    )
    assert of_nobody_busy(every_row(database)) == of_nobody_busy(before)
    # And it runs on: the search finds, references hold, numbers go on.
    with database.unit(club.id, write=True) as uow:
        assert uow.search.find(SearchQuery.parse("deepfakes"))
        assert uow.people.add("Ana", "discord", "1", NOW)
        assert uow.papers.save(whole_draft(), NOW).outcome == "unchanged"


def test_every_row_comes_back_and_what_was_there_is_kept(
    database: Database, club: Club, tmp_path: Path
) -> None:
    fill(database, club)
    rows = every_row(database)
    made = back_up(database, tmp_path / "one")
    assert made.size == made.path.stat().st_size
    assert made.contents.revision == schema.CURRENT
    assert made.contents.rows == sum(len(found) for found in rows.values())
    assert made.contents.tables == len(rows)
    with database.unit(club.id, write=True) as uow:
        uow.people.add("Later", "discord", "1", NOW)
    later = every_row(database)

    done = put_back(database, made.path, tmp_path / "kept")
    assert every_row(database) == rows
    assert done.kept == tmp_path / "kept"
    assert stat.S_IMODE(done.kept.stat().st_mode) == 0o600
    put_back(database, done.kept, tmp_path / "kept again")
    assert every_row(database) == later


def test_what_was_due_since_the_backup_is_not_sent_again_by_itself(
    database: Database, club: Club, tmp_path: Path
) -> None:
    hour = timedelta(hours=1)
    with database.unit(club.id, write=True) as uow:
        for key, due_at in (("due", NOW + hour), ("to come", NOW + 3 * hour)):
            uow.deliveries.plan([DeliveryDraft(key, "news", "1", "discord", "5", due_at)], NOW)
    made = back_up(database, tmp_path / "one")
    put_back(database, made.path, tmp_path / "kept", NOW + 2 * hour)
    with database.transaction(write=False) as connection:
        found = connection.execute(text("SELECT key, state FROM deliveries ORDER BY id")).all()
    assert [tuple(row) for row in found] == [("due", "unknown"), ("to come", "pending")]


def test_a_name_that_is_taken_is_not_replaced_unless_that_is_said(
    database: Database, club: Club, tmp_path: Path
) -> None:
    target = tmp_path / "one"
    target.write_text("mine")
    with pytest.raises(BackupProblem, match="is there already"):
        back_up(database, target)
    assert target.read_text() == "mine"
    back_up(database, target, may_replace=True)
    assert check(target).revision == schema.CURRENT
    if database.path is not None:
        for name in (database.path, database.path.with_name(f"{database.path.name}-wal")):
            with pytest.raises(BackupProblem, match="is the database itself"):
                back_up(database, name, may_replace=True)


def test_a_backup_that_fails_leaves_what_was_there(
    database: Database, club: Club, tmp_path: Path
) -> None:
    target = tmp_path / "folder" / "one"
    back_up(database, target)
    held = target.read_bytes()

    def stop(done: int, whole: int | None) -> None:
        raise ZeroDivisionError

    if database.path is not None:
        with pytest.raises(ZeroDivisionError):
            back_up(database, target, may_replace=True, progress=stop)
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"directory|exists"):
        back_up(database, tmp_path / "file" / "one")
    assert target.read_bytes() == held
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("keeps", [0.5, 0.9])
def test_a_damaged_backup_is_refused_and_the_database_left_alone(
    database: Database, club: Club, tmp_path: Path, keeps: float
) -> None:
    fill(database, club)
    rows = every_row(database)
    made = back_up(database, tmp_path / "one")
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: int(len(whole) * keeps)])
    with pytest.raises(BackupProblem, match=r"damaged|cannot be read"):
        put_back(database, made.path, tmp_path / "kept")
    assert every_row(database) == rows
    assert not (tmp_path / "kept").exists()


def test_what_is_no_backup_of_ours_is_refused(
    database: Database, club: Club, tmp_path: Path
) -> None:
    source = tmp_path / "one"
    source.write_text("a letter")
    with pytest.raises(BackupProblem, match="is no backup"):
        put_back(database, source, tmp_path / "kept")
    if database.path is None:
        source.unlink()
        with closing(Database(f"sqlite:///{source}")) as other:
            schema.migrate(other)
            # A backup in one file: the log of the other is brought in.
            back_up(other, tmp_path / "other")
        with pytest.raises(BackupProblem, match="is a backup of sqlite"):
            put_back(database, tmp_path / "other", tmp_path / "kept")
        return
    source.unlink()
    with closing(sqlite3.connect(source)) as other_file:
        other_file.execute("CREATE TABLE letters (text)")
    with pytest.raises(BackupProblem, match="has no tables of the bot"):
        put_back(database, source, tmp_path / "kept")


def test_a_backup_of_a_newer_program_is_refused(
    database: Database, club: Club, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = schema._known_steps()
    rows = every_row(database)
    with monkeypatch.context() as newer:
        newer.setattr(schema, "_known_steps", lambda: known | {"2099_01_01_future"})
        stamp(database, "2099_01_01_future")
        made = back_up(database, tmp_path / "one")
    with pytest.raises(schema.SchemaTooNew, match="2099_01_01_future"):
        back_up(database, tmp_path / "two")
    stamp(database, schema.CURRENT)
    with pytest.raises(schema.SchemaTooNew, match="2099_01_01_future"):
        put_back(database, made.path, tmp_path / "kept")
    assert every_row(database) == rows


def test_a_newer_database_is_rolled_back_by_restoring(
    database: Database, club: Club, tmp_path: Path
) -> None:
    fill(database, club)
    rows = every_row(database)
    made = back_up(database, tmp_path / "before the upgrade")
    with database.transaction(write=True) as connection:
        connection.execute(
            text("CREATE TABLE later (club_id INTEGER NOT NULL REFERENCES clubs (id))")
        )
        connection.execute(text("INSERT INTO later SELECT id FROM clubs"))
    stamp(database, "2099_01_01_future")
    with pytest.raises(schema.SchemaTooNew):
        schema.check(database)
    done = put_back(database, made.path, tmp_path / "kept")
    assert every_row(database) == rows
    schema.check(database)
    assert done.kept is not None
    assert check(done.kept).revision == "2099_01_01_future"


def stamp(database: Database, version: str) -> None:
    with database.transaction(write=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_a_database_in_use_is_not_restored(database: Database, club: Club, tmp_path: Path) -> None:
    made = back_up(database, tmp_path / "one")
    lasts = timedelta(seconds=10)
    with database.unit(write=True) as uow:
        uow.leases.claim("Telegram bot 1", "there:1:abc", NOW, lasts)
    with pytest.raises(BackupProblem, match=r"the bot is running \(Telegram bot 1, by process the"):
        put_back(database, made.path, tmp_path / "kept")
    after = NOW + lasts
    in_use = r"in use by another process|1 other connections of the bot"
    url = database.writer.url.render_as_string(hide_password=False)
    with closing(Database(url)) as other, other.transaction(write=False):  # noqa: SIM117
        with pytest.raises(BackupProblem, match=in_use):
            put_back(database, made.path, tmp_path / "kept", after)
    assert not (tmp_path / "kept").exists()
    # Whoever has ended holds nothing any more, whatever its lease says.
    restore(database, made.path, tmp_path / "kept", NOW, lambda owner: True, unwatched)
