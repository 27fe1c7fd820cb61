"""What a person installs is complete: the wheel holds every file of our packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.rules.tree import ROOT, tracked_files

PACKAGES = ("bot", "storage", "migrations")


def missing_files(wheel: Path, wanted: list[str]) -> list[str]:
    with ZipFile(wheel) as archive:
        return sorted(set(wanted) - set(archive.namelist()))


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    wanted = [path.as_posix() for path in tracked_files() if path.parts[0] in PACKAGES]
    assert any(not name.endswith(".py") for name in wanted), "there are data files as well"
    assert missing_files(wheel, wanted) == []
    with ZipFile(wheel) as archive:
        scripts = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert b"wprc = bot.__main__:main" in archive.read(scripts)


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    wheel = tmp_path / "x.whl"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("bot/a.py", "")
    assert missing_files(wheel, ["bot/a.py", "bot/sample/b.txt"]) == ["bot/sample/b.txt"]
