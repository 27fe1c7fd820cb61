"""The documented limits, just within and just beyond, without any request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.discord import spec
from tests.discord.limits import problems_within_limits
from tests.discord.limits_commands import command_problems, commands_problems
from tests.discord.limits_modals import modal_problems
from tests.discord.refusals import Json

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
MESSAGES = "/channels/{channel_id}/messages"


def option(**more: Any) -> Json:
    return {"type": 3, "name": "what", "description": "What"} | more


def command(**more: Any) -> Json:
    return {"type": 1, "name": "paper", "description": "Shows"} | more


def choices(count: int, size: int = 1) -> list[Json]:
    return [
        {"name": str(number).ljust(size, "x"), "value": str(number).ljust(size, "x")}
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (command(name="x" * 32), command(name="x" * 33)),
        (command(name="büchlein-2"), command(name="Paper")),
        (command(name="paper"), command(name="two words")),
        (command(description="x" * 100), command(description="x" * 101)),
        (command(description="x"), command(description="")),
        (
            command(options=[option(name=f"o{number}") for number in range(25)]),
            command(options=[option(name=f"o{number}") for number in range(26)]),
        ),
        (
            command(options=[option(name="a"), option(name="b")]),
            command(options=[option(name="a"), option(name="a")]),
        ),
        (
            command(options=[option(name="a", required=True), option(name="b")]),
            command(options=[option(name="a"), option(name="b", required=True)]),
        ),
        (
            command(options=[option(choices=choices(25))]),
            command(options=[option(choices=choices(26))]),
        ),
        (
            command(options=[option(choices=choices(1, 100))]),
            command(options=[option(choices=choices(1, 101))]),
        ),
        (
            command(options=[option(autocomplete=True)]),
            command(options=[option(autocomplete=True, choices=choices(1))]),
        ),
        (
            # An option counts 3 + 4 + 2 x (100 + 100), the command itself 5 + 5.
            command(options=[option(name=f"o{n:02}", choices=choices(2, 100)) for n in range(19)]),
            command(options=[option(name=f"o{n:02}", choices=choices(2, 100)) for n in range(20)]),
        ),
        ({"type": 3, "name": "Save as opinion"}, {"type": 3, "name": "x" * 33}),
        ({"type": 3, "name": "Save"}, {"type": 3, "name": "Save", "description": "x"}),
    ],
)
def test_commands(good: Json, bad: Json) -> None:
    assert list(command_problems(good)) == []
    assert list(command_problems(bad)) != []


def test_the_number_of_commands() -> None:
    def named(count: int, kind: int) -> Iterator[Json]:
        for number in range(count):
            yield command(name=f"c{number}") if kind == 1 else {"type": 3, "name": f"c{number}"}

    assert list(commands_problems([*named(100, 1), *named(15, 3)])) == []
    assert len(list(commands_problems([*named(101, 1)]))) == 1
    assert len(list(commands_problems([*named(16, 3)]))) == 1
    assert len(list(commands_problems([command(), command()]))) == 1


def text(**more: Any) -> Json:
    inner = {"type": 4, "style": 1, "custom_id": "word"} | more
    return {"type": 18, "label": "Word", "component": inner}


def modal(*components: Json, **more: Any) -> Json:
    return {"title": "Opinion", "custom_id": "opinion", "components": [*components]} | more


def texts(count: int) -> list[Json]:
    return [text(custom_id=str(number)) for number in range(count)]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (modal(text(), title="x" * 45), modal(text(), title="x" * 46)),
        (modal(text(), custom_id="x" * 100), modal(text(), custom_id="x" * 101)),
        (modal(*texts(5)), modal(*texts(6))),
        (modal(text()), modal()),
        (modal(*texts(2)), modal(text(), text())),
        (modal(text() | {"label": "x" * 45}), modal(text() | {"label": "x" * 46})),
        (modal(text() | {"description": "x" * 100}), modal(text() | {"description": "x" * 101})),
        (modal(text(placeholder="x" * 100)), modal(text(placeholder="x" * 101))),
        (modal(text(value="x" * 4000)), modal(text(value="x" * 4001))),
        (modal(text(max_length=4000)), modal(text(max_length=4001))),
        (modal(text(max_length=3, value="abc")), modal(text(max_length=2, value="abc"))),
        (
            modal({"type": 1, "components": [text()["component"] | {"label": "Word"}]}),
            modal({"type": 1, "components": [text()["component"]]}),
        ),
    ],
)
def test_modals(good: Json, bad: Json) -> None:
    assert list(modal_problems(good)) == []
    assert list(modal_problems(bad)) != []


def test_completions() -> None:
    def told(found: list[Json]) -> list[tuple[str | int, ...]]:
        body = {"type": 8, "data": {"choices": found}}
        return [problem.path for problem in problems_within_limits("POST", CALLBACK, body)]

    assert told(choices(25, 100)) == []
    assert told(choices(26)) == [("data", "choices")]
    assert told(choices(1, 101)) == [
        ("data", "choices", 0, "name"),
        ("data", "choices", 0, "value"),
    ]


def test_components_in_a_layout() -> None:
    def told(*components: Json) -> list[str]:
        body = {"flags": 1 << 15, "components": [*components]}
        return [problem.code for problem in problems_within_limits("POST", MESSAGES, body)]

    line = {"type": 10, "content": "x"}
    button = {"type": 2, "style": 5, "label": "Page", "url": "https://example.org/"}
    assert told({"type": 17, "components": [line] * 39}) == []
    assert told({"type": 17, "components": [line] * 40}) == ["BASE_TYPE_MAX_LENGTH"]
    assert told({"type": 9, "components": [line] * 3, "accessory": button}) == []
    assert told({"type": 9, "components": [line] * 4, "accessory": button}) != []
    assert told({"type": 9, "components": [line]}) == ["BASE_TYPE_REQUIRED"]
    assert told({"type": 17, "components": [{"type": 17, "components": [line]}]}) != []
    assert told({"type": 1, "components": [button | {"url": "javascript:x"}]}) != []


@pytest.fixture
def no_spec(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(spec, "SPEC_FILE", tmp_path / "missing.json")
    _forget()
    yield
    _forget()


def _forget() -> None:
    for cached in (spec._document, spec._validator, spec._registry):
        cached.cache_clear()


@pytest.mark.usefixtures("no_spec")
def test_without_the_description_bodies_are_not_held_to_it() -> None:
    assert spec.problems_of_body("POST", MESSAGES, {"content": 5}) == []


@pytest.mark.skipif(not spec.SPEC_FILE.is_file(), reason="the description is not at hand")
def test_the_description_names_the_very_place() -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": 5, "custom_id": "x"}]}
    body = {"content": "x", "components": [row], "allowed_mentions": {"users": [1, "2"]}}
    (problem,) = spec.problems_of_body("POST", MESSAGES, body)
    assert problem.path == ("components", 0, "components", 0, "label")
    assert spec.problems_of_body("POST", CALLBACK, {"type": 9, "data": {}})[0].path[0] == "data"
