"""One person's side of the chat: the last reply's buttons and the form that is being filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.adapters.console import incoming
from bot.adapters.console.render import Look, code_of, render
from bot.chat.desk import Desk
from bot.chat.errors import Invalid
from bot.chat.invocation import Actor, Attachment, Invocation, Origin
from bot.chat.reply import Ask, AskField, FieldKind, File, Reply
from bot.chat.text import clean, plain

SKIP = "-"
_HOW = "A command begins with a slash: /help shows what there is. A number presses a button."


def _labels(reply: Reply) -> Mapping[str, str]:
    """Codes by the words on the buttons, which may be typed instead of the numbers; of several
    buttons with the same words none is meant.
    """
    actions = list(reply.actions)
    if reply.card is not None:
        actions += [action for block in reply.card.body for action in block.actions]
    found = Counter(clean(action.label).casefold() for action in actions)
    return {
        label: code_of(action)
        for action in actions
        if found[label := clean(action.label).casefold()] == 1
    }


def _is_kept(asked: AskField) -> bool:
    """Whether something is there already that may be left as it is."""
    return bool(asked.value.strip()) and asked.kind is not FieldKind.FILE


@dataclass(slots=True)
class _Form:
    ask: Ask
    answers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    position: int = 0

    @property
    def field(self) -> AskField:
        return self.ask.fields[self.position]


class Conversation:
    """Takes a line, gives what the bot says to it. Holds nothing that matters after a restart."""

    def __init__(self, desk: Desk, actor: Actor, look: Look, files: Path) -> None:
        self._desk = desk
        self._actor = actor
        self._look = look
        self._files = files
        self._buttons: tuple[str, ...] = ()
        self._labels: Mapping[str, str] = {}
        self._form: _Form | None = None

    @property
    def question(self) -> str | None:
        """What the open form asks for next."""
        return self._form.field.label if self._form else None

    async def say(self, line: str) -> str:
        """The answer to a line, without empty lines; empty for an empty line."""
        try:
            return await self._answer(line.strip())
        except Invalid as error:
            return plain(error.text)

    async def _answer(self, line: str) -> str:
        if self._form is not None and not line.startswith("/"):
            return await self._fill(self._form, line)
        if self._form is not None:
            self._form = None
            if line == "/cancel":
                return "Cancelled. Nothing was changed."
        if not line:
            return ""
        if line.isdecimal():
            return await self._press(line)
        if (code := self._labels.get(line.casefold())) is not None:
            return await self._call(incoming.pressed(code, self._actor))
        parsed = incoming.parse_line(line)
        if parsed is None:
            return await self._said(line)
        return await self._call(incoming.typed(parsed, self._actor))

    async def _said(self, line: str) -> str:
        """What is typed without a command, which may be meant for the house all the same."""
        if all(known.name != incoming.SAID for known in self._desk.commands):
            return _HOW
        reply = await self._desk.dispatch(incoming.said(line, self._actor))
        return self.show(reply) if _is_answer(reply) else _HOW

    async def _press(self, line: str) -> str:
        number = int(line[:6])
        if not 1 <= number <= len(self._buttons):
            count = len(self._buttons)
            if not count:
                return "There is no button to press yet. /help shows what there is."
            return f"There is no button [{number}] here: they go from [1] to [{count}]."
        return await self._call(incoming.pressed(self._buttons[number - 1], self._actor))

    async def _call(self, invocation: Invocation) -> str:
        reply = await self._desk.dispatch(invocation)
        return self.show(reply)

    def show(self, reply: Reply) -> str:
        """A reply as text; its buttons can be pressed from now on, its form is open."""
        rendered = render(reply, self._look)
        lines = [rendered.text] if rendered.text else []
        lines += [self._saved(file) for file in reply.files]
        if rendered.buttons or reply.text or reply.card:
            self._buttons, self._labels = rendered.buttons, _labels(reply)
        if reply.ask is not None and reply.ask.fields:
            self._form = _Form(reply.ask)
            lines += [f"{reply.ask.title} (/cancel ends this form)", self._prompt(self._form)]
        return "\n".join(lines)

    def _prompt(self, form: _Form) -> str:
        asked = form.field
        choices = ", ".join(choice.value for choice in asked.choices)
        hints = [f"one of {choices}"] if choices else []
        if asked.kind is FieldKind.FILE:
            hints.append("@ and a file's name")
        is_kept = _is_kept(asked)
        if is_kept:
            hints.append(f"{SKIP} keeps it")
        elif not asked.is_required:
            hints.append(f"{SKIP} skips")
        hint = f" ({'; '.join(hints)})" if hints else ""
        # Clean, or what somebody wrote once would act on the terminal; without empty lines, or it
        # would look like the end of the answer on a pipe.
        now = [line for line in clean(asked.value).splitlines() if line.strip()] if is_kept else []
        return "\n".join([f"{asked.label}{hint}:", *(f"  {line}" for line in now)])

    async def _fill(self, form: _Form, line: str) -> str:
        asked = form.field
        if line == SKIP and _is_kept(asked):
            form.answers[asked.name] = asked.value
        elif line in ("", SKIP):
            if asked.is_required:
                return f"This is needed. {self._prompt(form)}"
        elif asked.kind is FieldKind.FILE:
            form.attachments = (incoming.attachment(Path(line.lstrip("@"))),)
        else:
            form.answers[asked.name] = line[: asked.max_length + 1]
        form.position += 1
        if form.position < len(form.ask.fields):
            return self._prompt(form)
        self._form = None
        answer = incoming.pressed(code_of(form.ask.action), self._actor)
        return await self._call(
            replace(
                answer,
                origin=Origin.FORM,
                arguments=dict(form.answers),
                attachments=form.attachments,
            )
        )

    def _saved(self, file: File) -> str:
        """Writes a file that the bot sent beside the others; never over one that is there."""
        name = Path(file.name).name
        target = self._files / name
        for number in range(2, 1000):
            try:
                with target.open("xb") as out:
                    out.write(file.content)
            except FileExistsError:
                target = self._files / f"{Path(name).stem}-{number}{Path(name).suffix}"
            except OSError as error:
                return f"{name} could not be saved here: {error.strerror}."
            else:
                return f"Saved as {target} ({len(file.content):,} bytes)."
        return f"{name} could not be saved: too many files of that name are here."


def _is_answer(reply: Reply) -> bool:
    return bool(reply.text or reply.card or reply.reaction or reply.files or reply.ask)
