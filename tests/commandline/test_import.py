"""wprc import: one line per page, and the reason where one was refused."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.core.importer import Importer
from tests.commandline.conftest import Run
from tests.commandline.pages import page


def test_a_page_is_created_then_unchanged_then_revised(wprc: Run) -> None:
    Path("one.txt").write_text(page())
    assert wprc("import", "one.txt").out == "one.txt: WPRC-012 created\n"
    assert wprc("import", "one.txt").out == "one.txt: WPRC-012 unchanged\n"
    Path("one.txt").write_text(page(summary="Paths are short, and that matters."))
    revised = wprc("import", "one.txt")
    assert (revised.code, revised.out) == (0, "one.txt: WPRC-012 revised\n")


def test_a_folder_is_read_in_order_and_what_is_refused_stops_nothing(wprc: Run) -> None:
    Path("pages").mkdir()
    Path("pages/a.txt").write_text("Dear diary, nothing happened today.\n")
    Path("pages/b.txt").write_text(page())
    Path("pages/c.md").write_text("")
    Path("pages/ignored.png").write_bytes(b"\x89PNG")
    ran = wprc("import", "pages")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "pages/a.txt: - refused",
        "pages/b.txt: WPRC-012 created",
        "pages/c.md: - refused",
    ]
    assert "pages/a.txt: refused: " in ran.err
    assert "pages/c.md: refused: " in ran.err


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\n",
        b"%PDF-1.7\n\x00\x01",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"WPRC-012\n\nSummary\n\n\xff\xfe\xfa broken\n",
        b"<html><script>alert(1)</script></html>",
        b"Summary\n\nNo code stands anywhere on this page.\n",
        ("WPRC 2024#012\n\n" + "Heading\n\nText.\n\n" * 5_000).encode(),
    ],
    ids=["empty", "blank", "pdf", "png", "utf-8", "script", "no code", "flood"],
)
def test_bad_input_is_refused_with_a_reason(wprc: Run, data: bytes) -> None:
    Path("bad.txt").write_bytes(data)
    ran = wprc("import", "bad.txt")
    assert ran.code == 1
    assert ran.out.endswith(" refused\n")
    (line,) = [line for line in ran.err.splitlines() if "refused" in line]
    assert len(line) > len("bad.txt: refused: ") + 15
    assert "Traceback" not in ran.err


def test_a_huge_file_is_refused_without_reading_it(wprc: Run) -> None:
    with Path("huge.txt").open("wb") as file:
        file.truncate(100_000_000)
    ran = wprc("import", "huge.txt")
    assert ran.out == "huge.txt: - refused\n"
    assert "100,000,000 bytes" in ran.err


def test_a_file_that_is_not_there_is_refused(wprc: Run) -> None:
    ran = wprc("import", "nowhere.txt")
    assert (ran.code, ran.out) == (1, "nowhere.txt: - refused\n")
    assert "No such file" in ran.err


def test_one_code_twice_in_a_run_names_the_first(wprc: Run) -> None:
    Path("a.txt").write_text(page())
    Path("b.txt").write_text(page(summary="Another text."))
    ran = wprc("import", "a.txt", "b.txt", "a.txt")
    assert ran.out.splitlines() == ["a.txt: WPRC-012 created", "b.txt: WPRC-012 refused"]
    assert "a.txt" in ran.err


def test_a_pipe_is_a_page_too(wprc: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(page().encode())))
    assert wprc("import", "-").out == "-: WPRC-012 created\n"


def test_a_new_prefix_founds_its_club(wprc: Run) -> None:
    Path("a.txt").write_text(page("WPRC-001"))
    Path("b.txt").write_text(page("ZKRC-001"))
    assert wprc("import", "a.txt", "b.txt").code == 0
    out = wprc("export", "ZKRC-001", "WPRC-001", "--format", "json").out
    assert [line[:20] for line in out.splitlines()] == [
        '{"code": "ZKRC-001",',
        '{"code": "WPRC-001",',
    ]


def test_warnings_name_the_line(wprc: Run) -> None:
    text = page().replace("[1-3]", "[3-1]")
    Path("odd.txt").write_text(text)
    number = 1 + text[: text.index("[3-1]")].count("\n")
    ran = wprc("import", "odd.txt")
    assert ran.out == "odd.txt: WPRC-012 created\n"
    assert f"odd.txt:{number}: " in ran.err


def test_ctrl_c_loses_nothing_that_was_reported(wprc: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pages").mkdir()
    for number in range(1, 251):
        Path(f"pages/{number:03d}.txt").write_text(page(f"WPRC-{number:03d}"))
    real = Importer.add

    def add(self: Importer, name: str, data: bytes) -> object:
        if name.endswith("230.txt"):
            raise KeyboardInterrupt
        return real(self, name, data)

    monkeypatch.setattr(Importer, "add", add)
    ran = wprc("import", "pages")
    reported = [line.split()[1] for line in ran.out.splitlines()]
    assert ran.code == 130
    assert len(reported) >= 100
    assert "type the same again" in ran.err
    assert wprc("export", "--out", "copy", *reported).code == 0


def test_a_page_that_the_database_refuses_leaves_the_others_in(
    wprc: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.txt").write_text(page("WPRC-001"))
    Path("b.txt").write_text(page("WPRC-002").replace("ana@example.org", "a" * 900 + "@x.org"))
    Path("c.txt").write_text(page("WPRC-003"))
    ran = wprc("import", "a.txt", "b.txt", "c.txt")
    outcomes = [line.split()[-1] for line in ran.out.splitlines()]
    assert outcomes[0] == outcomes[2] == "created"
    assert wprc("export", "WPRC-001", "WPRC-003").code == 0


def test_what_is_no_ordinary_file_is_refused_without_reading_it(wprc: Run) -> None:
    os.mkfifo("pipe.txt")
    ran = wprc("import", "pipe.txt", "/dev/zero")
    assert ran.out.splitlines() == ["pipe.txt: - refused", "/dev/zero: - refused"]
    assert ran.err.count("no ordinary file") == 2


def test_a_name_stays_in_its_line(wprc: Run) -> None:
    Path("in").mkdir()
    Path("in/two\nlines\x1b[31m.txt").write_text(page())
    ran = wprc("import", "in")
    assert ran.out == "in/two\\nlines\\x1b[31m.txt: WPRC-012 created\n"
