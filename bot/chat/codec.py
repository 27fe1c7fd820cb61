"""Reply <-> JSON text, so that an answer can be kept with what it answers.

A value of ours is an object with its type's name under ``$`` and the fields that are not at their
defaults. Only the types of a reply are read back, whatever a text names.
"""

from __future__ import annotations

import base64
import json
from dataclasses import MISSING, fields
from datetime import datetime
from enum import Enum
from typing import Any

from bot.chat.invocation import PlaceRef
from bot.chat.reply import (
    Action,
    Ask,
    AskField,
    Audience,
    Block,
    Card,
    Choice,
    Field,
    FieldKind,
    File,
    Reach,
    Reaction,
    Reply,
    Style,
    Subject,
)
from bot.chat.text import Bold, Code, Italic, Link, Mention, Quote, When, WhenStyle

_VALUES: dict[str, type[Any]] = {
    known.__name__: known
    for known in (
        *(Reply, Card, Field, Block, Action, Choice, Ask, AskField, File, Reaction),
        *(Audience, Subject, PlaceRef),
        *(Bold, Italic, Code, Link, Mention, When, Quote),
    )
}
_DEFAULTS = {
    name: tuple((field.name, field.default) for field in fields(kind))
    for name, kind in _VALUES.items()
}
_WORDS: dict[str, type[Enum]] = {
    known.__name__: known for known in (Style, FieldKind, Reach, WhenStyle)
}
_TYPE, _INSTANT, _BYTES = "$", "at", "bytes"


def encode_reply(reply: Reply) -> str:
    """The reply as JSON text; raises TypeError for what no reply holds."""
    return json.dumps(_plain(reply), ensure_ascii=False, separators=(",", ":"))


def decode_reply(text: str) -> Reply:
    """The reply again; raises ValueError for a text that is none."""
    try:
        value = _value(json.loads(text))
    except (TypeError, KeyError) as error:
        raise ValueError(f"not a reply: {error}") from None
    if not isinstance(value, Reply):
        raise ValueError("not a reply")
    return value


def _plain(value: object) -> object:
    match value:
        case Enum():
            return {_TYPE: type(value).__name__, "value": value.value}
        case None | str() | int():
            return value
        case tuple() | list():
            return [_plain(each) for each in value]
        case datetime():
            return {_TYPE: _INSTANT, "value": value.isoformat()}
        case bytes():
            return {_TYPE: _BYTES, "value": base64.b64encode(value).decode("ascii")}
    kind = type(value)
    if _VALUES.get(kind.__name__) is not kind:
        raise TypeError(f"no part of a reply: {kind.__name__}")
    made: dict[str, object] = {_TYPE: kind.__name__}
    for name, default in _DEFAULTS[kind.__name__]:
        held = getattr(value, name)
        if default is MISSING or held != default:
            made[name] = _plain(held)
    return made


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value(each) for each in value)
    if not isinstance(value, dict):
        return value
    name = value.pop(_TYPE)
    if name == _INSTANT:
        return datetime.fromisoformat(value["value"])
    if name == _BYTES:
        return base64.b64decode(value["value"])
    if name in _WORDS:
        return _WORDS[name](value["value"])
    return _VALUES[name](**{field: _value(held) for field, held in value.items()})
