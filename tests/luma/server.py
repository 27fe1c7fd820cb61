"""A server on the loopback that answers like Luma, or as badly as it is told to."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType

from aiohttp import web

API_KEY = "secret-of-the-calendar"


def event(
    number: int,
    *,
    start: str = "20261210T190000Z",
    end: str = "20261210T210000Z",
    title: str = "WPRC-006: Primer",
    place: str = "1 Example Street\\, Singapore",
    status: str = "TENTATIVE",
) -> str:
    """One event as Luma writes it."""
    return (
        "BEGIN:VEVENT\r\n"
        f"DTSTART:{start}\r\nDTEND:{end}\r\nDTSTAMP:20261201T080000Z\r\n"
        'ORGANIZER;CN="Club":MAILTO:calendar-invite@lu.ma\r\n'
        f"UID:evt-demo{number:04}@events.lu.ma\r\nSUMMARY:{title}\r\n"
        f"DESCRIPTION:Get up-to-date information at: https://luma.com/demo{number}?pk=g-Tok\r\n"
        f" en\\n\\nHosted by Club\r\nLOCATION:{place}\r\nSTATUS:{status}\r\n"
        "END:VEVENT\r\n"
    )


def calendar(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Luma//Club//EN\r\nX-WR-CALNAME:Club\r\n"
    return (head + "".join(events) + "END:VCALENDAR\r\n").encode()


def packed(body: bytes, encoding: str = "gzip") -> web.Response:
    return web.Response(body=body, headers={"Content-Encoding": encoding})


BOMB = gzip.compress(b"\0" * 50_000_000, 1)
ANSWERS: Mapping[str, Callable[[bytes], web.Response]] = {
    "500": lambda feed: web.Response(status=500, text="no"),
    "bomb": lambda feed: packed(BOMB),
    "gzip": lambda feed: packed(gzip.compress(feed)),
    "half a gzip": lambda feed: packed(gzip.compress(feed)[:-12]),
    "damaged gzip": lambda feed: packed(b"\x1f\x8b" + feed),
    "packed": lambda feed: packed(b"x", "br"),
    "half": lambda feed: web.Response(body=feed[: len(feed) // 2]),
    "page": lambda feed: web.Response(text="<!doctype html><title>Club</title>"),
}


@dataclass
class LumaServer:
    """`feed` is what the calendar has; `fault` is what happens to whoever asks instead."""

    feed: bytes = b""
    fault: str | None = None
    guests: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By event: address and status of each guest."""
    is_old: bool = False
    """Knows the older paths and nests its answers."""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Events that the API does not know any more."""
    throttle: int = 0
    """So many requests more are refused with 429."""
    url: str = ""
    _held: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> LumaServer:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.set()
        await self._runner.cleanup()

    @property
    def feed_url(self) -> str:
        return f"{self.url}/ics/get?entity=calendar&id=cal-demo"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path_qs, dict(request.headers)))
        if self.fault is not None:
            return await self._badly(request, self.fault)
        if request.path.startswith("/v1/"):
            return self._api(request)
        etag = f'"{hash(self.feed)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=self.feed, headers={"ETag": etag}, content_type="text/calendar")

    async def _badly(self, request: web.Request, fault: str) -> web.StreamResponse:
        if fault.startswith("redirect "):
            raise web.HTTPFound(fault.removeprefix("redirect "))
        if fault == "slow":
            await self._held.wait()
            return web.Response()
        if fault in ("short", "endless"):
            return await self._break_off(request, is_short=fault == "short")
        return ANSWERS[fault](self.feed)

    async def _break_off(self, request: web.Request, *, is_short: bool) -> web.StreamResponse:
        """Promises more than comes, or never stops."""
        response = web.StreamResponse()
        if is_short:
            response.content_length = len(self.feed) + 1_000
        await response.prepare(request)
        for _ in range(1 if is_short else 10_000):
            await response.write(self.feed if is_short else b"X" * 65_536)
        assert request.transport is not None
        request.transport.close()
        return response

    def _api(self, request: web.Request) -> web.Response:
        if self.throttle:
            self.throttle -= 1
            return web.json_response({}, status=429, headers={"Retry-After": "40"})
        if request.headers.get("x-luma-api-key") != API_KEY:
            return web.json_response({"message": "no"}, status=401)
        path, parameter = (
            ("/v1/event/get-guests", "event_api_id")
            if self.is_old
            else ("/v1/events/guests/list", "event_id")
        )
        if request.path != path:
            return web.json_response({}, status=404)
        if parameter not in request.query:
            return web.json_response({}, status=400)
        if request.query[parameter] in self.gone:
            return web.json_response({}, status=404)
        guests = self.guests.get(request.query[parameter], [])
        begin = int(request.query.get("pagination_cursor", "0"))
        page = guests[begin : begin + 2]
        flat = [
            {"api_id": f"gst-{at}", "email": address, "approval_status": status, "name": "N"}
            for at, (address, status) in enumerate(page)
        ]
        has_more = begin + 2 < len(guests)
        return web.json_response(
            {
                "entries": [{"guest": one} for one in flat] if self.is_old else flat,
                "has_more": has_more,
                "next_cursor": str(begin + 2) if has_more else None,
            }
        )
