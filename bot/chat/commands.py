"""One typed declaration of a command, from which every platform gets its own form of it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum, StrEnum
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from bot.chat.invocation import Attachment, PlaceRef
from bot.chat.reply import Choice, Reply

LongText = NewType("LongText", str)
"""Text that deserves a form field of several lines."""


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper that exists, by its full code."""

    code: str


@dataclass(frozen=True, slots=True)
class SessionRef:
    """A session by the number that its club gave it."""

    number: int


@dataclass(frozen=True, slots=True)
class PersonRef:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RoleRef:
    id: str
    name: str


class Kind(StrEnum):
    """What an argument takes; binding and each platform's options follow from it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    CHOICE = "choice"
    WHEN = "when"
    PAPER = "paper"
    SESSION = "session"
    PERSON = "person"
    PLACE = "place"
    ROLE = "role"
    FILE = "file"


_KINDS: Mapping[object, Kind] = {
    str: Kind.TEXT,
    LongText: Kind.LONG_TEXT,
    int: Kind.INTEGER,
    datetime: Kind.WHEN,
    PaperRef: Kind.PAPER,
    SessionRef: Kind.SESSION,
    PersonRef: Kind.PERSON,
    PlaceRef: Kind.PLACE,
    RoleRef: Kind.ROLE,
    Attachment: Kind.FILE,
}


class Access(IntEnum):
    """Who may call a command; each level may do what the ones before may."""

    ANYONE = 0
    MEMBER = 1
    ORGANISER = 2
    MANAGER = 3
    """Who manages the server or group, whatever they are in the club."""


class Data(Enum):
    """Where a handler runs: on the event loop from the snapshot, or in one unit of work."""

    CATALOGUE = "catalogue"
    READ = "read"
    WRITE = "write"


# A completion is called with a context and what was typed so far. The context is the core's own
# type, which this package must not know.
Completion: TypeAlias = Callable[[Any, str], list[Choice]]


@dataclass(frozen=True, slots=True)
class Arg:
    """What `Annotated` says of a parameter.

    `help` is a person's text of at most 100 characters, `accepts` tells whether a text may be this
    argument (so that a typed line can be cut at the right place).
    """

    help: str
    complete: Completion | None = None
    accepts: Callable[[str], bool] | None = None
    max_length: int = 4000
    also: Mapping[str, str] = field(default_factory=dict)
    """What people write as well, and which of the choices they mean by it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: Kind
    arg: Arg
    is_required: bool
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do. `data` may depend on the bound arguments."""

    name: str
    summary: str
    handler: Callable[..., Reply]
    parameters: tuple[Parameter, ...]
    data: Data | Callable[[Mapping[str, object]], Data]
    access: Access = Access.ANYONE
    is_private: bool = False
    """The answer is for the asker alone, and so is "thinking ..."."""
    is_hidden: bool = False
    """Reached by buttons and events only: in no menu and no help."""
    is_clubless: bool = False
    """It can be called where no club is yet; its unit of work may belong to none."""
    is_ranked: bool = False
    """Organisers get more of it, so that a platform says who manages a group."""
    is_first: bool = False
    """Among the few that a new member needs."""
    on_message: str | None = None
    """The label in a message's context menu, where the command acts on a message."""
    examples: tuple[str, ...] = ()
    fetches: Callable[[Mapping[str, object]], str | None] | None = None
    """The address, by the bound arguments, that is fetched before the handler runs, if any."""

    def data_for(self, arguments: Mapping[str, object]) -> Data:
        return self.data if isinstance(self.data, Data) else self.data(arguments)


def command(
    name: str,
    summary: str,
    *,
    data: Data | Callable[[Mapping[str, object]], Data],
    access: Access = Access.ANYONE,
    private: bool = False,
    hidden: bool = False,
    clubless: bool = False,
    ranked: bool = False,
    first: bool = False,
    on_message: str | None = None,
    examples: tuple[str, ...] = (),
    fetches: Callable[[Mapping[str, object]], str | None] | None = None,
) -> Callable[[Callable[..., Reply]], Command]:
    """Declares a handler as a command; its parameters after the context become arguments.

    Raises ValueError for a name that not every platform can carry (1 to 32 of ``a-z0-9-``,
    Telegram shows hyphens as underscores) and TypeError for a parameter of no known kind.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", name):
        raise ValueError(f"not a command's name: {name!r}")
    if not 1 <= len(summary) <= 100:
        raise ValueError(f"/{name}: a summary has 1 to 100 characters")

    def declare(handler: Callable[..., Reply]) -> Command:
        return Command(
            name=name,
            summary=summary,
            handler=handler,
            parameters=_parameters(name, handler),
            data=data,
            access=access,
            is_private=private,
            is_hidden=hidden,
            is_clubless=clubless,
            is_ranked=ranked,
            is_first=first,
            on_message=on_message,
            examples=examples,
            fetches=fetches,
        )

    return declare


def _parameters(name: str, handler: Callable[..., Reply]) -> tuple[Parameter, ...]:
    hints = get_type_hints(handler, include_extras=True)
    found = []
    for parameter in list(inspect.signature(handler).parameters.values())[1:]:
        hint = hints[parameter.name]
        if get_origin(hint) is not Annotated:
            raise TypeError(f"/{name}: {parameter.name} needs Annotated[..., Arg(...)]")
        base, arg = get_args(hint)[:2]
        kind, choices = _kind(base)
        if kind is None or not isinstance(arg, Arg) or len(arg.help) > 100:
            raise TypeError(f"/{name}: {parameter.name} is of no known kind")
        required = parameter.default is inspect.Parameter.empty
        found.append(Parameter(parameter.name, kind, arg, required, choices))
    return tuple(found)


def _kind(hint: object) -> tuple[Kind | None, tuple[Choice, ...]]:
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is Literal:
        return Kind.CHOICE, tuple(Choice(value, value) for value in get_args(hint))
    return _KINDS.get(hint), ()
