"""A line -> an Invocation. Pure but for reading a file that a line names."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from bot.chat.actions import decode
from bot.chat.errors import Invalid
from bot.chat.invocation import Actor, Attachment, Invocation, MessageRef, Origin, PlaceRef
from bot.chat.text import clean

PLACE = PlaceRef("console", "console", is_private=True)
SAID = "message"
"""The command of the table that hears what is said without one."""
MAX_FILE_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chat: a command with what follows it, and the files that it attaches."""

    command: str
    rest: str
    attachments: tuple[Attachment, ...] = ()


def parse_line(text: str) -> Line | None:
    """Reads ``/command rest @file``; None where the line is no command.

    A last word that begins with ``@`` and looks like a file is an attachment, and so is a whole
    rest that begins with ``@``. Raises Invalid when that file cannot be read.
    """
    text = clean(text).strip()
    if not text.startswith("/"):
        return None
    command, _, rest = text[1:].partition(" ")
    rest, attachments = _attached(rest.strip())
    return Line(command.partition("@")[0].casefold(), rest, attachments)


def _attached(rest: str) -> tuple[str, tuple[Attachment, ...]]:
    """A line's words and its file: all of it when it begins with ``@``, else the last word."""
    if rest.startswith("@"):
        return "", (attachment(Path(rest[1:])),)
    head, _, last = rest.rpartition(" ")
    is_path = last.startswith("@") and ("." in last or "/" in last or Path(last[1:]).is_file())
    return (head.strip(), (attachment(Path(last[1:])),)) if is_path else (rest, ())


def attachment(path: Path) -> Attachment:
    """The file as it would come with a message; raises Invalid when it is too large or closed."""
    try:
        if not path.is_file():
            path.stat()
            raise Invalid(f"{path.name} is no ordinary file.")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise Invalid(f"{path.name} is too large: a page has at most {MAX_FILE_BYTES:,} bytes.")
        return Attachment(path.name, content)
    except OSError as error:
        raise Invalid(f"{path.name} cannot be read: {error.strerror}.") from None


def typed(line: Line, actor: Actor) -> Invocation:
    return Invocation(
        id=_new_id(),
        command=line.command,
        actor=actor,
        place=PLACE,
        rest=line.rest,
        attachments=line.attachments,
    )


def said(line: str, actor: Actor) -> Invocation:
    """What is typed without a command. Nothing on a terminal is ever the same message again."""
    number = _new_id()
    return Invocation(
        id=number,
        command=SAID,
        actor=actor,
        place=PLACE,
        origin=Origin.EVENT,
        message=MessageRef(PLACE, number),
        message_text=clean(line),
        message_author=actor,
    )


def pressed(code: str, actor: Actor) -> Invocation:
    """The call behind a button's code; raises Invalid for a code that is not one."""
    press = decode(code)
    if press is None:
        raise Invalid("This button cannot be pressed any more. Call the command again.")
    return Invocation(
        id=_new_id(),
        command=press.command,
        actor=actor,
        place=PLACE,
        origin=Origin.BUTTON,
        values=press.values,
        page=press.page,
        revision=press.revision,
    )


def _new_id() -> str:
    return uuid.uuid4().hex[:12]
