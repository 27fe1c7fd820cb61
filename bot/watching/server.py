"""The small server that whoever watches the bot asks: /healthz, /readyz and /metrics."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.watching import CannotServe
from bot.watching.probe import Probe
from bot.watching.state import State

_CLOSE_SECONDS = 1.0
_NOWHERE = "Ask for /healthz, /readyz or /metrics.\n"


class Server:
    """Answers on one port; it changes nothing and asks for no password."""

    def __init__(self, probe: Probe, state: State, registry: CollectorRegistry) -> None:
        self._probe = probe
        self._state = state
        self._registry = registry
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> str:
        """Listens, and gives the address; raises CannotServe where that is not possible."""
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        app = web.Application(client_max_size=0)
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/readyz", self._readiness)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_route("*", "/{other:.*}", self._nowhere)
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=_CLOSE_SECONDS
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.stop()
            reason = error.strerror or str(error)
            raise CannotServe(
                f"nothing can be served on {where} ({reason}). Set WPRC_HTTP_PORT to a free "
                "port and WPRC_HTTP_HOST to an address of this machine, or leave WPRC_HTTP_PORT "
                "empty."
            ) from None
        return f"http://{where}"

    async def stop(self) -> None:
        """Listens no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _health(self, request: web.Request) -> web.Response:
        # That this is said at all says that the event loop comes round.
        return web.Response(text="ok\n")

    async def _readiness(self, request: web.Request) -> web.Response:
        self._state.found = await self._probe.found()
        said = self._state.readiness()
        is_ready = all(word == "ok" for word in said.values())
        text = json.dumps({"is_ready": is_ready, **said}, indent=2) + "\n"
        return web.Response(
            text=text, status=200 if is_ready else 503, content_type="application/json"
        )

    async def _metrics(self, request: web.Request) -> web.Response:
        self._state.found = await self._probe.found()
        # Writing it down takes some milliseconds, for which nobody's answer is to wait.
        body = await asyncio.to_thread(generate_latest, self._registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _nowhere(self, request: web.Request) -> web.Response:
        return web.Response(text=_NOWHERE, status=404)
