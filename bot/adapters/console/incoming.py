"""A line -> an Invocation. Pure but for reading a file that a line names."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from bot.chat.actions import decode
from bot.chat.errors import Invalid
from bot.chat.invocation import Actor, Attachment, Invocation, Origin, PlaceRef
from bot.chat.text import clean

PLACE = PlaceRef("console", "console", is_private=True)
MAX_FILE_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chat: a command with what follows it, and the files that it attaches."""

    command: str
    rest: str
    attachments: tuple[Attachment, ...] = ()


def parse_line(text: str) -> Line | None:
    """Reads ``/command rest @file``; None where the line is no command.

    A last word that begins with ``@`` and names a file is an attachment. Raises Invalid when that
    file cannot be read.
    """
    text = clean(text).strip()
    if not text.startswith("/"):
        return None
    command, _, rest = text[1:].partition(" ")
    rest = rest.strip()
    attachments: tuple[Attachment, ...] = ()
    head, _, last = rest.rpartition(" ")
    if last.startswith("@") and Path(last[1:]).is_file():
        rest, attachments = head.strip(), (attachment(Path(last[1:])),)
    return Line(command.partition("@")[0].casefold(), rest, attachments)


def attachment(path: Path) -> Attachment:
    """The file as it would come with a message; raises Invalid when it is too large or closed."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise Invalid(
                f"{path.name} has {size:,} bytes; a page file has at most {MAX_FILE_BYTES:,}."
            )
        return Attachment(path.name, path.read_bytes())
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
