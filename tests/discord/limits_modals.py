"""The documented limits of modals, and of what an option is completed with."""

from __future__ import annotations

from collections.abc import Iterator

from tests.discord.limits_components import (
    ROW,
    SELECTS,
    TEXT,
    TEXT_INPUT,
    custom_id_problems,
    select_problems,
    unique_custom_ids,
    walk,
)
from tests.discord.refusals import Json, Path, Problem, missing, too_long

LABEL, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 18, 19, 21, 22, 23
FIELDS = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX}


def modal_problems(modal: Json) -> Iterator[Problem]:
    """Problems of the ``data`` of a modal; their places begin there."""
    yield from custom_id_problems(modal, ())
    title = str(modal.get("title") or "")
    if not title.strip():
        yield missing(("title",))
    elif len(title) > 45:
        yield too_long(("title",), 45)
    components = modal.get("components") or []
    if not 1 <= len(components) <= 5:
        yield Problem(("components",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    everything = list(walk(components))
    yield from unique_custom_ids(everything)
    for index, component in enumerate(components):
        yield from _top(component, ("components", index))
    for path, component in everything:
        if component.get("type") == TEXT_INPUT:
            yield from _text_input(component, path)
        elif component.get("type") in SELECTS:
            yield from select_problems(component, path)
        elif component.get("type") in FIELDS:
            yield from custom_id_problems(component, path)


def _top(component: Json, path: Path) -> Iterator[Problem]:
    kind = component.get("type")
    if kind == ROW:
        inner = component.get("components") or []
        if [one.get("type") for one in inner] != [TEXT_INPUT]:
            yield Problem((*path, "components"), "UNION_TYPE_CHOICES", "Must be one text input.")
        elif not str(inner[0].get("label") or "").strip():
            yield missing((*path, "components", 0, "label"))
    elif kind == LABEL:
        label = str(component.get("label") or "")
        if not label.strip():
            yield missing((*path, "label"))
        elif len(label) > 45:
            yield too_long((*path, "label"), 45)
        if len(str(component.get("description") or "")) > 100:
            yield too_long((*path, "description"), 100)
        inner = component.get("component")
        if not isinstance(inner, dict) or inner.get("type") not in FIELDS:
            yield Problem((*path, "component"), "UNION_TYPE_CHOICES", "Must be a field.")
    elif kind != TEXT:
        yield Problem((*path, "type"), "UNION_TYPE_CHOICES", "Must be one of (1, 10, 18).")


def _text_input(field: Json, path: Path) -> Iterator[Problem]:
    yield from custom_id_problems(field, path)
    for name, limit in (("label", 45), ("placeholder", 100), ("value", 4000)):
        if len(str(field.get(name) or "")) > limit:
            yield too_long((*path, name), limit)
    least, most = field.get("min_length"), field.get("max_length")
    least, most = (0 if least is None else least), (4000 if most is None else most)
    if not 0 <= least <= most <= 4000 or most < 1:
        yield Problem((*path, "max_length"), "NUMBER_TYPE_MAX", "Must be between 1 and 4000.")
    value = str(field.get("value") or "")
    if value and not least <= len(value) <= most:
        yield Problem((*path, "value"), "BASE_TYPE_BAD_LENGTH", f"Must be {least} to {most} long.")


def completion_problems(data: Json) -> Iterator[Problem]:
    """Problems of the choices that an autocomplete answer offers."""
    choices = data.get("choices") or []
    if len(choices) > 25:
        yield too_long(("choices",), 25)
    for index, choice in enumerate(choices):
        name = str(choice.get("name") or "")
        if not name.strip():
            yield missing(("choices", index, "name"))
        elif len(name) > 100:
            yield too_long(("choices", index, "name"), 100)
        value = choice.get("value")
        if isinstance(value, str) and not value:
            yield missing(("choices", index, "value"))
        elif isinstance(value, str) and len(value) > 100:
            yield too_long(("choices", index, "value"), 100)
