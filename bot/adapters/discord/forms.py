"""An Ask -> a modal, whose custom id holds all that has to be kept of it."""

from __future__ import annotations

from typing import TypeAlias

from bot.adapters.discord import limits
from bot.adapters.discord.buttons import FORM, code_of
from bot.chat.reply import Ask, AskField, FieldKind
from bot.chat.text import clean, one_line, plain

Payload: TypeAlias = dict[str, object]

_TEXT_INPUT, _SELECT, _LABEL, _TEXT, _FILE_UPLOAD = 4, 3, 18, 10, 19
_SHORT, _PARAGRAPH = 1, 2
_HINTS = {FieldKind.WHEN: "2031-03-06 19:00", FieldKind.INTEGER: "A whole number"}


def modal(ask: Ask, words: tuple[str, ...] = ()) -> Payload:
    """The form with its first five fields, those that are needed before those that are not.

    What is needed and found no room is asked for again when the form comes back. `words` are
    shown above the fields where there is room.
    """
    fields = sorted(ask.fields, key=lambda one: not one.is_required)[: limits.MODAL_FIELDS]
    asked = [one for one in ask.fields if one in fields]
    components = [_component(one) for one in asked]
    text = clean("".join(words)).strip()
    if text and len(components) < limits.MODAL_FIELDS:
        shown = limits.clip(text, limits.INPUT_VALUE // 2)
        components.insert(0, {"type": _TEXT, "content": shown})
    return {
        "custom_id": FORM + code_of(ask.action),
        "title": _line(ask.title, limits.MODAL_TITLE) or "Form",
        "components": components,
    }


def _component(asked: AskField) -> Payload:
    label = _line(asked.label, limits.INPUT_VALUE) or asked.name
    made: Payload = {"type": _LABEL, "label": label, "component": _input(asked)}
    if limits.size(label) > limits.FIELD_LABEL:
        made["label"] = limits.clip(asked.name.replace("_", " ").capitalize(), limits.FIELD_LABEL)
        made["description"] = limits.clip(label, limits.FIELD_HELP)
    return made


def _input(asked: AskField) -> Payload:
    made: Payload = {"custom_id": asked.name, "required": asked.is_required}
    if asked.kind is FieldKind.FILE:
        least = 1 if asked.is_required else 0
        return made | {"type": _FILE_UPLOAD, "min_values": least, "max_values": 1}
    if asked.choices and _fit(asked):
        options = [
            {
                "label": _line(one.label, limits.SELECT_TEXT) or one.value,
                "value": one.value,
                **({"default": True} if one.value == asked.value else {}),
            }
            for one in asked.choices
        ]
        return made | {"type": _SELECT, "options": options}
    style = _PARAGRAPH if asked.kind is FieldKind.LONG_TEXT else _SHORT
    most = max(1, min(asked.max_length, limits.INPUT_VALUE))
    made |= {"type": _TEXT_INPUT, "style": style, "max_length": most}
    if asked.value:
        made["value"] = limits.clip(clean(asked.value), most)
    if hint := _HINTS.get(asked.kind):
        made["placeholder"] = hint
    return made


def _fit(asked: AskField) -> bool:
    """Whether a field's choices can be offered; else they are typed."""
    values = {one.value for one in asked.choices}
    is_distinct = len(values) == len(asked.choices) <= limits.SELECT_OPTIONS
    return is_distinct and all(1 <= limits.size(value) <= limits.SELECT_TEXT for value in values)


def _line(text: str, limit: int) -> str:
    return limits.clip(one_line(plain((text,))), limit)
