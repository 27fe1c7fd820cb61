"""The HTTP side: every request is read, refused or answered as Discord would, and remembered."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TypeAlias

from aiohttp import web

from tests.discord import (
    rest_application,
    rest_channels,
    rest_commands,
    rest_events,
    rest_interactions,
    rest_messages,
    rest_reactions,
)
from tests.discord.calls import MOST_BYTES, Call, read_call, segments
from tests.discord.faults import Fault
from tests.discord.limits import problems_within_limits
from tests.discord.refusals import Json, Problem, Refusal, bad_form, not_found, unauthorized
from tests.discord.spec import problems_of_answer, problems_of_body
from tests.discord.world import Request, Violation, World

Handler: TypeAlias = Callable[[World, Call], object]
PREFIX = "/api/v10"
TABLES: tuple[Mapping[str, Handler], ...] = (
    rest_application.ROUTES,
    rest_channels.ROUTES,
    rest_commands.ROUTES,
    rest_events.ROUTES,
    rest_interactions.ROUTES,
    rest_messages.ROUTES,
    rest_reactions.ROUTES,
)
_WITH_OWN_TOKEN = ("/interactions/", "/webhooks/")


class Server:
    """Listens on loopback.

    ``checks`` can be off where only speed matters; then bodies go unchecked.
    """

    def __init__(self, world: World, *, checks: bool = True) -> None:
        self._world = world
        self._checks = checks
        # By method and number of segments, literal paths before those with values.
        self._routes: dict[tuple[str, int], list[tuple[list[str], str, Handler]]] = {}
        for table in TABLES:
            for name, handler in table.items():
                method, template = name.split(" ")
                steps = segments(template)
                self._routes.setdefault((method, len(steps)), []).append((steps, template, handler))
        for routes in self._routes.values():
            routes.sort(key=lambda route: [step.startswith("{") for step in route[0]])
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_get("/gateway", self._world.gateway.serve)
        app.router.add_get("/gateway/", self._world.gateway.serve)
        app.router.add_get("/attachments/{id}/{name}", self._download)
        app.router.add_route("*", PREFIX + "/{tail:.*}", self._serve)
        app.on_response_prepare.append(self._tell_date)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self._world.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _tell_date(self, request: web.Request, response: web.StreamResponse) -> None:
        if self._world.ahead_by:
            told = datetime.now(UTC) + self._world.ahead_by
            response.headers["Date"] = format_datetime(told, usegmt=True)

    async def stop(self) -> None:
        if self._runner is not None:
            self._world.gateway.drop()
            await self._runner.cleanup()

    async def _download(self, request: web.Request) -> web.Response:
        file = self._world.files.get(int(request.match_info["id"]))
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.data, content_type=file.content_type.split(";")[0])

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        call: Call | None = None
        status = 500
        body: object = None
        headers: dict[str, str] = {}
        try:
            call = await read_call(request, PREFIX)
            handler = self._route(call)
            fault = self._world.faults.take(call.method, call.path, call.template)
            if fault is not None and fault.delay:
                await asyncio.sleep(fault.delay)
            if fault is not None and not fault.is_taken and (fault.is_reset or fault.status):
                status, body, headers = _failed(fault)
                if fault.is_reset:
                    _reset(request)
            else:
                status, body = self._answer(call, handler)
                if fault is not None and fault.is_reset:
                    _reset(request)
                elif fault is not None and fault.status:
                    status, body, headers = _failed(fault)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body()
            if refusal.is_violation:
                self._record_violation(request, refusal)
        if call is not None:
            self._record(call, status)
        # Exactly this type: with a charset, discord.py reads the answer as text.
        data = None if body is None else json.dumps(body).encode()
        kind = "application/json" if data is not None else None
        return web.Response(body=data, status=status, content_type=kind, headers=headers)

    def _route(self, call: Call) -> Handler:
        steps = segments(call.path)
        for pattern, template, handler in self._routes.get((call.method, len(steps)), ()):
            if all(want[:1] == "{" or want == step for want, step in _pairs(pattern, steps)):
                call.template = template
                call.params = {
                    want[1:-1]: step for want, step in _pairs(pattern, steps) if want[:1] == "{"
                }
                return handler
        raise not_found()

    def _answer(self, call: Call, handler: Handler) -> tuple[int, object]:
        needs_token = not call.path.startswith(_WITH_OWN_TOKEN) and call.path != "/gateway"
        if needs_token and call.authorization != f"Bot {self._world.token}":
            raise unauthorized()
        if self._checks:
            problems = _problems(call)
            if problems:
                raise bad_form(problems)
        answer = handler(self._world, call)
        self._world.bell.ring()
        status = 204 if answer is None else 200
        if isinstance(answer, tuple):
            status, answer = answer
        if self._checks and answer is not None:
            wrong = problems_of_answer(call.method, call.template, status, answer)
            if wrong:  # Then a test must not pass, though the bot is not to blame.
                flaw = Violation(call.method, call.path, 0, "wrong answer", tuple(wrong))
                self._world.violations.append(flaw)
        return status, answer

    def _record(self, call: Call, status: int) -> None:
        self._world.requests.append(
            Request(
                call.method,
                call.template,
                call.path,
                dict(call.query),
                call.body,
                status,
                call.agent,
            )
        )
        self._world.bell.ring()

    def _record_violation(self, request: web.Request, refusal: Refusal) -> None:
        self._world.violations.append(
            Violation(
                request.method,
                request.rel_url.raw_path.removeprefix(PREFIX),
                refusal.code,
                refusal.message,
                refusal.problems,
            )
        )


def _pairs(pattern: list[str], steps: list[str]) -> list[tuple[str, str]]:
    return list(zip(pattern, steps, strict=True))


def _problems(call: Call) -> list[Problem]:
    found = problems_of_body(call.method, call.template, call.body)
    try:
        limits = problems_within_limits(call.method, call.template, call.body)
    except (AttributeError, KeyError, TypeError) as error:
        # Only a body of a wrong shape ends here, and that has been told above, if it could be.
        limits = [] if found else [Problem((), "BASE_TYPE_INVALID", f"Wrong shape: {error!r}")]
    known = {problem.path for problem in limits}
    return limits + [problem for problem in found if problem.path not in known]


def _failed(fault: Fault) -> tuple[int, Json, dict[str, str]]:
    if fault.status != 429:
        return fault.status or 500, {"message": "Simulated outage", "code": 0}, {}
    body = {
        "message": "You are being rate limited.",
        "retry_after": fault.retry_after,
        "global": fault.is_global,
    }
    headers = {
        "Via": "1.1 google",  # Without it discord.py believes in a ban and does not try again.
        "Retry-After": str(fault.retry_after),
        "X-RateLimit-Scope": "global" if fault.is_global else "user",
    }
    if fault.is_global:
        headers["X-RateLimit-Global"] = "true"
    else:
        headers |= {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset-After": str(fault.retry_after),
            "X-RateLimit-Bucket": "simulated",
        }
    return 429, body, headers


def _reset(request: web.Request) -> None:
    """Ends the connection with RST, so that the other side sees ECONNRESET."""
    transport = request.transport
    if transport is None:
        return
    socket = transport.get_extra_info("socket")
    socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
