"""The files that the rules are about: what git tracks, or would track at the next commit."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Only where there is no git, such as in an unpacked archive.
_MADE = {".git", ".venv", "__pycache__", "build", "dist", ".hypothesis"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Paths relative to the root, in order; files deleted but not committed are left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        paths = [Path(name) for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        paths = [path for path in paths if not any(_is_made(part) for part in path.parts)]
    return tuple(sorted(path for path in set(paths) if (ROOT / path).is_file()))


def _is_made(part: str) -> bool:
    return part in _MADE or part.endswith(("_cache", ".egg-info"))


def python_files() -> tuple[Path, ...]:
    """The Python files among them."""
    return tuple(path for path in tracked_files() if path.suffix == ".py")


def read(path: Path) -> str:
    """The text of a file named relative to the root."""
    return (ROOT / path).read_text(encoding="utf-8")
