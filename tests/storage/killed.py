"""Kills a backup or a restore at each of its lines in turn, and looks at what that left.

Run as a program: ACTION TEMPLATE FOLDER EACH. ACTION is backup, restore or "restore over garbage";
EACH says that it kills at each so manieth line, and at the last ones. Prints how often the old and
the new state was found; ends with an error at the first state that is neither.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from ast import literal_eval
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from storage.backup import back_up, check, unwatched
from storage.backup_file import BackupProblem
from storage.database import Database
from storage.restore import restore

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_MODULES = ("backup.py", "backup_file.py", "backup_sqlite.py", "restore.py")


def names(path: Path) -> list[str]:
    with closing(Database(f"sqlite:///{path}")) as database, database.unit() as uow:
        return [club.prefix for club in uow.clubs.all()]


def add_club(path: Path, prefix: str) -> None:
    with closing(Database(f"sqlite:///{path}")) as database, database.unit(write=True) as uow:
        uow.clubs.add(prefix, prefix, NOW)


Line = tuple[str, int]


def lines_of(run: Callable[[], object]) -> list[Line]:
    """Lines that it comes to, each once, in the order in which it first does."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        found: dict[Line, None] = {}
        traced(run, lambda line: found.setdefault(line))
        os.write(writing, repr(list(found)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        lines: list[Line] = literal_eval(told.read().decode())
    assert os.waitpid(child, 0)[1] == 0
    each = int(sys.argv[4])
    return [*lines[:-2:each], *lines[-2:]]


def kill_at(line: Line, run: Callable[[], object]) -> None:
    """Runs it in a process of its own, which ends at the first time that it comes to the line."""
    if not (child := os.fork()):

        def kill(reached: Line) -> None:
            if reached == line:
                os.kill(os.getpid(), signal.SIGKILL)

        traced(run, kill)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def traced(run: Callable[[], object], at: Callable[[Line], object]) -> None:
    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        name = Path(frame.f_code.co_filename).name
        if name not in _MODULES:
            return None
        if event == "line":
            at((name, frame.f_lineno))
        return trace

    try:
        sys.settrace(trace)
        run()
        sys.settrace(None)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def killed_backup(template: Path, folder: Path) -> Counter[str]:
    live, target = folder / "live.sqlite", folder / "target"
    shutil.copyfile(template, live)
    add_club(live, "OLD")
    with closing(Database(f"sqlite:///{live}")) as database:
        back_up(database, folder / "first")
    add_club(live, "NEW")

    def run() -> None:
        with closing(Database(f"sqlite:///{live}")) as database:
            back_up(database, target, may_replace=True)

    found = Counter[str]()
    for line in lines_of(run):
        shutil.copyfile(folder / "first", target)
        kill_at(line, run)
        check(target)
        shutil.copyfile(target, folder / "look")
        found[{1: "old", 2: "new"}[len(names(folder / "look"))]] += 1
        for part in folder.glob("target.*"):
            part.unlink()
    return found


def killed_restore(template: Path, folder: Path, *, is_garbage: bool) -> Counter[str]:
    live, source, kept = folder / "live.sqlite", folder / "source", folder / "kept"
    shutil.copyfile(template, source)
    add_club(source, "NEW")
    shutil.copyfile(template, folder / "first")
    add_club(folder / "first", "OLD")
    garbage = b"\1" * 9_000

    def run() -> None:
        with closing(Database(f"sqlite:///{live}")) as database:
            restore(database, source, kept, NOW, lambda owner: False, unwatched)

    def set_up() -> None:
        for path in folder.glob("live*"):
            path.unlink()
        kept.unlink(missing_ok=True)
        if is_garbage:
            live.write_bytes(garbage)
        else:
            shutil.copyfile(folder / "first", live)

    set_up()
    found = Counter[str]()
    for line in lines_of(run):
        set_up()
        kill_at(line, run)
        if is_garbage and live.read_bytes() == garbage:
            state = "old"
        else:
            state = {"OLD": "old", "NEW": "new"}[names(live)[0]]
        if state == "new":
            assert kept.read_bytes() == garbage if is_garbage else names(kept) == ["OLD"]
        found[state] += 1
    return found


def main() -> None:
    action, template, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if action == "backup":
        counts = killed_backup(template, folder)
    else:
        counts = killed_restore(template, folder, is_garbage=action.endswith("garbage"))
    sys.stdout.write(f"{counts['old']} {counts['new']}")


if __name__ == "__main__":
    try:
        main()
    except BackupProblem as error:
        sys.exit(f"refused: {error}")
