"""Asking a platform a few things over HTTP, beside a bot that may be running: bounded in time.

What went wrong is said in plain words, and never with the address, since a token may be in it.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bot.chat.text import one_line
from bot.logs import redact

if TYPE_CHECKING:
    import aiohttp

_MOST_BYTES = 4 << 20
_HALF_SECOND = timedelta(seconds=0.5)


class Unreachable(Exception):
    """No answer that could be read came; the text says why, to stand after a colon."""


class TokenRefused(Exception):
    """The platform does not know this token."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the JSON of an answer; None for one that is none."""

    status: int
    body: Any

    @property
    def words(self) -> str:
        """What the platform itself says of a refusal."""
        told = self.body if isinstance(self.body, dict) else {}
        said = told.get("description") or told.get("message") or f"status {self.status}"
        return redact(one_line(str(said)))[:200]


@dataclass(slots=True)
class Asker:
    """Asks below one address; `ahead_by` is how far our clock is ahead of the platform's."""

    base: str
    clock: Callable[[], datetime]
    seconds: float = 10.0
    headers: Mapping[str, str] = field(default_factory=dict)
    ahead_by: timedelta | None = None
    _session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Asker:
        import aiohttp  # Comes with the extras, and only who asks needs it.

        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self.seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self.headers,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("an Asker is used as an asynchronous context")
        return self._session

    async def get(self, path: str) -> Answer:
        """Raises Unreachable where no answer comes."""
        session = self._opened
        try:
            asked_at = self.clock()
            async with session.get(self.base + path, allow_redirects=False) as response:
                self._compare(asked_at, response.headers.get("Date"))
                content = await response.content.read(_MOST_BYTES)
                while len(content) < _MOST_BYTES and not response.content.at_eof():
                    content += await response.content.read(_MOST_BYTES)
                status = response.status
        except Exception as error:
            raise Unreachable(_reason(error, self.seconds)) from None
        try:
            body = json.loads(content) if content else None
        except ValueError:
            body = None
        if status >= 500 or (body is None and content):
            # A page is what a proxy, a portal or another server answers.
            raise Unreachable(f"status {status}{'' if body is not None else ' and no JSON'}")
        return Answer(status, body)

    async def greets(self, address: str) -> int:
        """The number of the first frame that a web socket sends; raises Unreachable."""
        session = self._opened
        try:
            async with (
                asyncio.timeout(self.seconds),
                session.ws_connect(address) as connection,
            ):
                return int((await connection.receive_json())["op"])
        except Exception as error:
            raise Unreachable(_reason(error, self.seconds)) from None

    def _compare(self, asked_at: datetime, date: str | None) -> None:
        """The header tells whole seconds, of some moment between the question and the answer."""
        try:
            theirs = parsedate_to_datetime(date or "").astimezone(UTC)
        except (ValueError, TypeError):
            return
        now = self.clock()
        self.ahead_by = asked_at + (now - asked_at) / 2 - (theirs + _HALF_SECOND)


def _reason(error: Exception, seconds: float) -> str:
    import aiohttp

    if isinstance(error, TimeoutError):
        return f"no answer within {seconds:g} s"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name is not found, so there may be no network here"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | ssl.SSLCertVerificationError):
        return "its certificate does not hold, as happens behind a proxy or with a wrong clock"
    cause = getattr(error, "os_error", error)
    if isinstance(cause, ConnectionRefusedError):
        return "the connection is refused"
    if isinstance(cause, socket.gaierror):
        return "its name is not found, so there may be no network here"
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionResetError):
        return "the connection was closed without an answer"
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return "its address cannot be read"
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return f"status {error.status}"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return type(error).__name__
