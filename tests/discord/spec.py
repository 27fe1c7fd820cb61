"""Discord's own description of its REST interface, where it is at hand, as a validator."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.discord.refusals import Json, Problem

SPEC_FILE = Path(__file__).parents[3] / "shared" / "specs" / "discord-openapi.json"
_NAME = "urn:discord"
_CODES = {
    "maxLength": "BASE_TYPE_MAX_LENGTH",
    "maxItems": "BASE_TYPE_MAX_LENGTH",
    "minLength": "BASE_TYPE_MIN_LENGTH",
    "minItems": "BASE_TYPE_MIN_LENGTH",
    "required": "BASE_TYPE_REQUIRED",
    "enum": "BASE_TYPE_CHOICES",
    "maximum": "NUMBER_TYPE_MAX",
    "minimum": "NUMBER_TYPE_MIN",
    "pattern": "STRING_TYPE_REGEX",
    "type": "BASE_TYPE_BAD_TYPE",
}


@cache
def _document() -> Json | None:
    """The description, loosened where Discord takes more than it says; None where it is missing."""
    if not SPEC_FILE.is_file():
        return None
    document: Json = json.loads(SPEC_FILE.read_text(encoding="utf-8"))
    # Ids and permissions are documented as strings; as numbers they are taken just as well.
    schemas = document["components"]["schemas"]
    schemas["SnowflakeType"] = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$"}
    for name in ("ApplicationCommandUpdateRequest", "ApplicationCommandCreateRequest"):
        schemas[name]["properties"]["default_member_permissions"] = {
            "type": ["string", "integer", "null"],
            "pattern": "^[0-9]+$",
        }
    return document


def problems_of_body(method: str, template: str, body: object) -> list[Problem]:
    """Where a request's body breaks the description; nothing where it does not know the path."""
    validator = _validator(method.lower(), template, None)
    return [] if validator is None else _problems(validator, body)


def problems_of_answer(method: str, template: str, status: int, body: object) -> list[Problem]:
    """The same for an answer of ours: the simulator is held to the description as well."""
    validator = _validator(method.lower(), template, status)
    return [] if validator is None else _problems(validator, body)


def has_operation(method: str, template: str) -> bool:
    document = _document()
    return document is not None and method.lower() in document["paths"].get(template, {})


@cache
def _validator(method: str, template: str, status: int | None) -> Validator | None:
    if not has_operation(method, template):
        return None
    document = _document()
    assert document is not None
    operation = document["paths"][template][method]
    part = operation.get("requestBody") if status is None else _response(operation, status)
    if part is None or "application/json" not in part.get("content", {}):
        return None
    place = ("requestBody",) if status is None else ("responses", str(status))
    steps = ("paths", template, method, *place, "content", "application/json", "schema")
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    found: Validator = _Validator({"$ref": f"{_NAME}#/{pointer}"}, registry=_registry())
    return found


def _response(operation: Json, status: int) -> Json | None:
    found: Json | None = operation["responses"].get(str(status))
    return found


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(_document(), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(_NAME, resource)
    return registry


def _union(
    validator: Validator, branches: list[Json], instance: object, schema: Json
) -> Iterator[ValidationError]:
    """Descends into the one branch whose ``type`` is meant, so that errors name the very place.

    Several branches may fit at once: Discord tells a number from a string, its description does
    not always.
    """
    meant = [branch for branch in branches if _is_meant(validator, branch, instance)]
    failures: list[list[ValidationError]] = []
    for branch in meant or branches:
        errors = list(validator.descend(instance, branch))  # type: ignore[attr-defined]
        if not errors:
            return
        failures.append(errors)
    yield from min(failures, key=len)


def _is_meant(validator: Validator, branch: Json, instance: object) -> bool:
    while "$ref" in branch:
        branch = validator._resolver.lookup(_absolute(branch["$ref"])).contents  # type: ignore[attr-defined]
    if instance is None:
        return "null" in str(branch.get("type"))
    if not isinstance(instance, dict):
        return True
    named = branch.get("properties", {}).get("type", {}).get("enum")
    return branch.get("type") != "null" and (named is None or instance.get("type") in named)


def _absolute(reference: str) -> str:
    return reference if reference.startswith(_NAME) else _NAME + reference


_UNIONS = {"oneOf": _union, "anyOf": _union}
_Validator: Any = extend(Draft202012Validator, _UNIONS)  # type: ignore[no-untyped-call]


def _problems(validator: Validator, body: Any) -> list[Problem]:
    return list(_flat(validator.iter_errors(body)))


def _flat(errors: Iterable[ValidationError]) -> Iterator[Problem]:
    for error in errors:
        path = tuple(error.absolute_path)
        kind = str(error.validator)
        message = error.message if len(error.message) < 200 else error.message[-200:]
        if kind == "required" and isinstance(error.instance, dict):
            wanted = error.validator_value
            assert isinstance(wanted, list)
            absent = [name for name in wanted if name not in error.instance]
            for name in absent[:1]:
                yield Problem((*path, name), _CODES[kind], "This field is required")
        else:
            yield Problem(path, _CODES.get(kind, "BASE_TYPE_INVALID"), message)
