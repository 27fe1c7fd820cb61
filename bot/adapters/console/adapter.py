"""The terminal or the pipe: lines in, replies out."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from typing import BinaryIO, TextIO

from bot.adapters.console.conversation import Conversation
from bot.chat.adapter import Events, Sight
from bot.chat.invocation import MessageRef, PlaceRef
from bot.chat.pacer import Pacer
from bot.chat.reply import Reply


class ConsoleAdapter:
    """Reads until the end of input. On a pipe one empty line follows each reply, none is inside."""

    name = "console"
    repeats_for = 0.0
    is_ready = True
    is_connected = True
    events: Events | None = None

    def __init__(self, conversation: Conversation, lines: AsyncIterator[str], out: TextIO) -> None:
        self._conversation = conversation
        self._lines = lines
        self._out = out
        self._sent = 0
        self.pacer = Pacer()
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Ends with the input, or when `stop` is called."""
        stopped = asyncio.create_task(self._stopped.wait())
        try:
            while True:
                line = asyncio.ensure_future(anext(self._lines, None))
                await asyncio.wait({line, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not line.done():
                    line.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await line
                    return
                text = line.result()
                if text is None:
                    return
                self._print(await self._conversation.say(text))
        finally:
            stopped.cancel()

    async def stop(self) -> None:
        self._stopped.set()

    def sight(self, place: PlaceRef) -> Sight | None:
        return None

    async def send(self, place: PlaceRef, reply: Reply, key: str) -> MessageRef:
        """Prints at once: a terminal neither fails nor repeats."""
        self._sent += 1
        self._print(self._conversation.show(reply))
        return MessageRef(place, str(self._sent))

    async def edit(self, place: PlaceRef, message_id: str, reply: Reply) -> None:
        """What was printed stays; the new state is printed below it."""
        self._print(self._conversation.show(reply))

    def _print(self, text: str) -> None:
        if text:
            self._out.write(f"{text}\n\n")
            self._out.flush()


async def piped_lines(stream: BinaryIO) -> AsyncIterator[str]:
    """The lines of a pipe or a file, read in a thread of its own so that Ctrl-C always works."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=1)

    def read() -> None:
        with contextlib.suppress(RuntimeError, ValueError, asyncio.CancelledError):
            for line in stream:
                text = line.decode("utf-8-sig", errors="replace")
                asyncio.run_coroutine_threadsafe(queue.put(text), loop).result()
            asyncio.run_coroutine_threadsafe(queue.put(None), loop).result()

    threading.Thread(target=read, name="stdin", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line
