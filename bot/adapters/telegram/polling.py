"""Long polling: each batch is stored before the next request tells Telegram that it arrived."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.adapters.telegram.api import POLL_SECONDS, Api
from bot.adapters.telegram.errors import Refused, seconds_of
from bot.adapters.telegram.payloads import Json

log = logging.getLogger(__name__)

_MAX_PAUSE = 30.0
_CONFLICT_SECONDS = 3.0
_SHORT_SECONDS = 0.2
REFUSED = (
    "Telegram does not accept the token. Take it anew from @BotFather (/mybots, API Token) and set "
    "TELEGRAM_TOKEN."
)


class Polling:
    """Asks for updates until it is cancelled; what takes them in decides how fast."""

    def __init__(self, api: Api, take: Callable[[Sequence[Json]], Awaitable[None]]) -> None:
        self._api = api
        self._take = take
        self._failures = 0

    @property
    def is_failing(self) -> bool:
        """Whether the last request failed."""
        return self._failures > 0

    async def run(self) -> None:
        """Raises Refused where the token is taken back."""
        offset: int | None = None
        self._failures = 0
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                # After a failure it does not wait for news, so as to know soon that it is over.
                updates = await self._api.updates(offset, 0 if self._failures else POLL_SECONDS)
                if updates:
                    await self._take(updates)
                    offset = max(int(one["update_id"]) for one in updates) + 1
                elif loop.time() - begun < _SHORT_SECONDS:
                    # A server that does not wait for news must not be asked without a pause.
                    await asyncio.sleep(_SHORT_SECONDS)
                self._failures = 0
            except Exception as error:
                await asyncio.sleep(await self._pause(error))

    async def _pause(self, error: Exception) -> float:
        """Says once what is wrong, and for how many seconds to wait."""
        self._failures += 1
        is_first = self._failures == 1
        match error:
            case InvalidToken():
                raise Refused(REFUSED) from None
            case RetryAfter():
                return seconds_of(error)
            case Conflict() if "webhook" in error.message.casefold():
                log.warning("Telegram: a webhook was set; it is taken away, since this bot polls")
                await self._drop_webhook()
                return 0.1
            case Conflict():
                if is_first:
                    log.error("Telegram: another program asks for this bot's updates; end it")
                return _CONFLICT_SECONDS
            case TelegramError():
                if is_first:
                    log.warning("Telegram is not reached (%s); it is tried again", error.message)
            case _:
                # Not acknowledged, so it comes again.
                log.error("Telegram: updates could not be stored: %s", error, exc_info=is_first)
        longest = min(_MAX_PAUSE, 0.5 * 2.0**self._failures)
        return longest * random.uniform(0.5, 1)  # noqa: S311

    async def _drop_webhook(self) -> None:
        try:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
        except TelegramError as error:
            log.warning("Telegram: the webhook could not be taken away: %s", error.message)
