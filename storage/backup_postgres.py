"""PostgreSQL: dumps by its own programs, and what such a dump holds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy import text

from storage.backup_file import BackupProblem, Contents, Progress
from storage.database import Database

_DEBIAN = Path("/usr/lib/postgresql")
_POLL_SECONDS = 0.2
_LOCK_WAIT = "60s"
_CHUNK = 1 << 16
_COPY = re.compile(rb"COPY (?:\S+\.)?\"?([^\s\"]+)\"? \(")


@dataclass(frozen=True, slots=True)
class Server:
    """How PostgreSQL's programs reach a database. The password is told to nobody who lists them."""

    conninfo: str
    schema: str
    environ: dict[str, str]


def server_of(database: Database) -> Server:
    """What the programs need to reach the database."""
    engine = database.writer
    _, given = engine.dialect.create_connect_args(engine.url)
    known = {one.keyword.decode() for one in pq.Conninfo.get_defaults()}
    options = {name: value for name, value in given.items() if name in known}
    password = options.pop("password", None)
    environ = dict(os.environ)
    if password is not None:
        environ["PGPASSWORD"] = str(password)
    with database.transaction(write=False) as connection:
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    if schema is None:
        raise BackupProblem("the database has no schema; type in psql: CREATE SCHEMA public")
    return Server(make_conninfo("", **options), str(schema), environ)


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs: what PATH finds, else Debian's newest.

    Raises BackupProblem where there is none.
    """
    if found := shutil.which(name):
        return found
    folders = sorted(_DEBIAN.glob("*/bin"), key=_version_of, reverse=True)
    for folder in folders:
        if found := shutil.which(name, path=str(folder)):
            return found
    raise BackupProblem(
        f"{name} was not found. Install PostgreSQL's client programs (on Debian: apt-get install"
        " postgresql-client) or put their folder into PATH"
    )


def _version_of(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def dump(server: Server, target: Path, progress: Progress) -> None:
    """Writes the state of this moment into the target; nobody who writes has to wait."""
    command = [
        *(program("pg_dump"), "--format=custom", "--no-password", f"--file={target}"),
        *(f"--lock-wait-timeout={_LOCK_WAIT}", f"--schema={quoted(server.schema)}"),
        f"--dbname={server.conninfo}",
    ]
    with _started(command, environ=server.environ) as process:
        while True:
            try:
                _, said = process.communicate(timeout=_POLL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                progress(target.stat().st_size, None)
    if process.returncode:
        raise BackupProblem(f"pg_dump failed: {last_words(said)}")


def check(path: Path) -> Contents:
    """Reads all of a dump; raises BackupProblem unless it is sound."""
    listed = subprocess.run(  # noqa: S603 (a program that we chose)
        [program("pg_restore"), "--list", str(path)], capture_output=True, check=False
    )
    if listed.returncode:
        raise BackupProblem(f"{path} is damaged: {last_words(listed.stderr)}")
    with _started([program("pg_restore"), "--data-only", "--file=-", str(path)]) as process:
        contents = _read_copies(process)
        _, said = process.communicate()
    if process.returncode:
        raise BackupProblem(f"{path} is damaged: {last_words(said)}")
    return contents


def _read_copies(process: subprocess.Popen[bytes]) -> Contents:
    assert process.stdout is not None  # noqa: S101 (it was asked for)
    rows, tables, revision, table = 0, 0, None, b""
    for line in process.stdout:
        if table:
            if line == b"\\.\n":
                table = b""
                continue
            rows += 1
            if table == b"alembic_version":
                revision = line.decode().strip()
        elif match := _COPY.match(line):
            table = match[1]
            tables += 1
    return Contents(revision, rows, tables)


_DROP_TABLES = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_catalog.pg_tables
        WHERE schemaname = current_schema()
    LOOP
        EXECUTE 'DROP TABLE IF EXISTS ' || name || ' CASCADE';
    END LOOP;
END $$;
"""


def load(
    server: Server, source: Path, beforehand: str, afterwards: str, progress: Progress
) -> None:
    """Puts a dump into the place of all tables of the schema, in one transaction.

    `beforehand` and `afterwards` are SQL for its beginning and end. Whatever breaks this off leaves
    the database as it was.
    """
    reading = [
        *(program("pg_restore"), "--no-owner", "--no-privileges", "--file=-"),
        *(f"--schema={server.schema}", str(source)),
    ]
    writing = [
        *(program("psql"), "--no-psqlrc", "--quiet", "--no-password", "--file=-"),
        *("--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--dbname={server.conninfo}"),
    ]
    # The transaction is ended by hand: whoever stops in the middle sends no COMMIT.
    limits = f"SET lock_timeout = '{_LOCK_WAIT}'; SET client_min_messages = warning;"
    before = f"BEGIN;\n{limits}\n{beforehand}\n{_DROP_TABLES}"
    after = f"SET search_path TO DEFAULT;\n{afterwards}\nCOMMIT;\n"
    with _started(writing, environ=server.environ, has_input=True) as writer:
        with suppress(BrokenPipeError):  # It has ended, and says why.
            _pour(reading, writer, before, after, progress)
        _, said = writer.communicate()
    if writer.returncode:
        raise BackupProblem(
            f"the backup could not be put into the database: {last_words(said)}. "
            "The database is as it was"
        )


def _pour(
    reading: list[str],
    writer: subprocess.Popen[bytes],
    before: str,
    after: str,
    progress: Progress,
) -> None:
    assert writer.stdin is not None  # noqa: S101 (it was asked for)
    writer.stdin.write(before.encode())
    done = 0
    with _started(reading) as reader:
        assert reader.stdout is not None  # noqa: S101
        while chunk := reader.stdout.read(_CHUNK):
            writer.stdin.write(chunk)
            done += len(chunk)
            progress(done, None)
        _, said = reader.communicate()
    if reader.returncode:
        raise BackupProblem(f"the backup is damaged: {last_words(said)}")
    writer.stdin.write(after.encode())


@contextmanager
def _started(
    command: list[str], *, environ: dict[str, str] | None = None, has_input: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that has ended when this is left, and is killed where an error leaves it."""
    process = subprocess.Popen(  # noqa: S603 (a program that we chose)
        command,
        env=environ,
        stdin=subprocess.PIPE if has_input else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None and not stream.closed:
                with suppress(OSError):  # What it did not read is lost with it.
                    stream.close()


def quoted(name: str) -> str:
    """A name as a pattern of pg_dump that means just this one."""
    return '"' + name.replace('"', '""') + '"'


def last_words(said: bytes) -> str:
    """What a program said last, in one line."""
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines
    return " ".join(errors[0].split())[:300].rstrip(".") if errors else "it said nothing"
