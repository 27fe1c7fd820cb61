"""Every interaction: read, dispatched, answered within 3 s; as many at once as the house can do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace

from bot.adapters.discord import limits
from bot.adapters.discord.answer import Answer
from bot.adapters.discord.api import Api
from bot.adapters.discord.errors import ApiError
from bot.adapters.discord.incoming import Completion, Download, Incoming, Json, Kinds, Reader
from bot.adapters.discord.render import EPHEMERAL, render
from bot.chat.desk import Desk
from bot.chat.invocation import Attachment, Value
from bot.chat.reply import PRIVATE, Choice, Reply, say
from bot.chat.text import one_line

log = logging.getLogger(__name__)

DEFER_SECONDS = 2.0
MAX_FILE_BYTES = 2_000_000
_AT_ONCE = 200
_WAITING = 2_000
_CHOICES, _MESSAGE = 8, 4
_STALE = say("This cannot be used any more. Call the command again.", audience=PRIVATE)


class Interactions:
    """Takes interactions from the gateway; `drain` waits for those that run."""

    def __init__(self, desk: Desk, api: Api) -> None:
        self._desk = desk
        self._api = api
        self._reader = Reader.of(desk.commands)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_open = True

    def take(self, payload: Json) -> None:
        """Starts answering, and never raises: the gateway's own reader calls it."""
        if not self._is_open:
            return
        if len(self._tasks) >= _WAITING:
            log.error("an interaction was dropped: %d are waiting", len(self._tasks))
            return
        try:
            got = self._reader.read(payload)
        except (KeyError, TypeError, ValueError, AttributeError):
            log.exception("an interaction that cannot be read")
            return
        match got:
            case Incoming():
                self._start(self._answer(got), got.invocation.id)
            case Completion():
                self._start(self._complete(got), got.invocation.id)
            case None if payload.get("type") != Kinds.PING:
                self._start(self._refuse(payload), str(payload.get("id", "")))

    async def drain(self, seconds: float) -> None:
        """Takes nothing more, and waits so long for what runs."""
        self._is_open = False
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()

    def _start(self, work: Coroutine[None, None, None], identity: str) -> None:
        # The task takes the id along, under which it logs.
        with self._desk.logged_as(identity):
            task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("an interaction failed")

    async def _answer(self, incoming: Incoming) -> None:
        command = self._reader.commands.get(incoming.invocation.command)
        answer = Answer(self._api, incoming, is_private=bool(command and command.is_private))
        timer = asyncio.get_running_loop().call_later(DEFER_SECONDS, answer.defer)
        if incoming.is_share:
            answer.defer()
            timer.cancel()
        try:
            async with self._slots:
                reply = await self._reply(incoming)
        finally:
            timer.cancel()
        give = answer.share if incoming.is_share else answer.give
        message = await give(reply)
        if message is not None and reply.subject is not None:
            await self._desk.posted(message, reply.subject)

    async def _reply(self, incoming: Incoming) -> Reply:
        invocation = incoming.invocation
        for wanted in incoming.downloads:
            got = await self._fetched(wanted)
            if isinstance(got, Reply):
                return got
            arguments: dict[str, Value] = {**invocation.arguments, wanted.argument: got}
            invocation = replace(invocation, arguments=arguments)
        return await self._desk.dispatch(invocation)

    async def _fetched(self, wanted: Download) -> Attachment | Reply:
        if wanted.size > MAX_FILE_BYTES:
            return say(
                f"{wanted.name} has {wanted.size:,} bytes; a file has at most {MAX_FILE_BYTES:,}.",
                audience=PRIVATE,
            )
        try:
            content = await self._api.fetch(wanted.url, MAX_FILE_BYTES)
        except ApiError as error:
            log.warning("a file could not be fetched: %s", error)
            return say(
                f"{wanted.name} could not be fetched from Discord. Send it once more.",
                audience=PRIVATE,
            )
        return Attachment(wanted.name, content, wanted.media_type)

    async def _complete(self, half: Completion) -> None:
        choices = await self._desk.complete(half.invocation, half.parameter, half.typed)
        data: dict[str, object] = {"choices": _shown(choices)}
        try:
            await self._api.answer((half.invocation.id, half.token), _CHOICES, data)
        except ApiError as error:
            # Whoever types on has asked again meanwhile.
            log.debug("a completion came too late: %s", error)

    async def _refuse(self, payload: Json) -> None:
        """A button, form or entry that this version does not know."""
        kind, data = _MESSAGE, render(_STALE).payload | {"flags": EPHEMERAL}
        if payload["type"] == Kinds.COMPLETION:
            kind, data = _CHOICES, {"choices": []}
        try:
            await self._api.answer((payload["id"], payload["token"]), kind, data)
        except ApiError as error:
            log.debug("an unknown interaction could not be refused: %s", error)


def _shown(choices: list[Choice]) -> list[dict[str, object]]:
    """What Discord takes of the completions: no empty or over-long values, no value twice."""
    shown: dict[str, dict[str, object]] = {}
    for choice in choices:
        label = one_line(choice.label) or choice.value
        if 1 <= limits.size(choice.value) <= limits.CHOICE_TEXT:
            name = limits.clip(label, limits.CHOICE_TEXT)
            shown.setdefault(choice.value, {"name": name, "value": choice.value})
    return list(shown.values())[: limits.CHOICES]
