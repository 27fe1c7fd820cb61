"""What a person sees: a message as it stood when somebody looked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.telegram.entities import covered
from tests.telegram.places import Chat, File, Message, User
from tests.telegram.refusals import Json


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button; ``data`` is what the bot is told when it is pressed."""

    label: str
    data: str | None = None
    url: str | None = None
    inline_query: str | None = None
    copies: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """``text`` is what can be read, ``html`` what the bot wrote.

    ``force_reply`` is whether this viewer's client opens a reply to it, ``choices`` the rows of
    the keyboard that this viewer is offered.
    """

    text: str
    html: str
    entities: tuple[Json, ...]
    rows: tuple[tuple[Button, ...], ...]
    source: Message
    reply_to: Message | None = None
    thread_id: int | None = None
    is_edit: bool = False
    is_deleted: bool = False
    force_reply: bool = False
    placeholder: str = ""
    choices: tuple[tuple[str, ...], ...] = ()
    hides_keyboard: bool = False
    files: tuple[File, ...] = ()
    reactions: tuple[str, ...] = ()
    markup: Json | None = field(default=None, repr=False)

    @property
    def message(self) -> Message:
        """The message itself, to reply to or to press on."""
        return self.source

    @property
    def chat(self) -> Chat:
        return self.source.chat

    @property
    def id(self) -> int:
        return self.source.id

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    def button(self, label: str) -> Button:
        """By its whole label, or by a part of it that no other has."""
        exact = [button for button in self.buttons if button.label == label]
        found = exact or [button for button in self.buttons if label in button.label]
        assert len(found) == 1 or exact, f"no button {label!r} alone in {self.labels}"
        return found[0]

    def parts(self, kind: str) -> list[str]:
        """The parts of the text with an entity of that kind, such as ``bold``."""
        return [covered(self.text, one) for one in self.entities if one["type"] == kind]

    @property
    def links(self) -> dict[str, str]:
        """Where the words of the text lead to."""
        found = [one for one in self.entities if one["type"] == "text_link"]
        return {covered(self.text, one): one["url"] for one in found}


def see(message: Message, *, is_edit: bool = False) -> Seen:
    markup = message.markup or {}
    rows = markup.get("inline_keyboard") or []
    keyboard = markup.get("keyboard") or []
    replied = message.reply_to
    if replied is not None and "forum_topic_created" in replied.service:
        replied = None  # Clients do not show as a reply what only stands in a topic.
    return Seen(
        text=message.content.text,
        html=message.source,
        entities=tuple(message.content.entities),
        rows=tuple(tuple(map(_button, row)) for row in rows),
        source=message,
        reply_to=replied,
        thread_id=message.thread_id,
        is_edit=is_edit,
        is_deleted=message.is_deleted,
        force_reply=bool(markup.get("force_reply")),
        placeholder=markup.get("input_field_placeholder") or "",
        choices=tuple(tuple(button["text"] for button in row) for row in keyboard),
        hides_keyboard=bool(markup.get("remove_keyboard")),
        files=(message.file,) if message.file else (),
        reactions=tuple(one["emoji"] for one in message.reaction),
        markup=message.markup,
    )


def seen_by(seen: Seen, viewer: User) -> Seen:
    """A keyboard or wish for a reply that is selective is for those it replies to or names."""
    markup = seen.markup or {}
    if not markup.get("selective") or _is_addressed(seen, viewer):
        return seen
    return replace(seen, force_reply=False, choices=(), hides_keyboard=False)


def _is_addressed(seen: Seen, viewer: User) -> bool:
    if seen.reply_to is not None and seen.reply_to.sender is viewer:
        return True
    for entity in seen.entities:
        if entity["type"] == "text_mention" and entity["user"]["id"] == viewer.id:
            return True
    name = f"@{viewer.username}".lower()
    return viewer.username is not None and name in map(str.lower, seen.parts("mention"))


def _button(button: Json) -> Button:
    query = button.get("switch_inline_query_current_chat", button.get("switch_inline_query"))
    return Button(
        label=button["text"],
        data=button.get("callback_data"),
        url=button.get("url"),
        inline_query=query,
        copies=(button.get("copy_text") or {}).get("text"),
    )
