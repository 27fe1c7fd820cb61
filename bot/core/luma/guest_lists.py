"""Guest lists of Luma's: its file, and what its statuses mean here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.chat.errors import Invalid
from storage.rsvps import GOING, NO

WAITING = "waiting"
"""Wants to come, and Luma has not let them in yet."""
MOST_GUESTS = 20_000
_STATUSES = {
    **dict.fromkeys(("approved", "going", "registered", "confirmed", "checked in", ""), GOING),
    **dict.fromkeys(("declined", "not going", "cancelled", "canceled", "rejected"), NO),
    **dict.fromkeys(("pending approval", "waitlist", "waitlisted", "invited", "pending"), WAITING),
}
_ADDRESS_COLUMNS = ("email", "e-mail", "email address", "user email", "guest email")
_STATUS_COLUMNS = ("approval status", "status", "rsvp status", "rsvp")
# As much as an address must have; whether mail arrives there is of no concern here.
_ADDRESS = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}")


@dataclass(frozen=True, slots=True)
class Guest:
    """One guest of an event. The address lives only as long as the list is being read."""

    address: str = field(repr=False)
    status: str


def guest_of(address: object, status: object) -> Guest | None:
    """A guest by what Luma says of them; None without an address."""
    if not isinstance(address, str) or (known := normal_address(address)) is None:
        return None
    word = status.strip().casefold().replace("_", " ") if isinstance(status, str) else ""
    return Guest(known, _STATUSES.get(word, WAITING))


def normal_address(text: str) -> str | None:
    """An address as it is compared; None for what is none."""
    address = text.strip().strip("<>").removeprefix("mailto:").casefold()
    return address if _ADDRESS.fullmatch(address) else None


def read_guest_file(content: bytes, name: str) -> Sequence[Guest]:
    """The guests in a CSV file; raises Invalid, which never repeats what is in it."""
    try:
        text = content.decode(
            "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        )
    except UnicodeDecodeError:
        raise Invalid(f"{name} is no CSV file of text (UTF-8). {_HOW}") from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    guests: list[Guest] = []
    try:
        columns = [re.sub(r"[\s_]+", " ", one).strip().casefold() for one in next(rows, [])]
        address = _column(columns, _ADDRESS_COLUMNS)
        status = _column(columns, _STATUS_COLUMNS)
        if address is None:
            raise Invalid(f"{name} has no column with e-mail addresses. {_HOW}")
        for row in rows:
            if len(guests) >= MOST_GUESTS:
                raise Invalid(f"{name} has more than {MOST_GUESTS:,} guests.")
            said = row[status] if status is not None and status < len(row) else ""
            guest = guest_of(row[address] if address < len(row) else "", said)
            if guest is not None:
                guests.append(guest)
    except csv.Error:
        raise Invalid(f"{name} is damaged: it cannot be read as CSV. {_HOW}") from None
    if not guests:
        raise Invalid(f"{name} has no guest with an e-mail address. {_HOW}")
    return guests


def _column(columns: Sequence[str], names: Sequence[str]) -> int | None:
    return next((columns.index(name) for name in names if name in columns), None)


_HOW = "On the event's page on Luma: Guests, then download as CSV; send that file as it is."
