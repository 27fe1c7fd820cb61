"""wprc chat on a pipe: one message per line, one empty line after each reply and none inside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def talk(folder: Path, lines: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What ``printf lines | wprc chat`` prints."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "chat", *arguments],
        input=lines,
        cwd=ROOT,
        env={"WPRC_DATA_DIR": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_each_line_is_a_message(tmp_path: Path) -> None:
    done = talk(tmp_path, "/paper WPRC-006\n1\n\n/help\n", "--sample")
    assert (done.returncode, done.stderr) == (0, "")
    card, lite, help_text, end = done.stdout.split("\n\n")
    assert card.startswith("WPRC-006 · AI X Crypto Primer\n")
    assert "lite summary" in lite
    assert "/paper [what] [part]" in help_text
    assert end == ""


def test_the_last_line_needs_no_line_end_and_bytes_may_be_broken(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--sample"],
        input=b"\xef\xbb\xbf/paper \xff\xfe\r\n/paper 6",
        cwd=ROOT,
        env={"WPRC_DATA_DIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert b"No paper is called" in done.stdout
    assert done.stdout.count("WPRC-006 ·".encode()) == 1


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    done = talk(tmp_path, "/paper 6\n")
    assert done.returncode == 0
    assert "wprc import" in done.stdout
    assert "wprc chat --sample" in done.stdout


def test_the_sample_club_has_a_database_of_its_own(tmp_path: Path) -> None:
    talk(tmp_path, "/paper 6\n", "--sample")
    assert (tmp_path / "sample.sqlite").is_file()
    assert "wprc import" in talk(tmp_path, "/paper 6\n").stdout


def test_one_speaks_as_an_organiser_or_as_a_member(tmp_path: Path) -> None:
    said = talk(tmp_path, "/newpaper Small Steps\n", "--sample").stdout
    assert "WPRC-011 is in the archive" in said
    said = talk(tmp_path, "/newpaper Mine\n", "--sample", "--as", "Ana").stdout
    assert "is for organisers" in said


def test_no_platform_library_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from bot.__main__ import main; main(['chat', '--sample']);"
        "print(sorted({'discord', 'telegram', 'aiohttp', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="/paper 6\n",
        cwd=ROOT,
        env={"WPRC_DATA_DIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_wrong_settings_are_named_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input="",
        cwd=tmp_path,
        env={"DATABASE_URL": "mysql://x", "PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr
    assert "sqlite:///" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input="",
        cwd=tmp_path,
        env={
            "DATABASE_URL": "postgresql://me:geheim@127.0.0.1:1/club",
            "PYTHONPATH": str(ROOT),
            "PATH": "",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "geheim" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_club_that_is_not_there_is_named(tmp_path: Path) -> None:
    talk(tmp_path, "/paper 6\n", "--sample")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input="/paper 6\n",
        cwd=ROOT,
        env={
            "DATABASE_URL": f"sqlite:///{tmp_path}/sample.sqlite",
            "WPRC_DATA_DIR": str(tmp_path),
            "WPRC_CLUB": "NOPE",
            "PATH": "",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert "WPRC_CLUB is NOPE" in done.stdout
    assert "WPRC" in done.stdout


def test_closed_streams_end_it_without_a_traceback(tmp_path: Path) -> None:
    chat = "chat --sample"
    for redirected in (">&-", "<&-", ">/dev/full"):
        done = subprocess.run(
            [
                "/bin/sh",
                "-c",
                f"echo /paper 6 | {sys.executable} -m bot {chat} {redirected}",
            ],
            cwd=ROOT,
            env={"WPRC_DATA_DIR": str(tmp_path), "PATH": ""},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr
