"""docs/operate.md: what it says of files and of the way to another computer holds."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from tests.commandline.conftest import wprc
from tests.commandline.installation import Installation, club, fresh, line_with
from tests.docs.pages import DOCS, code_spans

__all__ = ["club", "fresh", "wprc"]

PAGE = (DOCS / "operate.md").read_text(encoding="utf-8")


def part(heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


async def test_the_way_to_another_computer_brings_all_along(
    club: Installation, tmp_path: Path
) -> None:
    await club.places()
    backup, restore, doctor = (
        shlex.split(span)[1:]
        for span in code_spans(part("To another computer"))
        if span.startswith("wprc ")
    )
    assert (await club.wprc(*backup)).code == 0
    other, data = tmp_path / "other", tmp_path / "other data"
    other.mkdir()
    for name in (".env", backup[-1]):
        shutil.copy2(club.folder / name, other / name)
    club.monkeypatch.chdir(other)
    club.monkeypatch.setenv("WPRC_DATA_DIR", str(data))
    ran = await club.wprc(*restore, "--yes")
    assert (ran.code, ran.err) == (0, "")
    ran = await club.wprc(*doctor)
    assert str(data) in line_with(ran, "Clubs: WPRC.")
    assert "Readers (WPRC): it may do all that it has to." in ran.out
    assert "Lectores (WPRC): it may do all that it has to." in ran.out
    assert "PROBLEM" not in ran.out


async def test_its_files_are_where_the_page_says(club: Installation) -> None:
    told = part("Files")
    names = {path.name.removeprefix("wprc.sqlite") for path in club.data.iterdir()}
    assert "`wprc.sqlite` in `WPRC_DATA_DIR`, with `-wal` and `-shm` beside it" in told
    assert "the folder `backups` in `WPRC_DATA_DIR`" in told
    assert {"", "backups"} <= names <= {"", "-wal", "-shm", "backups"}
    assert [path.name for path in club.folder.iterdir()] == [".env"]
