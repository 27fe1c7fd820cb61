"""A club of many people who come to its sessions, as rows; and sessions whose time will come."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.bots import CODE, fill
from benchmarks.databases import AT
from benchmarks.discord_payloads import CHANNEL, SERVER
from storage.database import Database
from storage.reminders import ReminderChoice
from storage.rsvps import GOING, Rsvp
from storage.session_rows import SCHEDULED
from storage.unit_of_work import UnitOfWork

AHEAD = timedelta(days=1)
"""So long before the start those who come are reminded."""
_FIRST = 200_000_000_000_000_000


def account(platform: str, number: int) -> str:
    return str(_FIRST + number if platform == "discord" else 100_000 + number)


def fill_crowd(path: Path, platform: str, people: int, *, where: str | None = None) -> None:
    """A club on one platform; its members are reminded in private there, or ``where`` says."""
    fill(path, 1)
    with closing(Database(f"sqlite:///{path}")) as database, database.unit(write=True) as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        for number in range(people):
            to = account(platform, number)
            person = uow.people.add(f"Reader {number}", platform, to, AT)
            uow.reminders.choose(person.id, ReminderChoice(where or platform))
        if where is not None:
            place = uow.places.add(platform, SERVER)
            uow.places.assign(place.id, "announcements", CHANNEL, None)


def plan_sessions(path: Path, dues: Sequence[datetime]) -> None:
    """A session for each of these instants, at which those who come to it are to be reminded.

    All come to a single one; of several, each has somebody of its own.
    """
    with closing(Database(f"sqlite:///{path}")) as database, database.unit(write=True) as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        people = [person.id for person in uow.people.everyone()]
        for number, due in enumerate(dues):
            coming = people if len(dues) == 1 else [people[number % len(people)]]
            _plan(uow, due, coming)


def _plan(uow: UnitOfWork, due: datetime, people: Sequence[int]) -> None:
    starts = due + AHEAD
    before = datetime.now(UTC) - timedelta(minutes=1)
    session = uow.sessions.add(
        before,
        state=SCHEDULED,
        code=CODE,
        local_start=starts.replace(tzinfo=None).isoformat(),
        time_zone="UTC",
        starts_at=starts,
        minutes=90,
        # Nothing goes to places about them: only the people are counted here.
        plan={"rsvp": None, "after": None},
        announced_at=before,
        looked_at=before,
        look_at=due,
    )
    for number, person in enumerate(people):
        uow.rsvps.put(Rsvp(session.id, person, GOING, 0, False, number, AT))
