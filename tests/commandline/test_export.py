"""wprc export: what comes out can go in again, and contacts stay in unless asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commandline.conftest import Run
from tests.commandline.pages import page


@pytest.fixture
def filled(wprc: Run) -> Run:
    Path("one.txt").write_text(page("WPRC-001", "One"))
    Path("two.txt").write_text(page("WPRC-002", "Two"))
    assert wprc("import", "one.txt", "two.txt").code == 0
    return wprc


def test_json_is_one_object_per_line(filled: Run) -> None:
    out = filled("export", "--all", "--format", "json").out
    papers = [json.loads(line) for line in out.splitlines()]
    assert [paper["code"] for paper in papers] == ["WPRC-001", "WPRC-002"]
    first = papers[0]
    assert (first["date"], first["chapter"], first["category"]) == (
        "2023-11-09",
        "LDN",
        "Networks",
    )
    in_depth = next(s for s in first["sections"] if s["kind"] == "in_depth")
    ranges = [(item["page_start"], item["page_end"]) for item in in_depth["items"]]
    assert ranges == [(1, 3), (4, 6)]
    community = next(s for s in first["sections"] if s["kind"] == "community_opinions")
    assert [item["attributed_to"] for item in community["items"]] == [["Chidi"]]


@pytest.mark.parametrize("form", ["page", "markdown", "json"])
def test_contacts_leave_only_when_asked_for(filled: Run, form: str) -> None:
    without = filled("export", "WPRC-001", "--format", form).out
    assert "example.org" not in without
    assert "anareads" not in without
    with_contacts = filled("export", "WPRC-001", "--format", form, "--with-contacts").out
    assert "ana@example.org" in with_contacts
    assert "anareads" in with_contacts


@pytest.mark.parametrize("form", ["page", "markdown"])
def test_what_was_exported_imports_as_unchanged(filled: Run, form: str) -> None:
    ran = filled("export", "--all", "--format", form, "--out", "copy")
    assert ran.code == 0
    files = ran.out.split()
    assert len(files) == 2
    assert all(Path(file).is_file() for file in files)
    again = filled("import", "copy")
    assert [line.split()[-1] for line in again.out.splitlines()] == ["unchanged"] * 2


def test_a_number_is_enough_where_there_is_one_club(filled: Run) -> None:
    assert filled("export", "2").out == filled("export", "WPRC-002").out
    assert filled("export", "wprc-2").out == filled("export", "WPRC-002").out


def test_a_missing_code_is_named_and_the_others_come(filled: Run) -> None:
    ran = filled("export", "WPRC-404", "nonsense", "WPRC-001", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out)["code"] == "WPRC-001"
    assert "WPRC-404" in ran.err
    assert "nonsense" in ran.err


@pytest.mark.parametrize("arguments", [(), ("WPRC-001", "--all")])
def test_codes_or_all_but_not_both(filled: Run, arguments: tuple[str, ...]) -> None:
    ran = filled("export", *arguments)
    assert ran.code == 2
    assert "--all" in ran.err


def test_contacts_that_a_page_leaves_out_stay_stored(filled: Run) -> None:
    Path("one.txt").write_text(
        page("WPRC-001", "One").replace(" (ana@example.org, tg: anareads)", "")
    )
    assert filled("import", "one.txt").out == "one.txt: WPRC-001 unchanged\n"
    assert "ana@example.org" in filled("export", "1", "--with-contacts").out


@pytest.mark.parametrize("form", ["page", "markdown", "json"])
def test_an_address_in_the_text_stays_in_as_well(wprc: Run, form: str) -> None:
    Path("one.txt").write_text(page(summary="Write to bo.b@mail.example.org for more."))
    assert wprc("import", "one.txt").code == 0
    without = wprc("export", "12", "--format", form).out
    assert "mail.example.org" not in without
    assert "address withheld" in without.replace("\\", "")
    assert "bo.b@mail.example.org" in wprc("export", "12", "--with-contacts").out


def test_a_handle_in_the_text_stays_in_as_well(wprc: Run) -> None:
    Path("one.txt").write_text(page(summary="Write to bo (tg: bobwrites) for more."))
    assert wprc("import", "one.txt").code == 0
    assert "bobwrites" not in wprc("export", "12").out
    assert "bobwrites" in wprc("export", "12", "--with-contacts").out


def test_a_code_that_is_named_twice_comes_once(filled: Run) -> None:
    assert filled("export", "WPRC-001", "1", "#001", "wprc 1").out == filled("export", "1").out


def test_a_number_that_several_clubs_have_is_said_to_be_so(
    filled: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("other.txt").write_text(page("ZKRC-001", "Other"))
    assert filled("import", "other.txt").code == 0
    ran = filled("export", "1")
    assert ran.code == 1
    assert "several clubs" in ran.err
    monkeypatch.setenv("WPRC_CLUB", "ZKRC")
    assert "Other" in filled("export", "1").out


def test_a_folder_that_cannot_be_made_is_named(filled: Run) -> None:
    Path("file").write_text("in the way")
    for out in ("file", "/proc/nowhere"):
        ran = filled("export", "--all", "--out", out)
        assert ran.code == 1
        assert out in ran.err
        assert "Traceback" not in ran.err
