"""Faults on demand: what goes wrong between a bot and Telegram."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from tests.telegram.refusals import Json


class HasId(Protocol):
    @property
    def id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Status:
    """An error answer; with ``after`` the request has its effect nevertheless.

    ``is_page`` sends a web page instead of JSON, as a proxy on the way does.
    """

    status: int
    retry_after: int | None = None
    after: bool = False
    is_page: bool = False

    def body(self) -> Json:
        body: Json = {"ok": False, "error_code": self.status, "description": self._words()}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body

    def _words(self) -> str:
        if self.status == 429:
            return f"Too Many Requests: retry after {self.retry_after}"
        known = {
            500: "Internal Server Error",
            502: "Bad Gateway",
            503: "Service Unavailable",
            504: "Gateway Timeout",
            403: "Forbidden: bot was blocked by the user",
        }
        return known.get(self.status, "Bad Request: simulated")


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection is reset before the request has its effect, or after it."""

    before: bool = True
    after: bool = False


@dataclass(frozen=True, slots=True)
class Delay:
    """The answer takes so many real seconds; the request has its effect before them, unless
    ``before`` is said."""

    seconds: float
    before: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer ever comes; with ``after`` the request has its effect nevertheless."""

    after: bool = False


Kind = Status | Drop | Delay | Hang


@dataclass(slots=True)
class Fault:
    """What happens to the next ``times`` requests that match, after ``skip`` that do not suffer."""

    method: str
    chat: int | None
    times: int | None  # None is for ever.
    skip: int
    kind: Kind

    def matches(self, method: str, chat: int | None) -> bool:
        return fnmatchcase(method, self.method) and self.chat in (None, chat)


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(
        self,
        *,
        kind: Kind,
        method: str = "*",
        chat: HasId | int | None = None,
        times: int | None = 1,
        skip: int = 0,
    ) -> Fault:
        """``method`` is a glob, such as ``send*``; ``chat`` a chat or its id; no times is ever."""
        where = chat if isinstance(chat, int) or chat is None else chat.id
        fault = Fault(method, where, times, skip, kind)
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str, chat: int | None) -> Kind | None:
        """The first fault that waits for such a request, used up once."""
        for fault in self._waiting:
            if not fault.matches(method, chat):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
            return fault.kind
        return None
