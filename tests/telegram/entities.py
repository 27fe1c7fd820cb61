"""A text as people see it: parsed, trimmed, counted, with what Telegram finds in it by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.telegram.html import cannot_parse, parse_html, units
from tests.telegram.refusals import Json, broken

MOST_ENTITIES = 100
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'])"
    r"|(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@]))"
    r"|(?P<email>(?<![\w.])[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
_CODE = ("code", "pre")
_QUOTES = ("blockquote", "expandable_blockquote")
_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")


@dataclass(slots=True)
class Formatted:
    """``flaws`` are what Telegram takes, and shows otherwise than it was written."""

    text: str
    entities: list[Json] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return units(self.text)


def read_text(text: str, parse_mode: str | None, entities: list[Json] | None) -> Formatted:
    """A text of the bot; raises what Telegram would complain about."""
    if parse_mode:
        if parse_mode.lower() != "html":
            known = parse_mode.lower() in ("markdown", "markdownv2")
            raise broken("the simulator reads HTML only" if known else "unsupported parse_mode")
        plain, found = parse_html(text)
    else:
        plain, found = text, [dict(entity) for entity in entities or []]
        for entity in found:
            if entity["offset"] < 0 or entity["offset"] + entity["length"] > units(plain):
                raise cannot_parse("entity is outside of the text")
    formatted = Formatted(*_trimmed(plain, found))
    _nest(formatted)
    if len(formatted.entities) > MOST_ENTITIES:
        formatted.flaws.append(f"more than {MOST_ENTITIES} entities: the rest is dropped")
        del formatted.entities[MOST_ENTITIES:]
    formatted.entities = _with_found(formatted.text, formatted.entities)
    return formatted


def typed_text(text: str) -> Formatted:
    """A text of a person, who types no tags."""
    plain, _ = _trimmed(text, [])
    return Formatted(plain, _with_found(plain, []))


def covered(text: str, entity: Json) -> str:
    """The part of a text that an entity is about."""
    data = text.encode("utf-16-le")
    begin = 2 * int(entity["offset"])
    return data[begin : begin + 2 * int(entity["length"])].decode("utf-16-le", "replace")


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    text = _CONTROL.sub(lambda found: "" if found.group() == "\r" else " ", text)
    left = text.lstrip(" \t\n")
    cut = units(text) - units(left)
    text = left.rstrip(" \t\n")
    size = units(text)
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, size)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return text, kept


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _nest(formatted: Formatted) -> None:
    """Drops what cannot stand inside something else, as Telegram does without a word."""
    kept: list[Json] = []
    for entity in formatted.entities:
        around = [one for one in kept if _holds(one, entity)]
        reason = next(
            (why for one in around if (why := _objection(one["type"], entity["type"]))), ""
        )
        if reason:
            formatted.flaws.append(reason)
        else:
            kept.append(entity)
    formatted.entities = kept


def _holds(outer: Json, inner: Json) -> bool:
    begin, end = _span(outer)
    return bool(begin <= inner["offset"] < end)


def _objection(outer: str, inner: str) -> str:
    told = f"{inner} inside {outer} is dropped"
    if outer in _CODE:
        return told
    if outer in _QUOTES:
        return told if inner in _QUOTES else ""
    if outer in _STYLES or inner in _STYLES:
        return told if outer == inner else ""
    return told


def _with_found(text: str, entities: list[Json]) -> list[Json]:
    """Adds commands, mentions, links and tags, where nothing else of that sort stands."""
    taken = [_span(one) for one in entities if one["type"] not in (*_STYLES, *_QUOTES)]
    found: list[Json] = []
    at = offset = 0
    for match in _FOUND.finditer(text):
        offset += units(text[at : match.start()])
        at = match.start()
        length = units(match.group())
        if all(offset + length <= begin or offset >= end for begin, end in taken):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return sorted(entities + found, key=lambda one: (one["offset"], -one["length"]))


def commands_of(text: str, entities: list[Json]) -> list[str]:
    """The commands that a text holds, such as ``/paper@some_bot``."""
    return [covered(text, one) for one in entities if one["type"] == "bot_command"]
