"""Does what a page says, as a person would who reads it: types its commands and its chat lines.

`…` on a page stands for anything within a line. A word in the shape of a code stands for the code
that is seen where the page first shows it.
"""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pexpect

from tests.docs.pages import cells, code_spans
from tests.telegram.groups import Group
from tests.telegram.people import Person as Reader
from tests.telegram.seen import Seen as Read

_CODE = r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}"
_WILD = re.compile(rf"…|\b{_CODE}\b")
_SECONDS = 60
_STAYS = "wprc run"


@dataclass(slots=True)
class Codes:
    """The codes of the page, and those that were seen for them."""

    seen: dict[str, str] = field(default_factory=dict)

    def filled(self, line: str) -> str:
        """The line as it is to be typed."""
        return re.sub(_CODE, lambda match: self.seen[match[0]], line)

    def pattern(self, line: str) -> str:
        """A regular expression for what the page says one sees."""
        parts, end = [], 0
        for wild in _WILD.finditer(line):
            parts.append(re.escape(line[end : wild.start()]))
            end = wild.end()
            if wild[0] == "…":
                parts.append(r"[^\r\n]*?")
            elif wild[0] in self.seen:
                parts.append(re.escape(self.seen[wild[0]]))
            else:
                parts.append(f"(?P<{wild[0].replace('-', '_')}>{_CODE})")
        return "".join((*parts, re.escape(line[end:])))

    def learn(self, match: re.Match[str]) -> None:
        for name, code in match.groupdict().items():
            self.seen[name.replace("_", "-")] = code


@dataclass(slots=True)
class Shell:
    """Commands typed one after the other in one folder, each in a terminal of its own."""

    folder: Path
    environ: dict[str, str]
    codes: Codes
    left_out: Sequence[str]
    not_typed: list[str] = field(default_factory=list)
    said: str = ""
    """All that was printed and looked at so far."""
    running: pexpect.spawn[str] | None = None
    _child: pexpect.spawn[str] | None = None

    async def type(self, line: str) -> None:
        """Starts a command, once the one before it has ended well."""
        await self.finish()
        if line.startswith(tuple(self.left_out)):
            self.not_typed.append(line)
            return
        self._child = await asyncio.to_thread(self._spawn, line)
        if line == _STAYS:
            self.running = self._child

    def _spawn(self, line: str) -> pexpect.spawn[str]:
        return pexpect.spawn(
            "/bin/sh",
            ["-c", f"exec {line}"],
            cwd=str(self.folder),
            env=self.environ,
            dimensions=(60, 300),
            encoding="utf-8",
            timeout=_SECONDS,
        )

    async def answer(self, rows: Sequence[str], secrets: dict[str, str]) -> None:
        """Gives the answers of a table to the questions of the command."""
        for row in rows[2:]:
            question, answer = cells(row)
            typed = secrets.get(answer, "")
            if not typed and answer != "Enter":
                (typed,) = code_spans(answer)
            await self.see([question.strip("`")])
            assert self._child is not None
            await asyncio.to_thread(self._child.sendline, typed)

    async def see(self, lines: Sequence[str]) -> None:
        """Waits until the command has printed all these lines."""
        child = self._child
        assert child is not None, "nothing was typed that could print this"
        # The stubs want a list of all that may be waited for, and take no narrower one.
        waiting: list[Any] = [re.compile(self.codes.pattern(line.strip())) for line in lines]
        while waiting:
            found = await asyncio.to_thread(child.expect_list, waiting)
            assert isinstance(child.match, re.Match)
            self.codes.learn(child.match)
            self.said += f"{child.before}{child.after}"
            del waiting[found]

    async def finish(self) -> None:
        """Waits for the end of the command, which must be a good one."""
        child, self._child = self._child, None
        if child is None or child is self.running:
            return
        await asyncio.to_thread(child.expect, pexpect.EOF)
        child.close()
        assert child.exitstatus == 0, child.before

    async def stop(self) -> None:
        """Presses Ctrl-C in the window of what runs; whatever goes on after an error is killed."""
        child, self.running = self.running, None
        if child is not None and child.isalive():
            child.sendintr()
            await asyncio.to_thread(child.expect, pexpect.EOF)
            child.close()
            assert child.exitstatus == 0, child.before
        if self._child is not None:
            self._child.kill(signal.SIGKILL)


class Chat(Protocol):
    """Somebody at one platform's client."""

    async def does(self, line: str) -> None:
        """Types a line, or presses a button that stands in brackets."""
        ...

    async def sees(self, *, is_private: bool) -> tuple[str, list[str]]:
        """What comes next: its text and the labels of its buttons."""
        ...


async def talk(chat: Chat, lines: Sequence[str], codes: Codes) -> None:
    """Goes through a conversation as a page has it."""
    for who, said in _turns(lines):
        if who == "you":
            await chat.does(codes.filled(said[0]))
            continue
        is_private = said[0].startswith("(only you) ")
        text, labels = await chat.sees(is_private=is_private)
        for line in (said[0].removeprefix("(only you) "), *said[1:]):
            if re.fullmatch(r"(\[[^]]+\] ?)+", line):
                wanted = re.findall(r"\[([^]]+)\]", line)
                assert wanted == labels[: len(wanted)], f"{wanted} are not the first of {labels}"
                continue
            match = re.search(codes.pattern(line), text)
            assert match, f"{line!r} is not in:\n{text}"
            codes.learn(match)
            text = text[match.end() :]


def _turns(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    turns: list[tuple[str, list[str]]] = []
    for line in lines:
        who, _, said = line.partition(" ")
        if who:
            assert who in ("you", "bot"), line
            turns.append((who, [said.strip()]))
        else:
            turns[-1][1].append(said.strip())
    return turns


def button(line: str) -> str | None:
    """The label of the button that a line presses."""
    return line[1:-1] if line.startswith("[") and line.endswith("]") else None


@dataclass(slots=True)
class OnTelegram:
    """In the private chat with the bot and in one group, which the bot is added to by a link."""

    person: Reader
    group: Group
    last: Read | None = None

    async def does(self, line: str) -> None:
        if (label := button(line)) is not None:
            assert self.last is not None
            await self.person.presses(self.last, label)
        elif line == "START":
            await self.person.starts()
        elif line.startswith("https://"):
            await self.person.opens(line, self.group)
        else:
            await self.person.says(self.person.private, line)

    async def sees(self, *, is_private: bool) -> tuple[str, list[str]]:
        place = self.person.private if is_private else self.group
        self.last = await self.person.hears(place, patience=20)
        labels = [one.label for row in self.last.rows for one in row]
        return self.last.text, labels


def plain(text: str) -> str:
    """Discord's text without the marks that make it bold or code."""
    return re.sub(r"\*\*|`", "", text)


def options_of(line: str) -> tuple[str, dict[str, str]]:
    """`/name option: value` as Discord's client shows it: the name, and the options' values."""
    name, *rest = re.split(r"\s(\w+): ", line)
    return name.removeprefix("/"), dict(zip(rest[::2], rest[1::2], strict=True))
