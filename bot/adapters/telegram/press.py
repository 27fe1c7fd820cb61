"""The waiting sign on a pressed button, which has to end in time."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import TelegramError

from bot.adapters.telegram.api import Api

log = logging.getLogger(__name__)

# Telegram shows a waiting sign on a pressed button, and people press again after a while.
_ANSWER_SECONDS = 1.5


class Press:
    """A pressed button, whose waiting sign is ended once, and in time whatever happens.

    People press again after a while, so that the time runs from when the press came in, however
    long it waits behind others.
    """

    def __init__(self, api: Api, number: str) -> None:
        self._api = api
        self._number = number
        self._is_ended = False
        self.was_late = False
        """The sign was ended before there was an answer, so none can be shown over the chat."""
        self._ending: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_ANSWER_SECONDS, self._end_late)

    @property
    def is_ended(self) -> bool:
        return self._is_ended

    async def end(self, text: str | None = None, *, is_alert: bool = True, url: str = "") -> None:
        """Shows a text over the chat, or opens an address, or just ends the sign."""
        if self._is_ended:
            return
        self._is_ended = True
        self._timer.cancel()
        try:
            await self._api.answer_press(self._number, text, is_alert=is_alert, url=url)
        except TelegramError as error:
            log.debug("a press could not be answered: %s", error.message)

    def _end_late(self) -> None:
        self.was_late = True
        self._ending = asyncio.create_task(self.end())
