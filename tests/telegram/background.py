"""The simulator on a loop of its own, for tests that have none or keep theirs busy."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, TypeVar

from tests.telegram.simulator import TelegramSimulator

T = TypeVar("T")


class BackgroundTelegram:
    """``with BackgroundTelegram() as background:``; then its ``url`` answers from any thread.

    What people do goes through ``run`` and ``call``, which are safe from any thread as well.
    """

    def __init__(self, *, checks: bool = True, port: int = 0) -> None:
        self._checks, self._port = checks, port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> BackgroundTelegram:
        self._thread.start()
        self.telegram = self.run(self._start())
        self.url, self.token = self.telegram.url, self.telegram.token
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.run(self.telegram.__aexit__(kind, error, trace))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _start(self) -> TelegramSimulator:
        # Made here, so that everything in it belongs to this loop.
        return await TelegramSimulator(checks=self._checks, port=self._port).__aenter__()

    def run(self, doing: Coroutine[Any, Any, T], patience: float = 30.0) -> T:
        """Runs what is to be awaited."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(patience)

    def call(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Calls what returns at once, such as ``telegram.say_many``."""

        async def doing() -> T:
            return function(*arguments, **named)

        return self.run(doing())
