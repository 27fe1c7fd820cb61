"""What Discord refuses, by meaning."""

from __future__ import annotations

from bot.chat.errors import DeliveryError, Gone, PlatformRefused, Rejected, Retry, Unknown

# Unknown channel, guild or user; no access, no permission; direct messages closed; locked thread.
_GONE = frozenset({10003, 10004, 10013, 50001, 50007, 50013, 50083, 50278, 160005})
_UNKNOWN_MESSAGE = 10008
# Unknown interaction (3 s are over), unknown webhook or its token not valid (15 minutes are over).
_TOO_LATE = frozenset({10062, 10015, 50027})
_ALREADY_ANSWERED = 40060
_RETRY_SECONDS = 5.0


class Refused(PlatformRefused):
    """Discord does not let the bot in, and trying again would change nothing."""


class TokenRefused(Refused):
    """The token is wrong, or was taken back."""


class IntentsRefused(Refused):
    """The bot asks for a privileged intent that it was not granted."""


class ShardsRefused(Refused):
    """The shards that this process is to serve are not those that Discord counts."""


class VersionRefused(Refused):
    """Discord no longer speaks as this version of the bot does."""


class ApiError(Exception):
    """A request that failed in the end.

    `status` is 0 where no answer came; then `was_sent` says whether the request may have been
    taken. `code` is Discord's own. The text never holds an address, since tokens stand in those.
    """

    def __init__(
        self, status: int, code: int, text: str, after: float | None = None, was_sent: bool = True
    ) -> None:
        super().__init__(f"{status} ({code}): {text[:500]}")
        self.status = status
        self.code = code
        self.after = after
        self.was_sent = was_sent

    @property
    def is_gone(self) -> bool:
        """Nothing can be sent there, now or later."""
        return self.code in _GONE

    @property
    def is_too_late(self) -> bool:
        """The interaction takes no answer any more, or not this one."""
        return self.code in _TOO_LATE or (self.status in (401, 404) and not self.is_gone)

    @property
    def is_answered(self) -> bool:
        """Somebody has answered already; after a retry that was this very answer."""
        return self.code == _ALREADY_ANSWERED

    @property
    def is_refused(self) -> bool:
        """The request itself is wrong: it would be refused again."""
        return self.status == 400 and not self.is_answered

    def as_change(self) -> DeliveryError:
        """The same of a change to what is there already: made twice it does no harm."""
        found = self.as_delivery()
        return Retry(_RETRY_SECONDS) if isinstance(found, Unknown) else found

    def as_delivery(self) -> DeliveryError:
        """What is known of a message that was to be sent."""
        if self.after is not None or self.status in (429, 503):
            return Retry(self.after or _RETRY_SECONDS)
        # A nonce whose message was deleted meanwhile is answered with "unknown message".
        if self.is_gone or self.code == _UNKNOWN_MESSAGE:
            return Gone(str(self))
        if self.status == 0 and not self.was_sent:
            return Retry(_RETRY_SECONDS)
        if self.status == 0 or self.status >= 500:
            return Unknown(str(self))
        return (
            Rejected("the platform does not take this text")
            if self.status in (400, 413)
            else Gone(str(self))
        )
