"""The documented limits of components in messages, in rows and in components V2."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.discord.refusals import Json, Path, Problem, missing, too_long

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = frozenset({3, 5, 6, 7, 8})
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LINK, PREMIUM = 5, 6
MOST_COMPONENTS, MOST_TEXT = 40, 4000

_TOP_V1 = frozenset({ROW})
_IN_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
_TOP_V2 = _IN_CONTAINER | {CONTAINER}


def walk(components: list[Json], path: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Every component with its place, outer before inner."""
    for index, component in enumerate(components):
        here = (*path, index)
        yield here, component
        yield from walk(component.get("components") or [], (*here, "components"))
        for name in ("accessory", "component"):
            if isinstance(component.get(name), dict):
                inner = component[name]
                yield (*here, name), inner
                yield from walk(inner.get("components") or [], (*here, name, "components"))


def component_problems(components: list[Json], *, is_v2: bool) -> Iterator[Problem]:
    most = MOST_COMPONENTS if is_v2 else 5
    if len(components) > most:
        yield too_long(("components",), most)
    yield from _kinds(components, _TOP_V2 if is_v2 else _TOP_V1, ("components",))
    everything = list(walk(components))
    if len(everything) > MOST_COMPONENTS:
        yield too_long(("components",), MOST_COMPONENTS)
    texts = [str(one.get("content") or "") for _, one in everything if one.get("type") == TEXT]
    if sum(map(len, texts)) > MOST_TEXT:
        yield Problem(
            ("components",),
            "COMPONENT_MAX_TOTAL_TEXT_EXCEEDED",
            f"The text of all components must be {MOST_TEXT} or fewer in length.",
        )
    yield from unique_custom_ids(everything)
    for path, component in everything:
        yield from _one(component, path)


def unique_custom_ids(everything: list[tuple[Path, Json]]) -> Iterator[Problem]:
    seen = set()
    for path, component in everything:
        custom_id = component.get("custom_id")
        if custom_id is not None and custom_id in seen:
            yield Problem(
                (*path, "custom_id"),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        seen.add(custom_id)


def custom_id_problems(component: Json, path: Path) -> Iterator[Problem]:
    custom_id = component.get("custom_id")
    if not isinstance(custom_id, str) or not custom_id:
        yield missing((*path, "custom_id"))
    elif len(custom_id) > 100:
        yield too_long((*path, "custom_id"), 100)


def _kinds(components: list[Json], allowed: frozenset[int], path: Path) -> Iterator[Problem]:
    for index, component in enumerate(components):
        if component.get("type") not in allowed:
            yield Problem(
                (*path, index, "type"),
                "UNION_TYPE_CHOICES",
                f"Value of field type must be one of {sorted(allowed)}.",
            )


def _one(component: Json, path: Path) -> Iterator[Problem]:
    kind = component.get("type")
    if kind == ROW:
        yield from _row(component, path)
    elif kind == BUTTON:
        yield from _button(component, path)
    elif kind in SELECTS:
        yield from select_problems(component, path)
    elif kind == SECTION:
        yield from _section(component, path)
    elif kind == CONTAINER:
        inner = component.get("components") or []
        if not inner:
            yield missing((*path, "components"))
        yield from _kinds(inner, _IN_CONTAINER, (*path, "components"))
    elif kind == TEXT and not str(component.get("content") or "").strip():
        yield missing((*path, "content"))
    elif kind == GALLERY and not 1 <= len(component.get("items") or []) <= 10:
        yield Problem((*path, "items"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10.")


def _row(row: Json, path: Path) -> Iterator[Problem]:
    inner = row.get("components") or []
    has_select = any(one.get("type") in SELECTS for one in inner)
    most = 1 if has_select else 5
    if not 1 <= len(inner) <= most:
        yield Problem(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED" if inner else "BASE_TYPE_BAD_LENGTH",
            f"A row holds between 1 and {most} components of this kind.",
        )
    yield from _kinds(inner, SELECTS | {BUTTON}, (*path, "components"))


def _button(button: Json, path: Path) -> Iterator[Problem]:
    label = button.get("label")
    if label is not None and len(label) > 80:
        yield too_long((*path, "label"), 80)
    style = button.get("style")
    if style != PREMIUM and not str(label or "").strip() and not button.get("emoji"):
        yield missing((*path, "label"))
    if style == LINK:
        address = str(button.get("url") or "")
        if len(address) > 512:
            yield too_long((*path, "url"), 512)
        if urlsplit(address).scheme not in ("http", "https", "discord"):
            yield Problem(
                (*path, "url"),
                "URL_TYPE_INVALID_SCHEME",
                "Scheme must be one of ('http', 'https', 'discord').",
            )
        if button.get("custom_id") is not None:
            yield Problem(
                (*path, "custom_id"),
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
    elif style != PREMIUM:
        yield from custom_id_problems(button, path)
        if button.get("url") is not None:
            yield Problem(
                (*path, "url"),
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )


def select_problems(select: Json, path: Path) -> Iterator[Problem]:
    yield from custom_id_problems(select, path)
    if len(str(select.get("placeholder") or "")) > 150:
        yield too_long((*path, "placeholder"), 150)
    least, most = select.get("min_values"), select.get("max_values")
    least, most = (1 if least is None else least), (1 if most is None else most)
    if not 0 <= least <= most <= 25 or most < 1:
        yield Problem((*path, "max_values"), "NUMBER_TYPE_MAX", "Must be between 1 and 25.")
    if select.get("type") == STRING_SELECT:
        yield from _options(select, path, most)


def _options(select: Json, path: Path, most: int) -> Iterator[Problem]:
    options = select.get("options") or []
    if not 1 <= len(options) <= 25:
        yield Problem(
            (*path, "options"),
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 25 in length.",
        )
    elif most > len(options):
        yield Problem((*path, "max_values"), "NUMBER_TYPE_MAX", "There are not so many options.")
    seen = set()
    for index, option in enumerate(options):
        here = (*path, "options", index)
        for name in ("label", "value"):
            text = str(option.get(name) or "")
            if not text.strip():
                yield missing((*here, name))
            elif len(text) > 100:
                yield too_long((*here, name), 100)
        if len(str(option.get("description") or "")) > 100:
            yield too_long((*here, "description"), 100)
        if option.get("value") in seen:
            yield Problem(
                (*here, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option.get("value"))


def _section(section: Json, path: Path) -> Iterator[Problem]:
    inner = section.get("components") or []
    if not 1 <= len(inner) <= 3:
        yield Problem((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3.")
    yield from _kinds(inner, frozenset({TEXT}), (*path, "components"))
    accessory = section.get("accessory")
    if not isinstance(accessory, dict):
        yield missing((*path, "accessory"))
    elif accessory.get("type") not in (BUTTON, THUMBNAIL):
        yield Problem((*path, "accessory", "type"), "UNION_TYPE_CHOICES", "Must be 2 or 11.")
