"""Forms: an Ask is put field by field, and what was given so far survives a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.adapters.telegram import limits
from bot.adapters.telegram.incoming import Call
from bot.adapters.telegram.keyboards import code_of
from bot.adapters.telegram.markup import html, words
from bot.adapters.telegram.payloads import Download
from bot.adapters.telegram.render import Message
from bot.chat.actions import decode
from bot.chat.invocation import Actor, Invocation, Origin, PlaceRef, UpdateRef
from bot.chat.reply import Ask, AskField, Choice, FieldKind
from bot.chat.text import Bold, Code, Mention, Text, clean, one_line

SKIP = "-"
_TITLE, _LABEL = 200, 1_000
_EXAMPLES = {FieldKind.WHEN: "2031-03-06 19:00", FieldKind.INTEGER: "a whole number, such as 3"}


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is being filled in. `place` is where it was asked for."""

    code: str
    title: str
    fields: tuple[AskField, ...]
    place: PlaceRef
    answers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    position: int = 0
    prompts: tuple[int, ...] = ()
    """The messages that asked: an answer in a group is a reply to one of them."""
    update: int = -1
    """The last update that was taken as an answer; the same one again is none."""

    @classmethod
    def of(cls, ask: Ask, place: PlaceRef, update: UpdateRef | None = None) -> Form:
        """A form of which nothing is answered; what asked for it is no answer to it either."""
        number = update.number if update else -1
        return cls(code_of(ask.action), one_line(ask.title), ask.fields, place, update=number)

    @property
    def current(self) -> AskField | None:
        """What is asked now; None when all was."""
        return self.fields[self.position] if self.position < len(self.fields) else None

    def is_answered_by(self, update: UpdateRef | None) -> bool:
        """Whether this was taken as an answer already, and comes again after a crash.

        Only the last one can. Larger numbers mean nothing: after a week of silence they begin anew.
        """
        return update is not None and update.number == self.update

    def to_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Form:
        """Raises ValueError, KeyError or TypeError for what an older version has kept."""
        kept = json.loads(text)
        kept["fields"] = tuple(
            AskField(
                **{
                    **one,
                    "kind": FieldKind(one["kind"]),
                    "choices": tuple(Choice(**choice) for choice in one["choices"]),
                }
            )
            for one in kept["fields"]
        )
        kept["place"] = PlaceRef(**kept["place"])
        kept["prompts"] = tuple(kept["prompts"])
        return cls(**kept)

    def question(
        self, problem: str = "", who: Actor | None = None
    ) -> tuple[Message, dict[str, Any]]:
        """What is asked now, and the markup under which it is answered.

        In a group it is asked of one person, `who`, and nobody else's field is opened.
        """
        asked = self.current
        if asked is None:
            raise ValueError("everything was asked")
        count = len(self.fields)
        title = limits.clip(self.title, _TITLE)
        head: Text = (Bold(title), f" ({self.position + 1} of {count})" if count > 1 else "")
        lines: list[Text] = [head, (limits.clip(asked.label, _LABEL),)]
        if hint := _EXAMPLES.get(asked.kind):
            lines.append((f"For example: {hint}",))
        if asked.kind is FieldKind.FILE:
            lines.append(("Send it as a file.",))
        if _is_kept(asked):
            lines.append((f"Send {SKIP} to keep it.",))
        elif not asked.is_required:
            lines.append((f"Send {SKIP} to leave it out.",))
        lines.append(("/cancel stops this.",))
        if problem:
            lines.insert(0, (problem,))
        if who is not None:
            lines.insert(0, (Mention(who.account_id, who.name),))
        if _is_kept(asked):
            used = sum(limits.size(words(line)) + 1 for line in lines)
            shown = limits.clip(_shown(asked), limits.TEXT - used - 1)
            lines.insert(lines.index(head) + 2, (Code(shown),))
        text = "\n".join(html(line) for line in lines)
        return Message(text), _markup(asked, is_selective=who is not None)

    def answered(self, call: Call) -> Form | str:
        """The form with this answer in it, or what is wrong with the answer."""
        asked, update = self.current, call.invocation.update
        if asked is None:
            return self
        step = {"position": self.position + 1, "update": update.number if update else self.update}
        text = (call.invocation.message_text or "").strip()
        if text == SKIP and _is_kept(asked):
            answers = {**self.answers, asked.name: asked.value}
            return replace(self, answers=answers, **step)  # type: ignore[arg-type]
        if text == SKIP and not asked.is_required:
            return replace(self, **step)  # type: ignore[arg-type]
        if asked.kind is FieldKind.FILE:
            if call.download is None:
                return "A file is needed here: send it as a document."
            files = {**self.files, asked.name: asdict(call.download)}
            return replace(self, files=files, **step)  # type: ignore[arg-type]
        value = _value(asked, text)
        if value is None:
            return _problem(asked, text)
        answers = {**self.answers, asked.name: value}
        return replace(self, answers=answers, **step)  # type: ignore[arg-type]

    def downloads(self) -> dict[str, Download]:
        return {name: Download(**dict(told)) for name, told in self.files.items()}

    def invocation(self, base: Invocation) -> Invocation | None:
        """The filled-in form as a call, where it was asked for; None for a code of old."""
        code = decode(self.code)
        if code is None:
            return None
        return replace(
            base,
            command=code.command,
            values=code.values,
            arguments=dict(self.answers),
            place=self.place,
            origin=Origin.FORM,
            message=None,
            message_text=None,
        )


def _is_kept(asked: AskField) -> bool:
    """Whether something is there already; a file cannot be shown, so it is asked for anew."""
    return bool(asked.value.strip()) and asked.kind is not FieldKind.FILE


def _shown(asked: AskField) -> str:
    """What is there already, as its person knows it."""
    labels = {choice.value: choice.label for choice in asked.choices}
    return clean(labels.get(asked.value, asked.value)).strip()


def _markup(asked: AskField, *, is_selective: bool) -> dict[str, Any]:
    label = limits.clip(one_line(asked.label), limits.PLACEHOLDER)
    if asked.choices:
        labels = [one_line(choice.label) for choice in asked.choices]
        labels += [SKIP] if _is_kept(asked) or not asked.is_required else []
        return {
            "keyboard": [[{"text": label}] for label in labels],
            "one_time_keyboard": True,
            "resize_keyboard": True,
            "selective": is_selective,
            "input_field_placeholder": label,
        }
    return {"force_reply": True, "selective": is_selective, "input_field_placeholder": label}


def _value(asked: AskField, text: str) -> str | None:
    """What was answered, as the command takes it; None for what it would not take."""
    if not text or len(text) > asked.max_length:
        return None
    if asked.choices:
        for choice in asked.choices:
            if text.casefold() in (choice.value.casefold(), one_line(choice.label).casefold()):
                return choice.value
        return None
    if asked.kind is FieldKind.INTEGER and not text.lstrip("-").isdecimal():
        return None
    return text


def _problem(asked: AskField, text: str) -> str:
    if not text:
        return "Write it as a text."
    if len(text) > asked.max_length:
        return f"That is too long: at most {asked.max_length:,} characters."
    if asked.choices:
        return "Press one of the buttons below."
    return "That is no whole number."
