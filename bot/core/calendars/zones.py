"""The time zones of calendar files: IANA's names, those of Windows, and what Exchange shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_MAX_NAME = 100
# "(UTC-05:00) Eastern Time (US & Canada)": the offset in winter, then places or a description.
_SHOWN = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d{1,2}):(\d{2}))?\)\s*(.*)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?", re.ASCII)
_DAYLIGHT_FREE = (datetime(2025, 1, 15, tzinfo=UTC), datetime(2025, 7, 15, tzinfo=UTC))


@cache
def _known() -> Mapping[str, str]:
    """Every IANA name by how it may be written; files differ in case."""
    return {name.casefold(): name for name in available_timezones()}


def zone_of(name: str, defined: Mapping[str, tzinfo]) -> tzinfo | None:
    """The zone that a name means; None where nobody can tell.

    `defined` are those that the file itself describes, for names that only it knows.
    """
    wanted = name.strip().strip('"').strip()
    if not wanted or len(wanted) > _MAX_NAME:
        return None
    if found := iana_name(wanted):
        return ZoneInfo(found)
    shown = _SHOWN.fullmatch(wanted)
    if shown and (found := _shown_name(shown)):
        return ZoneInfo(found)
    return defined.get(name)


def iana_name(name: str) -> str | None:
    """The IANA name behind one of IANA's own or of Windows'."""
    if found := _known().get(name.casefold()):
        return found
    # Some programs put a path of their own before it: /example.org/20240101/Europe/Berlin.
    tail = "/".join(name.split("/")[-2:])
    if name.startswith("/") and (found := _known().get(tail.casefold())):
        return found
    return _windows().get(name)


def _shown_name(shown: re.Match[str]) -> str | None:
    sign, hours, minutes, words = shown.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    offset = -offset if sign == "-" else offset
    bare = re.sub(r"\s*\([^()]*\)", "", words).strip()
    candidates = []
    if bare.endswith("Time"):
        candidates.append(_windows().get(f"{bare.removesuffix('Time')}Standard Time"))
    if "Universal" in bare or bare == "":
        candidates.append("UTC")
    cities = [city.strip().replace(" ", "_").casefold() for city in bare.split(",")]
    candidates += [_by_city().get(city) for city in cities]
    # What the words say must fit the number before them.
    for name in candidates:
        if name is not None and _winter_offset(ZoneInfo(name)) == offset:
            return name
    return None


@cache
def _windows() -> Mapping[str, str]:
    # The first answer of a start need not wait for the library.
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return WINDOWS_TO_OLSON


@cache
def _by_city() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in sorted(available_timezones()):
        region, _, city = name.rpartition("/")
        if region and not region.startswith(("Etc", "posix", "right", "SystemV")):
            found.setdefault(city.casefold(), name)
    return found


def _winter_offset(zone: ZoneInfo) -> timedelta:
    return min(at.astimezone(zone).utcoffset() or timedelta() for at in _DAYLIGHT_FREE)


def described_zone(location: str, offsets: set[str]) -> tzinfo | None:
    """A zone that only the file itself describes: by its place, or by its one offset."""
    if location and (found := iana_name(location)):
        return ZoneInfo(found)
    if len(offsets) != 1:
        return None
    match = _OFFSET.fullmatch(next(iter(offsets)))
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if offset >= timedelta(days=1):
        return None
    return timezone(-offset if match[1] == "-" else offset)
