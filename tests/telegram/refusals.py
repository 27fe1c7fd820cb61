"""How Telegram says no: a code, a description, and sometimes parameters."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """An error answer.

    ``is_violation`` marks what a correct bot never provokes, whatever people and networks do.
    """

    def __init__(
        self,
        status: int,
        description: str,
        parameters: Json | None = None,
        *,
        is_violation: bool = False,
    ) -> None:
        super().__init__(f"{status} {description}")
        self.status, self.description = status, description
        self.parameters = parameters
        self.is_violation = is_violation

    def body(self) -> Json:
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class CannotDo(Exception):
    """What a person cannot do at Telegram's clients, such as pressing a button that is gone."""


def broken(reason: str) -> Refusal:
    """A 400 that is the bot's own fault."""
    return Refusal(400, f"Bad Request: {reason}", is_violation=True)


def bad_request(reason: str) -> Refusal:
    """A 400 that other people can bring about."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    return Refusal(403, f"Forbidden: {reason}")


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized")


def unknown_method() -> Refusal:
    return Refusal(404, "Not Found", is_violation=True)


def other_poller() -> Refusal:
    return Refusal(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )


def webhook_is_set() -> Refusal:
    return Refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )


def too_many_requests(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(chat_id: int) -> Refusal:
    return Refusal(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": chat_id},
    )


def chat_not_found() -> Refusal:
    return bad_request("chat not found")


def query_too_old() -> Refusal:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
