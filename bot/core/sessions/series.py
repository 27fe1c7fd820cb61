"""Series: sessions that repeat by a rule, each of them a session of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.dates import to_local, to_utc
from bot.core.sessions.repeats import occurrences
from bot.core.sessions.words import ends_at
from storage.session_rows import SCHEDULED, ClubSession
from storage.unit_of_work import UnitOfWork

AHEAD = 3
"""So many sessions of a series are there at a time, so that people can see what comes."""
_ANNOUNCED_BEFORE = timedelta(days=7)
_AFTER_THE_LAST = timedelta(hours=1)
TEMPLATE = (
    *("title", "minutes", "place", "url", "channel", "host_id", "capacity", "closes_before"),
    *("guests", "plan"),
)


def begin_series(uow: UnitOfWork, session: ClubSession) -> None:
    """Makes a saved session with a rule the first of a series."""
    if session.rule is None or session.series_id is not None:
        return
    series_id = uow.sessions.add_series(
        session.rule, session.local_start, session.time_zone, template_of(session)
    )
    uow.sessions.mark(session.id, series_id=series_id, series_date=session.local_start)


def template_of(session: ClubSession) -> dict[str, object]:
    """What the following ones begin with; which paper they read is said for each."""
    return {name: getattr(session, name) for name in TEMPLATE}


def continue_series(uow: UnitOfWork, session: ClubSession, now: datetime) -> None:
    """Makes the sessions that are to come, so that there are always a few of them.

    One that was skipped or moved is there already under the date that the rule gave it, and so it
    is made no second time.
    """
    series = uow.sessions.series(session.series_id) if session.series_id else None
    if series is None or series.ended_at is not None:
        return
    known = uow.sessions.of_series(series.id)
    dates = {one.series_date for one in known}
    coming = [one for one in known if one.starts_at > now and one.state == SCHEDULED]
    last = max(known, key=lambda one: one.series_date or "", default=session)
    after = max(
        datetime.fromisoformat(last.series_date or last.local_start),
        to_local(now, series.time_zone),
    )
    start = datetime.fromisoformat(series.local_start)
    for local in occurrences(series.rule, start, after, max(0, AHEAD - len(coming))):
        text = local.isoformat(timespec="minutes")
        if text in dates:
            continue
        at = to_utc(local, series.time_zone)
        added = uow.sessions.add(
            now,
            **series.template,
            state=SCHEDULED,
            local_start=text,
            time_zone=series.time_zone,
            starts_at=at,
            series_id=series.id,
            series_date=text,
            created_by=last.created_by,
        )
        before = [ends_at(one) for one in known if one.starts_at < at]
        known.append(added)
        previous = max(before, default=now) + _AFTER_THE_LAST
        announce_at = min(max(previous, announced_from(at, now)), at)
        uow.sessions.mark(added.id, announce_at=announce_at, look_at=announce_at, looked_at=now)


def announced_from(at: datetime, now: datetime) -> datetime:
    """When one of a series is announced at the earliest."""
    return max(now, at - _ANNOUNCED_BEFORE)
