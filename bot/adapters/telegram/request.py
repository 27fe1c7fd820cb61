"""How python-telegram-bot speaks HTTP here: over one aiohttp session, and honest about failures.

The library's own transport looks through its whole pool for each request, which costs more than all
the rest of an answer. This one also tells what surely did not arrive from what may have.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.chat.reply import File

# The library announces that its periods become timedeltas; this asks for them now.
os.environ.setdefault("PTB_TIMEDELTA", "true")

T = TypeVar("T")
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 20.0
# Telegram keeps an idle connection open for longer, so none is found closed when it is used.
_KEEP_SECONDS = 10.0
_JSON = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """The request surely did not arrive: no connection was made."""


class MaybeSent(NetworkError):
    """The request may have arrived, and no answer came."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a request holds: parameters as they are, and files by the parameter's name."""

    parameters: Mapping[str, Any]
    files: Sequence[tuple[str, str, File]] = ()
    """Parameter, the name that is shown, the file."""

    def as_request(self) -> RequestData:
        """For `BaseRequest.post`, which only hands it on to `AiohttpRequest.do_request`."""
        return cast("RequestData", self)


class AiohttpRequest(BaseRequest):
    """One session for everything, made by the first request on the loop that runs."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, URL] = {}

    @property
    def read_timeout(self) -> float | None:
        return _READ_SECONDS

    async def initialize(self) -> None:
        """Nothing is opened before it is needed."""

    async def shutdown(self) -> None:
        """Closes the session."""
        if self._session is not None:
            await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Raises TelegramError for what is no JSON object, without repeating it."""
        try:
            value = orjson.loads(payload)
        except ValueError:
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(value, dict):
            raise TelegramError("the answer is no JSON object")
        return value

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Raises NotSent and MaybeSent; their texts hold no address, since the token is in it."""
        seconds = read_timeout if isinstance(read_timeout, int | float) else _READ_SECONDS
        timeout = aiohttp.ClientTimeout(None, sock_connect=_CONNECT_SECONDS, sock_read=seconds)
        body = _body_of(request_data)
        data, headers = _encoded(body)
        try:
            async with self._opened().request(
                method, self._url(url), data=data, headers=headers, timeout=timeout
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise MaybeSent(type(error).__name__) from None

    async def fetch(self, url: str, most: int) -> bytes | None:
        """A file's content; None for one of more bytes."""
        timeout = aiohttp.ClientTimeout(60.0)
        try:
            async with self._opened().get(URL(url, encoded=True), timeout=timeout) as response:
                if response.status != 200:
                    raise NetworkError(f"the file is not there ({response.status})")
                content = await response.content.read(most + 1)
                while len(content) <= most and (more := await response.content.read(most)):
                    content += more
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise MaybeSent(type(error).__name__) from None
        return None if len(content) > most else content

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_SECONDS)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("Accept-Encoding",),
            )
        return self._session

    def _url(self, url: str) -> URL:
        # There is one for each method, and reading an address takes as long as a small answer.
        found = self._urls.get(url)
        if found is None:
            found = URL(url, encoded=True)
            if len(self._urls) < 500:
                self._urls[url] = found
        return found


def _body_of(request_data: RequestData | None) -> Body | None:
    if request_data is None or isinstance(request_data, Body):
        return request_data
    return Body(request_data.parameters)


def _encoded(body: Body | None) -> tuple[Any, Mapping[str, str] | None]:
    if body is None:
        return None, None
    if not body.files:
        return orjson.dumps(body.parameters), _JSON
    form = aiohttp.FormData()
    for name, value in body.parameters.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    for name, shown, file in body.files:
        form.add_field(name, file.content, filename=shown, content_type=file.media_type)
    return form, None
