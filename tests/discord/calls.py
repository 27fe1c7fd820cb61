"""A request of the bot, read: where it goes, and what it carries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.discord.refusals import Problem, bad_form

MOST_BYTES = 25 * 1024 * 1024  # Of a whole request.
_FILE = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a request."""

    filename: str
    data: bytes
    content_type: str


@dataclass(slots=True)
class Call:
    """``template`` is the path as the description writes it; ``params`` are its values here."""

    method: str
    path: str
    query: Mapping[str, str]
    authorization: str | None
    agent: str
    body: Any = None
    files: dict[int, Upload] = field(default_factory=dict)
    template: str = ""
    params: dict[str, str] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """An id in the path; not a number is a bad form, as on Discord."""
        value = self.params[name]
        if not value.isdecimal():
            message = f'Value "{value}" is not snowflake.'
            raise bad_form([Problem((name,), "NUMBER_TYPE_COERCE", message)])
        return int(value)

    def number(self, name: str, default: int) -> int:
        value = self.query.get(name, "")
        return int(value) if value.isdecimal() else default


async def read_call(request: web.Request, prefix: str) -> Call:
    """Reads a request whole; a body that is no JSON is a bad form."""
    call = Call(
        method=request.method,
        path=request.rel_url.raw_path.removeprefix(prefix),
        query=dict(request.query),
        authorization=request.headers.get("Authorization"),
        agent=request.headers.get("User-Agent", ""),
    )
    data = await request.read()
    if request.content_type == "multipart/form-data":
        _read_form(call, request.headers["Content-Type"], data)
    elif data:
        call.body = _json(data)
    return call


def _read_form(call: Call, content_type: str, data: bytes) -> None:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + data)
    for part in form.iter_parts():
        disposition = part["Content-Disposition"]
        name = str(disposition.params.get("name", ""))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        indexed = _FILE.fullmatch(name)
        if name == "payload_json":
            call.body = _json(content)
        elif indexed is not None:
            filename = part.get_filename() or "file"
            call.files[int(indexed[1])] = Upload(filename, content, part.get_content_type())
        else:
            raise bad_form([Problem((name,), "BASE_TYPE_INVALID", "Unknown part of a form.")])


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise bad_form([Problem((), "JSON_INVALID", "The body is no JSON.")]) from None


def segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.split("/")[1:]]
