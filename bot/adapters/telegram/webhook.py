"""The webhook: what Telegram sends is stored before it is told that it arrived."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from bot.adapters.telegram import limits
from bot.adapters.telegram.payloads import Json

log = logging.getLogger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)


class Webhook:
    """A small server; only who knows the secret gets as far as being read."""

    def __init__(
        self, url: str, secret: str, take: Callable[[Sequence[Json]], Awaitable[None]]
    ) -> None:
        self._path = urlsplit(url).path or "/"
        self._secret = secret.encode()
        self._take = take
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> None:
        """Listens; raises OSError where the port is taken."""
        app = web.Application(client_max_size=limits.WEBHOOK_BYTES)
        app.router.add_post(self._path, self._arrived)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _arrived(self, request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        try:
            update = orjson.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        try:
            await self._take([update])
        except Exception:
            # Without a 200 Telegram sends it again.
            log.exception("an update could not be stored")
            return web.Response(status=500)
        return web.Response()
