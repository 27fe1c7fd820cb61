"""Faults on demand: what goes wrong between a bot and Discord."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(slots=True)
class Fault:
    """What happens to the next ``times`` requests that match ``where``.

    ``where`` is a glob over ``METHOD /path`` or ``METHOD /template``, such as
    ``POST /channels/*/messages`` or ``POST */callback``. With ``is_taken`` the request has its
    effect and only the answer is lost.
    """

    where: str
    times: int
    status: int | None = None
    retry_after: float | None = None
    is_global: bool = False
    is_reset: bool = False
    is_taken: bool = False
    delay: float = 0.0

    def matches(self, method: str, path: str, template: str) -> bool:
        return any(fnmatchcase(f"{method} {name}", self.where) for name in (path, template))


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def rate_limit(
        self, where: str, retry_after: float = 0.05, *, is_global: bool = False, times: int = 1
    ) -> None:
        """429; ``retry_after`` in real seconds."""
        fault = Fault(where, times, status=429, retry_after=retry_after, is_global=is_global)
        self._waiting.append(fault)

    def fail(
        self, where: str, status: int = 502, *, is_taken: bool = False, times: int = 1
    ) -> None:
        """500, 502, 503 and their like, before or after the request was taken."""
        self._waiting.append(Fault(where, times, status=status, is_taken=is_taken))

    def reset(self, where: str, *, is_taken: bool = False, times: int = 1) -> None:
        """The connection is reset, before or after the request was taken."""
        self._waiting.append(Fault(where, times, is_reset=True, is_taken=is_taken))

    def slow(self, where: str, seconds: float, *, times: int = 1) -> None:
        """The answer takes so many real seconds; the request is taken after them."""
        self._waiting.append(Fault(where, times, delay=seconds))

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str, path: str, template: str) -> Fault | None:
        """The first fault that waits for such a request, used up once."""
        for fault in self._waiting:
            if fault.matches(method, path, template):
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None
