"""What a person sees: messages with their buttons and menus, forms with their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.discord.limits_components import BUTTON, LINK, SELECTS, TEXT, walk
from tests.discord.refusals import Json

if TYPE_CHECKING:
    from tests.discord.interactions import Interaction
    from tests.discord.messages import File, Message
    from tests.discord.places import User


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    custom_id: str | None
    url: str | None
    is_disabled: bool
    style: int
    number: int  # The component's own id.

    @property
    def is_link(self) -> bool:
        return self.style == LINK


@dataclass(frozen=True, slots=True)
class Menu:
    """A select; ``options`` are label and value, and empty where people or places are picked."""

    custom_id: str
    kind: int
    placeholder: str
    options: tuple[tuple[str, str], ...]
    least: int
    most: int
    is_disabled: bool
    number: int


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; for a text input ``kind`` is 4."""

    label: str
    custom_id: str
    kind: int
    is_required: bool
    value: str
    placeholder: str
    least: int
    most: int
    options: tuple[tuple[str, str], ...] = ()
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Modal:
    """A form as it was opened, and the interaction that it answered."""

    title: str
    custom_id: str
    fields: tuple[Field, ...]
    components: tuple[Json, ...]
    opener: Interaction

    def field(self, name: str) -> Field:
        for field in self.fields:
            if name in (field.label, field.custom_id):
                return field
        raise AssertionError(f"no field {name!r} in {[field.label for field in self.fields]}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it stood when somebody looked; or the form that came instead of one."""

    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    files: tuple[File, ...] = ()
    is_private: bool = False
    is_thinking: bool = False
    is_edited: bool = False
    pinged: frozenset[User] = frozenset()
    author: User | None = None
    source: Message | None = None
    modal: Modal | None = None

    @property
    def message(self) -> Message:
        """The message itself, to reply to or to press on."""
        assert self.source is not None, "a form is no message"
        return self.source

    @property
    def buttons(self) -> tuple[Button, ...]:
        found = [one for _, one in walk(list(self.components)) if one.get("type") == BUTTON]
        return tuple(map(_button, found))

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    @property
    def menus(self) -> tuple[Menu, ...]:
        found = [one for _, one in walk(list(self.components)) if one.get("type") in SELECTS]
        return tuple(map(_menu, found))

    @property
    def text(self) -> str:
        """Everything that can be read, one part a line."""
        return "\n".join(part for part in self._parts() if part)

    def button(self, name: str) -> Button:
        """By label or custom_id."""
        for button in self.buttons:
            if name in (button.label, button.custom_id):
                return button
        raise AssertionError(f"no button {name!r} in {self.labels}")

    def _parts(self) -> Iterator[str]:
        yield self.content
        for embed in self.embeds:
            yield str((embed.get("author") or {}).get("name") or "")
            yield str(embed.get("title") or "")
            yield str(embed.get("description") or "")
            for field in embed.get("fields") or []:
                yield field["name"]
                yield field["value"]
            yield str((embed.get("footer") or {}).get("text") or "")
        for _, component in walk(list(self.components)):
            if component.get("type") == TEXT:
                yield component["content"]


def see(message: Message) -> Seen:
    return Seen(
        content=message.content,
        embeds=tuple(message.embeds),
        components=tuple(message.components),
        files=tuple(message.files),
        is_private=message.viewer is not None,
        is_thinking=message.is_loading,
        is_edited=message.edited_at is not None,
        pinged=message.mentions.pinged,
        author=message.author,
        source=message,
    )


def see_modal(data: Json, opener: Interaction) -> Seen:
    fields = []
    for component in data["components"]:
        inner = component.get("component") or (component.get("components") or [None])[0]
        if inner is not None:
            fields.append(_field(inner, str(component.get("label") or inner.get("label") or "")))
    components = tuple(data["components"])
    modal = Modal(data["title"], data["custom_id"], tuple(fields), components, opener)
    return Seen(modal=modal, is_private=True)


def _button(component: Json) -> Button:
    emoji = (component.get("emoji") or {}).get("name") or ""
    return Button(
        label=component.get("label") or emoji,
        custom_id=component.get("custom_id"),
        url=component.get("url"),
        is_disabled=bool(component.get("disabled")),
        style=component["style"],
        number=component["id"],
    )


def _menu(component: Json) -> Menu:
    least, most = component.get("min_values"), component.get("max_values")
    return Menu(
        custom_id=component["custom_id"],
        kind=component["type"],
        placeholder=component.get("placeholder") or "",
        options=_options(component),
        least=1 if least is None else least,
        most=1 if most is None else most,
        is_disabled=bool(component.get("disabled")),
        number=component["id"],
    )


def _options(component: Json) -> tuple[tuple[str, str], ...]:
    options = component.get("options") or []
    return tuple((option["label"], option["value"]) for option in options)


def _field(component: Json, label: str) -> Field:
    is_text = component["type"] == 4
    names = ("min_length", "max_length") if is_text else ("min_values", "max_values")
    least, most = (component.get(name) for name in names)
    required = component.get("required")
    return Field(
        label=label,
        custom_id=component["custom_id"],
        kind=component["type"],
        is_required=True if required is None else required,
        value=str(component.get("value") or ""),
        placeholder=str(component.get("placeholder") or ""),
        least=(0 if is_text else 1) if least is None else least,
        most=(4000 if is_text else 1) if most is None else most,
        options=_options(component),
        is_long=component.get("style") == 2,
    )
