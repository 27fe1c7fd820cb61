"""How Discord says no: a status, a code, a message, and for a bad form a tree of problems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a request's body."""

    path: Path
    code: str
    message: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path)) or '(body)'}: {self.message}"


def too_long(path: Path, limit: int) -> Problem:
    return Problem(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")


def missing(path: Path) -> Problem:
    return Problem(path, "BASE_TYPE_REQUIRED", "This field is required")


class Refusal(Exception):
    """An error answer.

    ``is_violation`` marks what a correct bot never provokes, whatever people and networks do.
    """

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        problems: Iterable[Problem] = (),
        *,
        is_violation: bool = False,
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message = status, code, message
        self.problems = tuple(problems)
        self.is_violation = is_violation

    def body(self) -> Json:
        body: Json = {"message": self.message, "code": self.code}
        if self.problems:
            body["errors"] = _tree(self.problems)
        return body


def bad_form(problems: Iterable[Problem]) -> Refusal:
    return Refusal(400, 50035, "Invalid Form Body", problems, is_violation=True)


def unknown(what: str) -> Refusal:
    return Refusal(404, _UNKNOWN[what], f"Unknown {what}")


def not_found() -> Refusal:
    return Refusal(404, 0, "404: Not Found", is_violation=True)


def unauthorized() -> Refusal:
    return Refusal(401, 0, "401: Unauthorized")


def no_access() -> Refusal:
    return Refusal(403, 50001, "Missing Access")


def no_permission() -> Refusal:
    return Refusal(403, 50013, "Missing Permissions")


def dms_closed() -> Refusal:
    return Refusal(403, 50007, "Cannot send messages to this user")


def not_the_author() -> Refusal:
    return Refusal(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> Refusal:
    return Refusal(400, 50006, "Cannot send an empty message", is_violation=True)


def already_acknowledged() -> Refusal:
    return Refusal(400, 40060, "Interaction has already been acknowledged.")


def dead_token() -> Refusal:
    return Refusal(401, 50027, "Invalid Webhook Token")


_UNKNOWN = {
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "Interaction": 10062,
    "Application Command": 10063,
}


def _tree(problems: Iterable[Problem]) -> Json:
    root: Json = {}
    for problem in problems:
        node = root
        for step in problem.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
    return root
