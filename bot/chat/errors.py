"""What can go wrong, as types one can act on.

UserError            what a person reads: what happened, and what to do next
 +- NotFound         no such paper, part, session, ...
 +- Invalid          what was given cannot be read
 +- NotAllowed       not for this person, or not here
 +- Conflict         something else happened meanwhile

PlatformRefused      a platform does not let the bot in, and trying again changes nothing

DeliveryError        what a platform said to a message that was to be sent
 +- Retry            surely not sent: try again after so many seconds
 +- Gone             blocked, left or deleted: do not try again
 +- Moved            the place has another id now
 +- Rejected         the platform does not take this message: it would refuse it again
 +- Unknown          may have been sent
"""

from __future__ import annotations

from bot.chat.invocation import PlaceRef
from bot.chat.reply import Action
from bot.chat.text import Text


class UserError(Exception):
    """Becomes a private reply; actions are the ways on, such as "did you mean" buttons."""

    def __init__(self, *text: str, actions: tuple[Action, ...] = ()) -> None:
        super().__init__("".join(text))
        self.text: Text = text
        self.actions = actions


class NotFound(UserError):
    pass


class Invalid(UserError):
    pass


class NotAllowed(UserError):
    pass


class Conflict(UserError):
    pass


class PlatformRefused(Exception):
    """The text says what was refused and what to do, for whoever runs the bot."""


class DeliveryError(Exception):
    pass


class Retry(DeliveryError):
    def __init__(self, after: float) -> None:
        super().__init__(f"retry after {after} s")
        self.after = after


class Gone(DeliveryError):
    pass


class Moved(DeliveryError):
    def __init__(self, to: PlaceRef) -> None:
        super().__init__(f"moved to {to.chat_id}")
        self.to = to


class Rejected(DeliveryError):
    """The text says why, for organisers."""


class Unknown(DeliveryError):
    pass
