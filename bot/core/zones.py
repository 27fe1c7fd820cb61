"""Time zones as people write them."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from rapidfuzz import process

from bot.chat.commands import Arg
from bot.chat.errors import Invalid
from bot.chat.reply import Choice
from bot.chat.text import clean
from bot.core.context import Context


@cache
def _zones() -> list[str]:
    # Reading the folder of zones takes tens of milliseconds, and it does not change.
    return sorted(available_timezones())


def complete_zone(ctx: Context, typed: str) -> list[Choice]:
    wanted = "_".join(typed.split()).casefold()
    return [Choice(zone, zone) for zone in _zones() if wanted in zone.casefold()][:25]


ZONE = Arg("Time zone, such as Europe/London", complete=complete_zone, max_length=64)


def zone_named(text: str) -> str:
    """The IANA name of a zone; raises Invalid with the nearest one."""
    wanted = "_".join(text.split())
    for zone in _zones():
        if zone.casefold() == wanted.casefold():
            return zone
    near = process.extractOne(wanted, _zones())
    hint = f"Did you mean {near[0]}?" if near else "They are called Europe/London and so on."
    raise Invalid(f"“{clean(text)}” is no time zone. {hint}")
