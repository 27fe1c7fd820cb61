"""The JSON Schema of what `to_json` makes."""

from __future__ import annotations

from bot.archive.record import SectionKind


def _object(**properties: object) -> dict[str, object]:
    """An object that has each of these and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: object) -> dict[str, object]:
    return {"type": "array", "items": items}


_TEXT: dict[str, object] = {"type": "string"}
_WORDS: dict[str, object] = {"type": "string", "minLength": 1}
_WORDS_OR_NULL: dict[str, object] = {"type": ["string", "null"], "minLength": 1}
_ADDRESS: dict[str, object] = {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"}
_PAGE: dict[str, object] = {"type": ["integer", "null"], "minimum": 0}

_CONTACT = _object(kind=_WORDS, value=_WORDS)
_CONTRIBUTOR = _object(name=_WORDS, role=_WORDS)
_CONTRIBUTOR["properties"] = {"name": _WORDS, "role": _WORDS, "contacts": _list(_CONTACT)}
_POINT = _object(label=_WORDS_OR_NULL, text=_TEXT, points=_list({"$ref": "#/$defs/point"}))
_ITEM = _object(
    number=_WORDS_OR_NULL,
    topic=_WORDS_OR_NULL,
    label=_WORDS_OR_NULL,
    page_start=_PAGE,
    page_end=_PAGE,
    text=_TEXT,
    attributed_to=_list(_WORDS),
    points=_list({"$ref": "#/$defs/point"}),
)
_SECTION = _object(
    kind={"enum": [str(kind) for kind in SectionKind]},
    heading=_WORDS,
    text=_TEXT,
    attributed_to=_list(_WORDS),
    items=_list({"$ref": "#/$defs/item"}),
)

PAGE_SCHEMA: dict[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "An archive page",
    **_object(
        code={"type": "string", "pattern": "^[A-Z][A-Z0-9]{0,15}-[0-9]{3,6}$"},
        title=_WORDS,
        subtitle=_WORDS_OR_NULL,
        abstract=_WORDS_OR_NULL,
        category=_WORDS_OR_NULL,
        chapter=_WORDS_OR_NULL,
        date={
            "type": ["string", "null"],
            "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
        },
        contributors=_list({"$ref": "#/$defs/contributor"}),
        paper_authors=_list(_WORDS),
        links=_list(_object(url=_ADDRESS, label=_WORDS_OR_NULL)),
        sections=_list({"$ref": "#/$defs/section"}),
    ),
    "$defs": {
        "contributor": _CONTRIBUTOR,
        "section": _SECTION,
        "item": _ITEM,
        "point": _POINT,
    },
}
