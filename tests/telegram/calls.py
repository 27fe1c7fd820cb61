"""A request of the bot: where it goes, and what it carries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.telegram.refusals import Json, broken
from tests.telegram.spec import Upload

MOST_BYTES = 50 * 1024 * 1024  # Of a whole request.


@dataclass(slots=True)
class Call:
    """A request as it came, and how it was answered.

    ``accepted`` is whether it had its effect, whether or not the bot was told so; ``status`` is
    None where no answer was sent.
    """

    method: str
    parameters: Json
    when: float  # By the monotonic clock.
    accepted: bool = False
    status: int | None = None
    description: str = ""
    result: Any = None
    flaws: list[str] = field(default_factory=list)

    @property
    def chat_id(self) -> int | None:
        found = self.parameters.get("chat_id")
        if isinstance(found, str) and found.lstrip("-").isdecimal():
            return int(found)
        return found if isinstance(found, int) else None

    def get(self, name: str, default: Any = None) -> Any:
        return self.parameters.get(name, default)


@dataclass(frozen=True, slots=True)
class Violation:
    """A request that a correct bot never sends."""

    method: str
    parameters: Json
    reason: str

    def __str__(self) -> str:
        shown = json.dumps(self.parameters, ensure_ascii=False, default=repr)
        return f"{self.method}: {self.reason} in {shown[:500]}"


async def read_raw(request: web.Request) -> Json:
    """Everything that a request says, from its address and from its body."""
    raw: Json = dict(request.query)
    if request.method != "POST":
        return raw
    if request.content_type == "application/json":
        data = await request.read()
        try:
            body = json.loads(data) if data else {}
        except ValueError:
            raise broken("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise broken("expected a JSON object")
        return raw | {name: value for name, value in body.items() if value is not None}
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            raw[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            raw[name] = value if isinstance(value, str) else bytes(value).decode()
    return raw


def check_utf_8(raw: Json) -> None:
    """Half a surrogate pair, which JSON can hold, is no text."""
    try:
        json.dumps(raw, ensure_ascii=False, default=repr).encode()
        for value in raw.values():
            if isinstance(value, str) and "\\ud" in value.lower():
                json.dumps(json.loads(value), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise broken("strings must be encoded in UTF-8") from None
    except ValueError:
        return  # No JSON after all, or JSON that is refused elsewhere.
