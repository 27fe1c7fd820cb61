"""The prompt on a real terminal: history, completion from the table, colours."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.adapters.console import incoming
from bot.chat.commands import Command
from bot.chat.desk import Desk
from bot.chat.invocation import Actor


class TableCompleter(Completer):
    """Commands after a slash, then what the table knows of each argument."""

    def __init__(self, desk: Desk, actor: Actor) -> None:
        self._desk = desk
        self._actor = actor
        self._commands = {known.name: known for known in desk.commands if not known.is_hidden}

    def get_completions(self, document: Document, event: CompleteEvent) -> list[Completion]:
        """Not used: arguments are completed by the house, which is asynchronous."""
        return []

    async def get_completions_async(
        self, document: Document, event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        text = document.text_before_cursor
        if not text.startswith("/"):
            return
        name, space, rest = text[1:].partition(" ")
        if not space:
            for known in self._commands.values():
                if known.name.startswith(name.casefold()):
                    yield Completion(known.name, -len(name), display_meta=known.summary)
            return
        command = self._commands.get(name.casefold())
        if command is not None:
            async for completion in self._arguments(command, rest):
                yield completion

    async def _arguments(self, command: Command, rest: str) -> AsyncGenerator[Completion, None]:
        """The first argument as a whole line, then the last word as one of the following."""
        line = incoming.Line(command.name, rest)
        for position, parameter in enumerate(command.parameters):
            typed = rest if position == 0 else rest.rpartition(" ")[2]
            if position and " " not in rest:
                return
            call = incoming.typed(line, self._actor)
            for choice in await self._desk.complete(call, parameter.name, typed):
                yield Completion(choice.value, -len(typed), display=choice.label)


async def terminal_lines(
    desk: Desk, actor: Actor, question: Callable[[], str | None], history: Path | None
) -> AsyncIterator[str]:
    """What is typed, line by line, until Ctrl-D; Ctrl-C clears the line."""
    kept: History = FileHistory(str(history)) if history else InMemoryHistory()
    session: PromptSession[str] = PromptSession(
        history=kept, completer=TableCompleter(desk, actor), complete_while_typing=True
    )
    while True:
        prompt = "... " if question() else f"{actor.name}> "
        try:
            yield await session.prompt_async(prompt)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
