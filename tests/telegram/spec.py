"""Telegram's own description of its methods and types, where it is at hand, as a reader.

Telegram takes every parameter as text as well: numbers, booleans, and JSON where an object or a
list is meant. So reading a request and checking it are one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.telegram.refusals import Json

SPEC_FILE = Path(__file__).parents[3] / "shared" / "specs" / "telegram-bot-api.json"
_ARRAY = "Array of "
_WORDS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a request."""

    filename: str
    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Problem:
    """``kind`` is ``unknown``, ``missing`` or ``type``; ``name`` is the parameter."""

    kind: str
    name: str
    path: str

    def __str__(self) -> str:
        return f"{self.path}: {self.kind}"


@cache
def document() -> Json | None:
    """The description; None where it is missing."""
    if not SPEC_FILE.is_file():
        return None
    found: Json = json.loads(SPEC_FILE.read_text(encoding="utf-8"))
    return found


@cache
def method_names() -> dict[str, str]:
    """As Telegram takes them, in lower case, and as they are written."""
    found = document()
    return {} if found is None else {name.lower(): name for name in found["methods"]}


def read_parameters(method: str, raw: Json) -> tuple[Json, list[Problem]]:
    """The parameters with their types, and what is wrong with them."""
    found = document()
    if found is None or method not in found["methods"]:
        return {name: _guess(name, value) for name, value in raw.items()}, []
    fields = {field["name"]: field for field in found["methods"][method].get("fields", [])}
    typed: Json = {}
    problems: list[Problem] = []
    for name, value in raw.items():
        if name not in fields:
            if not isinstance(value, Upload):  # Files that others refer to have names of their own.
                problems.append(Problem("unknown", name, name))
            continue
        typed[name], wrong = _fit(value, fields[name]["types"], name, is_text=True)
        problems += [Problem(kind, name, path) for kind, path in wrong]
    for name, field in fields.items():
        if field["required"] and name not in raw:
            problems.append(Problem("missing", name, name))
    return typed, problems


def problems_of_answer(method: str, result: Any) -> list[str]:
    """The same for an answer of ours: the simulator is held to the description as well."""
    found = document()
    if found is None or method not in found["methods"]:
        return []
    wrong = _fit(result, found["methods"][method]["returns"], "result", is_text=False)[1]
    return [f"{path}: {kind}" for kind, path in wrong]


def problems_of_update(update: Json) -> list[str]:
    if document() is None:
        return []
    wrong = _fit(update, ["Update"], "update", is_text=False)[1]
    return [f"{path}: {kind}" for kind, path in wrong]


_Wrong = list[tuple[str, str]]


def _fit(value: Any, types: list[str], path: str, *, is_text: bool) -> tuple[Any, _Wrong]:
    """The value as the type that it fits best."""
    best: tuple[Any, _Wrong] | None = None
    for kind in types:
        found = _as(value, kind, path, is_text)
        if not found[1]:
            return found
        if best is None or len(found[1]) < len(best[1]):
            best = found
    assert best is not None
    return best


def _as(value: Any, kind: str, path: str, is_text: bool) -> tuple[Any, _Wrong]:
    wrong: _Wrong = [("type", path)]
    if kind == "InputFile":
        return (value, []) if isinstance(value, Upload) else (value, wrong)
    if kind in ("Integer", "Float"):
        return _number(value, kind, wrong, is_text)
    if kind == "Boolean":
        if isinstance(value, bool):
            return value, []
        is_word = is_text and str(value) in _WORDS
        return (_WORDS[str(value)], []) if is_word else (value, wrong)
    if kind == "String":
        if isinstance(value, str):
            return value, []
        is_number = is_text and isinstance(value, int | float) and not isinstance(value, bool)
        return (str(value), []) if is_number else (value, wrong)
    if is_text and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return value, wrong
    if kind.startswith(_ARRAY):
        return _list(value, kind.removeprefix(_ARRAY), path, wrong)
    return _object(value, kind, path) if isinstance(value, dict) else (value, wrong)


def _number(value: Any, kind: str, wrong: _Wrong, is_text: bool) -> tuple[Any, _Wrong]:
    if isinstance(value, int) and not isinstance(value, bool):
        return value, []
    if kind == "Float" and isinstance(value, float):
        return value, []
    if is_text and isinstance(value, str):
        if re.fullmatch(r"-?[0-9]{1,19}", value):
            return int(value), []
        if kind == "Float" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            return float(value), []
    return value, wrong


def _list(value: Any, kind: str, path: str, wrong: _Wrong) -> tuple[Any, _Wrong]:
    if not isinstance(value, list):
        return value, wrong
    found = [
        _fit(each, [kind], f"{path}[{index}]", is_text=False) for index, each in enumerate(value)
    ]
    return [each for each, _ in found], [one for _, each in found for one in each]


def _object(value: Json, kind: str, path: str) -> tuple[Any, _Wrong]:
    spec = document()
    assert spec is not None
    described = spec["types"].get(kind)
    if described is None:
        return value, [("type", path)]
    if described.get("subtypes"):
        meant = [one for one in described["subtypes"] if _is_meant(spec, one, value)]
        return _fit(value, meant or described["subtypes"], path, is_text=False)
    fields = {field["name"]: field for field in described.get("fields", [])}
    typed: Json = {}
    problems: _Wrong = []
    for name, part in value.items():
        if name not in fields:
            problems.append(("unknown", f"{path}.{name}"))
            continue
        typed[name], wrong = _fit(part, fields[name]["types"], f"{path}.{name}", is_text=False)
        problems += wrong
    missing = [name for name, field in fields.items() if field["required"] and name not in value]
    return typed, problems + [("missing", f"{path}.{name}") for name in missing]


def _is_meant(spec: Json, kind: str, value: Json) -> bool:
    """Whether an object's ``type``, ``status`` or ``source`` names this one of several types."""
    for field in spec["types"].get(kind, {}).get("fields", []):
        if field["name"] in ("type", "status", "source") and field["required"]:
            named = str(value.get(field["name"]))
            return re.search(rf"\b{re.escape(named)}\b", field["description"]) is not None
    return True


_TEXTS = frozenset(("text", "caption", "url", "secret_token", "query", "callback_query_id"))


def _guess(name: str, value: Any) -> Any:
    """Without the description: whatever reads as JSON, except in texts."""
    if name in _TEXTS or name.endswith("_query_id") or not isinstance(value, str):
        return value
    try:
        return _WORDS.get(value, json.loads(value)) if value not in ("0", "1") else int(value)
    except ValueError:
        return value
