"""What a person fills into a form, checked and put as Discord would send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from tests.discord.limits_modals import CHECKBOX, FILE_UPLOAD, RADIO
from tests.discord.messages import File
from tests.discord.options import CannotType, resolve
from tests.discord.places import Channel, Role, User
from tests.discord.refusals import Json
from tests.discord.seen import Field, Modal

Pick: TypeAlias = str | User | Role | Channel | File
Filled: TypeAlias = str | bool | Pick | Sequence[Pick]
TEXT, TEXT_INPUT = 10, 4


def modal_data(modal: Modal, values: Mapping[str, Filled], channel: Channel, person: User) -> Json:
    """The ``data`` of a form; what is not named in ``values`` stays as it was prefilled."""
    by_id = {modal.field(name).custom_id: value for name, value in values.items()}
    resolved: Json = {}
    components = []
    for component in modal.components:
        if component["type"] == TEXT:
            components.append({"type": TEXT, "id": component.get("id", 0)})
            continue
        inner = component.get("component") or component["components"][0]
        field = modal.field(inner["custom_id"])
        answer = _answer(field, by_id.get(field.custom_id), channel, person, resolved)
        sent: Json = {"type": component["type"], "id": component.get("id", 0)}
        sent |= {"component": answer} if "component" in component else {"components": [answer]}
        components.append(sent)
    data: Json = {"custom_id": modal.custom_id, "components": components}
    return data | ({"resolved": resolved} if resolved else {})


def _answer(
    field: Field, value: Filled | None, channel: Channel, person: User, resolved: Json
) -> Json:
    answer: Json = {"type": field.kind, "custom_id": field.custom_id, "id": 0}
    if field.kind == TEXT_INPUT:
        return answer | {"value": _text(field, value)}
    if field.kind == CHECKBOX:
        return answer | {"value": bool(value)}
    if field.kind == RADIO:
        picked = _picked(field, value)
        return answer | {"value": picked[0] if picked else None}
    picks = _picked(field, value)
    for pick in picks:
        if not isinstance(pick, str):
            resolve(pick, channel, person, resolved)
    keys = [pick if isinstance(pick, str) else str(pick.id) for pick in picks]
    return answer | {"values": keys}


def _text(field: Field, value: Filled | None) -> str:
    text = field.value if value is None else value
    if not isinstance(text, str):
        raise CannotType(f"{field.label!r} takes text")
    least = max(field.least, 1) if field.is_required else field.least
    if (text or field.is_required) and not least <= len(text) <= field.most:
        raise CannotType(f"{field.label!r} takes {least} to {field.most} characters")
    return text


def _picked(field: Field, value: Filled | None) -> list[Pick]:
    if value is None:
        picks: list[Pick] = []
    elif isinstance(value, (str, User, Role, Channel, File)):
        picks = [value]
    elif isinstance(value, bool):
        raise CannotType(f"{field.label!r} is not ticked but picked")
    else:
        picks = list(value)
    if (picks or field.is_required) and not field.least <= len(picks) <= field.most:
        raise CannotType(f"{field.label!r} takes {field.least} to {field.most}")
    if field.kind == FILE_UPLOAD:
        if not all(isinstance(pick, File) for pick in picks):
            raise CannotType(f"{field.label!r} takes files")
        return picks
    return [pick if not isinstance(pick, str) else chosen(field, pick) for pick in picks]


def chosen(field: Field, name: str) -> str:
    """The value of an option, by its label or itself."""
    for label, value in field.options:
        if name in (label, value):
            return value
    raise CannotType(f"no option {name!r} in {[label for label, _ in field.options]}")
