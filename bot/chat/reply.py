"""What the bot says: frozen data that each platform renders in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.chat.invocation import PlaceRef
from bot.chat.text import Text


class Style(StrEnum):
    """How a button looks, where a platform can show it."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Action:
    """A button: a command that one need not type. Values go by position, empty is not given."""

    label: str
    command: str
    values: tuple[str, ...] = ()
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to pick: a completion, or an option of a form field."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """A short fact on a card."""

    name: str
    value: Text


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a card. Its actions stand on the page where the block stands."""

    text: Text
    actions: tuple[Action, ...] = ()
    is_heading: bool = False
    """It heads what follows, so that a page never ends with it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A titled text with facts; long bodies are paged between blocks and between sentences."""

    title: str
    fields: tuple[Field, ...] = ()
    body: tuple[Block, ...] = ()
    footer: Text = ()


class FieldKind(StrEnum):
    """What a form field takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    CHOICE = "choice"
    WHEN = "when"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class AskField:
    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = True
    choices: tuple[Choice, ...] = ()
    max_length: int = 4000
    value: str = ""
    """What is there already and may be changed; left as it is, it is the answer."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A form. Its answer is the action again, with the answers as named arguments.

    The action holds what was given so far, and its code is all that a platform has to keep: a
    half-filled form survives a restart.
    """

    action: Action
    title: str
    fields: tuple[AskField, ...]


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Reaction:
    """A receipt without words, set on the message that was answered."""

    emoji: str


class Reach(StrEnum):
    HERE = "here"
    PRIVATE = "private"
    PERSON = "person"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a reply is: all who are here, the asker alone, one person, or another place."""

    reach: Reach
    person_id: int | None = None
    place: PlaceRef | None = None


HERE = Audience(Reach.HERE)
PRIVATE = Audience(Reach.PRIVATE)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message is about, so that a reply to it is about that: ``paper``, ``WPRC-006``."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. Everything but the audience may be left out."""

    text: Text = ()
    card: Card | None = None
    actions: tuple[Action, ...] = ()
    ask: Ask | None = None
    files: tuple[File, ...] = ()
    reaction: Reaction | None = None
    audience: Audience = HERE
    again: Action | None = None
    """What made this answer; the renderer's page buttons are this with a page number."""
    page: int = 1
    revision: int = 0
    """Of what is shown; a page button of another revision starts at the first page."""
    subject: Subject | None = None
    is_invalid: bool = False
    """It says what was wrong with what was given, which may be given once more."""
    is_brief: bool = False
    """The words say all that matters: where a platform can show no more, its buttons are left out
    rather than that the person is sent elsewhere for them."""


def say(*spans: str, audience: Audience = HERE) -> Reply:
    """A reply of words alone."""
    return Reply(text=tuple(spans), audience=audience)
