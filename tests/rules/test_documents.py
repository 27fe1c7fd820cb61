"""Decisions and the changelog keep their shapes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.rules.tree import read, tracked_files

DECISIONS = Path("docs/decisions")
HEADINGS = ["Context", "Decision", "Alternatives", "Consequences"]
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def decision_faults(name: str, text: str) -> list[str]:
    """What is wrong with one page: its name, its title, its four headings in order."""
    faults = []
    if not re.fullmatch(r"\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.md", name):
        faults.append("is not named NNNN-title.md")
    if not re.match(rf"# {name[:4]}\. \S.*\n", text):
        faults.append(f"does not begin with '# {name[:4]}. Title'")
    parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    if parts[1::2] != HEADINGS:
        faults.append(f"has not the headings {', '.join(HEADINGS)}")
    if any(not part.strip() for part in parts[2::2]):
        faults.append("has an empty part")
    return faults


def changelog_faults(text: str) -> list[str]:
    """What is not as Keep a Changelog has it."""
    faults = []
    if not text.startswith("# Changelog\n"):
        faults.append("does not begin with '# Changelog'")
    versions = re.findall(r"^## (.*)$", text, re.MULTILINE)
    if versions[:1] != ["[Unreleased]"]:
        faults.append("does not begin with what is unreleased")
    releases = [_release(version) for version in versions[1:]]
    if None in releases:
        faults.append("has a version that is not '[1.2.3] - 2026-01-31'")
    known = [release for release in releases if release]
    if known != sorted(known, reverse=True) or len(set(known)) != len(known):
        faults.append("has versions out of order")
    if not set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= KINDS:
        faults.append(f"has a heading that is none of {', '.join(sorted(KINDS))}")
    return faults


def _release(heading: str) -> tuple[tuple[int, ...], date] | None:
    match = re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})", heading)
    if not match:
        return None
    try:
        day = date.fromisoformat(match[2])
    except ValueError:
        return None
    return tuple(int(part) for part in match[1].split(".")), day


def test_every_decision_has_its_shape() -> None:
    pages = [path for path in tracked_files() if path.parent == DECISIONS]
    pages = [path for path in pages if path.name != "README.md"]
    assert pages
    faults = [
        f"{path} {fault}" for path in pages for fault in decision_faults(path.name, read(path))
    ]
    assert faults == []
    numbers = [path.name[:4] for path in pages]
    assert len(set(numbers)) == len(numbers), "two decisions have one number"


def test_the_changelog_has_its_shape() -> None:
    assert changelog_faults(read(Path("CHANGELOG.md"))) == []


GOOD = "# 0007. Title\n\n## Context\nA\n## Decision\nB\n## Alternatives\nC\n## Consequences\nD\n"


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("7-title.md", GOOD, "is not named"),
        ("0007-Title.md", GOOD, "is not named"),
        ("0008-title.md", GOOD, "does not begin with"),
        ("0007-title.md", GOOD.replace("## Alternatives\nC\n", ""), "has not the headings"),
        ("0007-title.md", GOOD.replace("## Decision", "## Decided"), "has not the headings"),
        ("0007-title.md", GOOD.replace("\nB\n", "\n\n"), "has an empty part"),
    ],
)
def test_a_misshapen_decision_is_found(name: str, text: str, fault: str) -> None:
    assert decision_faults("0007-title.md", GOOD) == []
    assert any(each.startswith(fault) for each in decision_faults(name, text))


LOG = (
    "# Changelog\n\n## [Unreleased]\n\n### Added\n- A\n\n"
    "## [0.10.0] - 2026-02-01\n### Fixed\n- B\n\n## [0.9.0] - 2026-01-01\n"
)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (LOG.replace("# Changelog", "# Changes", 1), "does not begin with '# Changelog'"),
        (LOG.replace("## [Unreleased]\n", ""), "does not begin with what is unreleased"),
        (LOG.replace("[0.9.0]", "0.9.0"), "has a version that is not"),
        (LOG.replace("2026-02-01", "2026-02-31"), "has a version that is not"),
        (LOG.replace("0.9.0", "0.11.0"), "has versions out of order"),
        (LOG.replace("0.9.0", "0.10.0").replace("2026-01-01", "2026-02-01"), "has versions out"),
        (LOG.replace("### Added", "### New"), "has a heading that is none of"),
    ],
)
def test_a_misshapen_changelog_is_found(text: str, fault: str) -> None:
    assert changelog_faults(LOG) == []
    assert any(each.startswith(fault) for each in changelog_faults(text))
