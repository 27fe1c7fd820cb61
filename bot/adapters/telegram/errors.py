"""What Telegram refuses, by meaning."""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.adapters.telegram.payloads import PLATFORM
from bot.adapters.telegram.request import MaybeSent, NotSent
from bot.chat.errors import (
    DeliveryError,
    Gone,
    Moved,
    PlatformRefused,
    Rejected,
    Retry,
    Unknown,
)
from bot.chat.invocation import PlaceRef

_RETRY_SECONDS = 5.0
_UNCHANGED = "message is not modified"
# Of what Telegram says in words alone: the chat is not there, or not for the bot.
_CLOSED = (
    *("chat not found", "user not found", "peer_id_invalid", "group is deactivated"),
    *("user is deactivated", "bot is not a member"),
)
# The chat is there, and takes no message, or not where it was to go.
_SHUT = {
    "the topic is closed or gone": ("message thread not found", "topic_closed", "topic_deleted"),
    "the bot may not write there": (
        *("not enough rights", "have no rights", "need administrator rights"),
        *("chat_write_forbidden", "chat_restricted"),
    ),
}
_NOT_TAKEN = "the platform does not take this text"


class Refused(PlatformRefused):
    """Telegram does not let the bot in, and trying again would change nothing."""


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    after = error.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()


def is_unchanged(error: TelegramError) -> bool:
    """An edit that changes nothing, which is as good as one that was made."""
    return isinstance(error, BadRequest) and _UNCHANGED in error.message.casefold()


def is_closed(error: TelegramError) -> bool:
    """Nothing can be sent there: blocked, put out, never let in, or not there any more."""
    if isinstance(error, Forbidden):
        return True
    told = error.message.casefold()
    return isinstance(error, BadRequest) and any(part in told for part in _CLOSED)


def has_lost(error: TelegramError) -> bool:
    """Whether the bot was let in there before, and is not any more."""
    told = error.message.casefold()
    return isinstance(error, Forbidden) and ("blocked" in told or "kicked" in told)


def as_delivery(error: TelegramError, place: PlaceRef) -> DeliveryError:
    """What is known of a message that was to be sent.

    BadRequest is a network error to the library, so what it means is looked at first.
    """
    if isinstance(error, RetryAfter):
        return Retry(seconds_of(error))
    if isinstance(error, ChatMigrated):
        return Moved(PlaceRef(PLATFORM, str(error.new_chat_id), place.thread_id))
    if is_closed(error):
        return Gone(error.message)
    if isinstance(error, BadRequest):
        told = error.message.casefold()
        shut = (why for why, signs in _SHUT.items() if any(sign in told for sign in signs))
        return Rejected(next(shut, _NOT_TAKEN))
    if isinstance(error, NotSent | InvalidToken | Conflict):
        # Who has no valid token, or another one's place, has surely sent nothing.
        return Retry(_RETRY_SECONDS)
    return Unknown(error.message)


# Of a message that is to be changed: it was deleted, or it is not the bot's to change any more.
_NOT_THERE = ("message to edit not found", "message can't be edited", "message_id_invalid")


def as_edit(error: TelegramError, place: PlaceRef) -> DeliveryError:
    """What is known of a change that was to be made; made twice it does no harm."""
    told = error.message.casefold()
    if isinstance(error, BadRequest) and any(part in told for part in _NOT_THERE):
        return Gone(error.message)
    found = as_delivery(error, place)
    return Retry(_RETRY_SECONDS) if isinstance(found, Unknown) else found


__all__ = [
    "MaybeSent",
    "NotSent",
    "Refused",
    "as_delivery",
    "as_edit",
    "has_lost",
    "is_closed",
    "is_unchanged",
    "seconds_of",
]
