"""The club of a new installation: founded before anybody is in it, and the codes that lead in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.app import now
from bot.chat.text import one_line
from bot.core.founding import FOUNDING_CODE_FOR, JOIN_CODE_FOR, new_code
from storage.clubs import Club
from storage.codes import FOUND, JOIN
from storage.database import Database

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Code:
    """A single-use code for whoever manages a server or group."""

    text: str
    lasts: timedelta
    club: Club | None
    """The club that it joins; None for one that founds a club."""


def initials(name: str) -> str:
    """A prefix to propose: of several words their first letters, of one its first four."""
    words = ["".join(c for c in word if c.isascii() and c.isalnum()) for word in name.split()]
    words = [word for word in words if word and word[0].isalpha()]
    found = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:4]
    return found.upper()[:16]


def clubs_of(database: Database) -> list[Club]:
    with database.unit() as uow:
        return uow.clubs.all()


def settle(database: Database, prefix: str, name: str | None, zone: str | None) -> Club | None:
    """The club with this prefix, founded where it is missing, called and timed as was said.

    None for one that is missing and was given no name.
    """
    with database.unit(write=True) as uow:
        club = uow.clubs.by_prefix(prefix)
        if club is None:
            if not name:
                return None
            return uow.clubs.add(prefix, one_line(name)[:LONGEST_NAME], now(), zone or "UTC")
        if name and one_line(name) != club.name:
            uow.clubs.rename(club.id, one_line(name)[:LONGEST_NAME])
        if zone and zone != club.time_zone:
            uow.clubs.set_time_zone(club.id, zone)
        return uow.clubs.by_prefix(prefix)


def is_nowhere(database: Database, club: Club) -> bool:
    """Whether the club has no server and no group yet."""
    with database.unit(club.id) as uow:
        return not uow.places.all()


def code_for(database: Database, club: Club | None) -> Code:
    """A new code: it joins the club, or founds one where there is none yet."""
    code = new_code()
    lasts = JOIN_CODE_FOR if club else FOUNDING_CODE_FOR
    with database.unit(write=True) as uow:
        purpose = JOIN if club else FOUND
        uow.codes.add(code, purpose, now() + lasts, club.id if club else None)
    return Code(code, lasts, club)
