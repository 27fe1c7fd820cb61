"""From what was typed, pressed or filled in to a handler's arguments.

What cannot be bound at once comes back as a value, not as a guess: a form for what is missing, a
choice for what is ambiguous, a title to look for among the misspelt ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.commands import Command, Kind, PaperRef, Parameter
from bot.chat.errors import Invalid
from bot.chat.invocation import Attachment, Invocation, Origin
from bot.chat.reply import Action, Ask, AskField, FieldKind
from bot.core.catalogue import Catalogue
from bot.core.values import value_of
from storage.papers import PaperHead

MAX_TYPED = 8_000


@dataclass(frozen=True, slots=True)
class Bound:
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Missing:
    """A form is needed; `ask` holds what was given so far."""

    ask: Ask


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A title that means several papers. `others` are the other arguments, as text."""

    parameter: Parameter
    text: str
    papers: Sequence[PaperHead]
    others: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A text that is no paper's code and in no title; perhaps one is near."""

    parameter: Parameter
    text: str
    others: Mapping[str, str]


Binding = Bound | Missing | Ambiguous | Unresolved


def bind(command: Command, invocation: Invocation, catalogue: Catalogue, now: datetime) -> Binding:
    """Binds by name what the platform has typed, by position what a button holds, else the text.

    Raises Invalid, with what would be right, for a value of the wrong kind.
    """
    given = _given(command, invocation, catalogue)
    arguments: dict[str, object] = {}
    for parameter in command.parameters:
        value = given.get(parameter.name)
        if value is None or value == "":
            continue
        if parameter.kind is Kind.PAPER and isinstance(value, str):
            found = catalogue.resolve(value)
            meant = None if found else _meant_for(command, parameter, value, invocation, catalogue)
            if meant is not None and not given.get(meant.name):
                arguments[meant.name] = value_of(meant, value, invocation, catalogue, now)
                continue
            if len(found) != 1:
                others = {
                    name: text
                    for name, text in given.items()
                    if name != parameter.name and isinstance(text, str)
                }
                if not found:
                    return Unresolved(parameter, value, others)
                return Ambiguous(parameter, value, found, others)
            arguments[parameter.name] = PaperRef(found[0].code)
        else:
            arguments[parameter.name] = value_of(parameter, value, invocation, catalogue, now)
    missing = [p for p in command.parameters if p.is_required and p.name not in arguments]
    return Missing(form(command, arguments)) if missing else Bound(arguments)


def _meant_for(
    command: Command, parameter: Parameter, text: str, call: Invocation, catalogue: Catalogue
) -> Parameter | None:
    """The next argument, where somebody has put what is meant for it into a paper's field."""
    if call.origin is not Origin.TYPED or catalogue.is_code(text):
        return None
    position = command.parameters.index(parameter) + 1
    for following in command.parameters[position : position + 1]:
        if following.arg.accepts is not None and following.arg.accepts(text):
            return following
    return None


def _given(command: Command, invocation: Invocation, catalogue: Catalogue) -> Mapping[str, object]:
    """Values by parameter name, as text where the platform knows no better type."""
    names = [parameter.name for parameter in command.parameters]
    given: dict[str, object] = dict(zip(names, invocation.values, strict=False))
    given.update({k: v for k, v in invocation.arguments.items() if k in names})
    if invocation.rest.strip():
        if len(invocation.rest) > MAX_TYPED:
            raise Invalid(f"That is too long: at most {MAX_TYPED:,} characters in one message.")
        typed = [p for p in command.parameters if p.kind is not Kind.FILE]
        given.update(_cut(typed, invocation.rest.strip(), catalogue))
    if invocation.attachments:
        for parameter in command.parameters:
            if parameter.kind is Kind.FILE:
                given.setdefault(parameter.name, invocation.attachments[0])
    return given


def _cut(parameters: Sequence[Parameter], text: str, catalogue: Catalogue) -> dict[str, str]:
    """A typed line as arguments: a paper takes the longest that fits, a long text all that follows,

    and so does the last one; each other takes one word.
    """
    given: dict[str, str] = {}
    for position, parameter in enumerate(parameters):
        if not text:
            break
        if position == len(parameters) - 1 or parameter.kind is Kind.LONG_TEXT:
            given[parameter.name] = text
            break
        if parameter.kind is Kind.PAPER:
            following = parameters[position + 1]
            given[parameter.name], text = _cut_paper(text, following, catalogue)
        else:
            given[parameter.name], _, text = text.partition(" ")
            text = text.lstrip()
    return given


def _cut_paper(text: str, following: Parameter, catalogue: Catalogue) -> tuple[str, str]:
    """The longest beginning that is one paper, else the longest that may be several.

    A line that is no paper at all but the next argument as it stands belongs to that one.
    """
    beginnings = _beginnings(text)
    if following.kind is Kind.LONG_TEXT:
        # Somebody's own words may begin like a title by chance; a code or a whole title is meant.
        return next((cut for cut in beginnings if _is_named(cut[0], catalogue)), ("", text))
    accepts = following.arg.accepts
    is_next = accepts is not None and not catalogue.is_code(text) and accepts(text)
    if is_next and not catalogue.resolve(text, limit=1):
        # All of it is the next argument, although it may begin like a paper: 3 Dec 19:00.
        return "", text
    return _longest(beginnings, accepts, catalogue) or (text, "")


def _longest(
    beginnings: Sequence[tuple[str, str]],
    accepts: Callable[[str], bool] | None,
    catalogue: Catalogue,
) -> tuple[str, str] | None:
    """The longest beginning that means a paper, or may, or leaves what the next argument takes."""
    ambiguous: tuple[str, str] | None = None
    for beginning, rest in beginnings:
        found = catalogue.resolve(beginning, limit=2)
        if len(found) == 1:
            return beginning, rest
        if found and ambiguous is None:
            ambiguous = beginning, rest
    if ambiguous is not None:
        return ambiguous
    whole = beginnings[0][0]
    if accepts is not None and not catalogue.is_code(whole):
        if accepts(whole):
            return "", whole
        for beginning, rest in beginnings:
            if rest and accepts(rest):
                return beginning, rest
    return None


def _is_named(text: str, catalogue: Catalogue) -> bool:
    found = catalogue.resolve(text, limit=2)
    if len(found) != 1:
        return False
    head = found[0]
    return catalogue.by_code(text) == head or head.title.casefold() == text.strip().casefold()


def _beginnings(text: str) -> list[tuple[str, str]]:
    """Every cut of a line between words, the longest beginning first; 12 words are a title."""
    words = text.split(" ")
    cuts = range(len(words), 0, -1) if len(words) <= 12 else [len(words), *range(12, 0, -1)]
    return [(" ".join(words[:cut]), " ".join(words[cut:]).strip()) for cut in cuts]


_FIELD_KINDS = {
    Kind.LONG_TEXT: FieldKind.LONG_TEXT,
    Kind.INTEGER: FieldKind.INTEGER,
    Kind.CHOICE: FieldKind.CHOICE,
    Kind.WHEN: FieldKind.WHEN,
    Kind.FILE: FieldKind.FILE,
}


def form(command: Command, arguments: Mapping[str, object]) -> Ask:
    """The form for what a command still wants to know; optional fields may be skipped."""
    fields = tuple(
        AskField(
            parameter.name,
            parameter.arg.help,
            _FIELD_KINDS.get(parameter.kind, FieldKind.TEXT),
            parameter.is_required,
            parameter.choices,
            parameter.arg.max_length,
        )
        for parameter in command.parameters
        if parameter.name not in arguments
    )
    given = tuple(_as_text(arguments.get(known.name)) for known in command.parameters)
    return Ask(Action(command.summary[:80], command.name, given), command.summary, fields)


def _as_text(value: object) -> str:
    match value:
        case PaperRef(code):
            return code
        case datetime():
            return value.isoformat()
        case None | Attachment():
            return ""
        case _:
            return str(value)
