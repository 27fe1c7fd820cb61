"""Luma's API, as far as it is needed: the guests of an event, page by page.

Both shapes of answers that are met are understood: lists of flat objects, and the older ones that
nest. Which path and parameter a server knows is found out by asking.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.chat.fetching import Fetch, Fetched, FetchFailed
from bot.core.luma.guest_lists import MOST_GUESTS, Guest, guest_of

DEFAULT_URL = "https://public-api.luma.com"
_PATHS = (
    ("/v1/events/guests/list", "event_id"),
    ("/v1/event/get-guests", "event_id"),
    ("/v1/event/get-guests", "event_api_id"),
)
_PAGE = 100
_OK, _TOO_MANY = 200, 429
_NO_KEY = frozenset({401, 403})
_UNKNOWN = frozenset({400, 404, 405, 422})
_MOST_PAUSE = 3_600.0
_PAUSE = 60.0


class Throttled(Exception):
    """Too many requests for this key: nothing more for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


class Refused(Exception):
    """Luma does not take the key."""


@dataclass(slots=True)
class LumaApi:
    """One calendar by its key. `budget` is how many requests it may still make."""

    fetch: Fetch
    url: str
    key: str = field(repr=False)
    budget: int = 100
    """Luma allows 200 a minute; who else uses the key shall have their share."""
    _known: tuple[str, str] | None = None
    """The path and the parameter that have worked once."""

    async def guests_of(self, event_id: str) -> Sequence[Guest]:
        """Every guest; raises FetchFailed where the list cannot be read whole."""
        guests: list[Guest] = []
        cursor: str | None = None
        while True:
            answer = await self._page(event_id, cursor)
            entries = answer.get("entries")
            if not isinstance(entries, list):
                raise FetchFailed("the answer is of an unknown shape")
            guests += [guest for entry in entries if (guest := _guest(entry)) is not None]
            following = answer.get("next_cursor")
            if not answer.get("has_more") or not isinstance(following, str) or not following:
                return guests
            if len(guests) > MOST_GUESTS or following == cursor:
                raise FetchFailed("the guest list has no end")
            cursor = following

    async def _page(self, event_id: str, cursor: str | None) -> dict[str, object]:
        status = 0
        for path, parameter in (self._known,) if self._known else _PATHS:
            query = {parameter: event_id, "pagination_limit": str(_PAGE)}
            query |= {"pagination_cursor": cursor} if cursor else {}
            answer = await self._get(f"{self.url}{path}?{urlencode(query)}")
            if answer.status == _OK:
                self._known = path, parameter
                return _read(answer.content)
            status = answer.status
            if status not in _UNKNOWN:
                break
        raise FetchFailed(f"Luma answers with an error ({status})")

    async def _get(self, address: str) -> Fetched:
        if self.budget <= 0:
            raise Throttled(_PAUSE)
        self.budget -= 1
        answer = await self.fetch(
            address, headers={"x-luma-api-key": self.key, "accept": "application/json"}
        )
        if answer.status == _TOO_MANY:
            raise Throttled(_seconds(answer.headers.get("retry-after", "")))
        if answer.status in _NO_KEY:
            raise Refused
        return answer


def _seconds(text: str) -> float:
    whole = text.isascii() and text.isdecimal() and len(text) < 6
    return min(float(text), _MOST_PAUSE) if whole else _PAUSE


def _read(content: bytes) -> dict[str, object]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise FetchFailed("the answer is damaged") from None
    if not isinstance(answer, dict):
        raise FetchFailed("the answer is of an unknown shape")
    return answer


def _guest(entry: object) -> Guest | None:
    if isinstance(entry, dict) and isinstance(entry.get("guest"), dict):
        entry = entry["guest"]
    if not isinstance(entry, dict):
        return None
    address = entry.get("email") or entry.get("user_email")
    return guest_of(address, entry.get("approval_status"))
