"""The archives to measure on: built once by the house's own storage, kept outside the tree."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sqlite3
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from benchmarks import corpus
from bot.core.records import draft_of
from storage.database import Database
from storage.papers import PaperDraft
from storage.schema import migrate

AT = datetime(2026, 1, 1, tzinfo=UTC)
_CHUNK = 500
_AHEAD = 6
_SAMPLE = 3
_ORDINARY = """
    SELECT name FROM pragma_table_list
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'alembic%' AND NOT wr
"""


def folder() -> Path:
    """Where the archives are kept: ``WPRC_BENCH_DIR``, else a folder of the system's own."""
    named = os.environ.get("WPRC_BENCH_DIR")
    path = Path(named) if named else Path(tempfile.gettempdir()) / "wprc-bench"
    path.mkdir(parents=True, exist_ok=True)
    return path


def archive(papers: int) -> Path:
    """The SQLite file with so many papers; it is built where it is missing."""
    path = folder() / f"{_key()}-{papers}.sqlite"
    if not path.exists():
        unfinished = folder() / f"{_key()}-{papers}-{os.getpid()}.part"
        _build(unfinished, _shown(_drafts(papers), papers))
        unfinished.rename(path)
    return path


@cache
def _key() -> str:
    """Tells archives apart that other code has built: a digest of a very small one."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "sample.sqlite"
        _build(path, [written(1, _SAMPLE)])
        with closing(sqlite3.connect(path)) as connection:
            tables = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'passage_index_%'"
            ).fetchall()
            rows = [
                connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()  # noqa: S608
                for (table,) in connection.execute(_ORDINARY)
            ]
    return hashlib.sha256(repr((sorted(tables), rows)).encode()).hexdigest()[:12]


def _build(path: Path, chunks: Iterable[list[PaperDraft]]) -> None:
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.unit(write=True) as uow:
        club = uow.clubs.add(corpus.PREFIX, "The measured club", AT)
    for drafts in chunks:
        with database.unit(club.id, write=True) as uow:
            for draft in drafts:
                uow.papers.save(draft, AT)
    # The last connection that closes brings the log into the file.
    database.close()


def _drafts(papers: int) -> Iterator[list[PaperDraft]]:
    """The papers in chunks; a second process writes them while the first one saves."""
    spans = [(at, min(at + _CHUNK - 1, papers)) for at in range(1, papers + 1, _CHUNK)]
    if len(spans) < _AHEAD:
        yield from (written(*span) for span in spans)
        return
    waiting: deque[Future[list[PaperDraft]]] = deque()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        for span in spans:
            waiting.append(pool.submit(written, *span))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        for future in waiting:
            yield future.result()


def _shown(chunks: Iterable[list[PaperDraft]], papers: int) -> Iterator[list[PaperDraft]]:
    note(f"Building an archive of {papers:,} papers, once ...")
    done = 0
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        if done % 10_000 == 0:
            note(f"  {done:,} papers")


def written(first: int, last: int) -> list[PaperDraft]:
    """Drafts of the papers with these numbers."""
    return [draft_of(record) for record in corpus.papers(first, last)]


def note(text: str) -> None:
    """What happens meanwhile; standard output has the table alone."""
    print(text, file=sys.stderr, flush=True)
