"""The pins: exact, hashed, from nowhere in particular, and in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.rules.tree import read

RUNTIME, DEV = Path("requirements/runtime.txt"), Path("requirements/dev.txt")


def pins_of(text: str) -> dict[str, Requirement]:
    """The pins by name; raises ValueError naming a line that is no exact and hashed pin."""
    pins: dict[str, Requirement] = {}
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pin, *hashes = re.split(r"\s+--hash=", line.strip())
        is_hashed = hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes)
        if not is_hashed or not re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; [^/@]+)?", pin):
            raise ValueError(f"not an exact, hashed pin: {line[:80]}")
        requirement = Requirement(pin)
        pins[canonicalize_name(requirement.name)] = requirement
    return pins


def stale_pins(wanted: list[Requirement], pins: dict[str, Requirement]) -> list[str]:
    """The requirements that no pin satisfies."""
    return [
        str(requirement)
        for requirement in wanted
        if (pin := pins.get(canonicalize_name(requirement.name))) is None
        or not requirement.specifier.contains(next(iter(pin.specifier)).version)
    ]


def wanted(kind: str) -> list[Requirement]:
    project = tomllib.loads(read(Path("pyproject.toml")))
    groups = project["dependency-groups"]
    extras = project["project"]["optional-dependencies"].values()
    lines = [*project["project"]["dependencies"], *groups["build"]]
    lines += [line for extra in extras for line in extra]
    if kind == "dev":
        lines += [line for line in groups["dev"] if isinstance(line, str)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(("kind", "path"), [("runtime", RUNTIME), ("dev", DEV)])
def test_the_pins_are_in_step_with_the_project(kind: str, path: Path) -> None:
    assert stale_pins(wanted(kind), pins_of(read(path))) == [], "run make lock"


def test_the_development_pins_hold_the_runtime_pins() -> None:
    runtime, dev = pins_of(read(RUNTIME)), pins_of(read(DEV))
    assert {name: dev.get(name) for name in runtime} == runtime


GOOD = "ab-c==1.2 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "0" * 64 + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "abc==1.2\n",
        GOOD.replace("==1.2", ">=1.2"),
        GOOD.replace("sha256", "md5"),
        GOOD.replace("ab-c==1.2", "abc @ https://example.org/abc-1.2.whl"),
        GOOD.replace("ab-c==1.2", "./abc"),
        "-i https://example.org/simple\n" + GOOD,
        "-f wheels\n",
        "-e .\n",
    ],
)
def test_a_loose_pin_is_found(text: str) -> None:
    assert list(pins_of(GOOD)) == ["ab-c"]
    with pytest.raises(ValueError, match="not an exact, hashed pin"):
        pins_of(text)


def test_a_stale_pin_is_found() -> None:
    pins = pins_of(GOOD)
    assert stale_pins([Requirement("ab_c>=1")], pins) == []
    assert stale_pins([Requirement("ab-c>=2"), Requirement("d")], pins) == ["ab-c>=2", "d"]
