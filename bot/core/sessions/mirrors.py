"""Keeping what shows a session in step with it: cards in places, events in a server's calendar.

Taps are gathered for a moment, each mirror is shown anew at most every few seconds, and whatever
happens in between, the last state is shown in the end: how much was shown stands in the database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.chat.adapter import Adapter, NativeEvent
from bot.chat.errors import DeliveryError, Gone, Rejected, Retry
from bot.chat.invocation import PlaceRef
from bot.chat.reply import Reply
from bot.chat.text import plain
from bot.core.sessions.card import digest_of, intro, session_card
from bot.core.sessions.seats import EVENT as BY_EVENT
from bot.core.sessions.seats import answer
from bot.core.sessions.words import as_known, ends_at, is_over, title_of, where_of
from storage.mirrors import CARD, Mirror
from storage.rsvps import MAYBE
from storage.session_rows import CANCELLED, SCHEDULED, ClubSession
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

log = logging.getLogger(__name__)

_AT_ONCE = 20
_LEASE_FOR = timedelta(seconds=60)
_REST = timedelta(seconds=1.5)
"""So long a mirror is left alone after it was changed; a chat that takes fewer changes has a limit
of its own, which its platform's pacer knows."""
_LONGEST_WAIT, _REFUSED_WAIT = 300.0, 3600.0
_MOST_ATTEMPTS = 12
_MAX_LOCATION = 100


class Mirroring:
    """Shows sessions anew on the platforms that this process is connected to."""

    def __init__(
        self,
        database: DatabaseWorker,
        clock: Callable[[], datetime],
        owner: str,
        connected: Callable[[], Sequence[Adapter]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._connected = connected

    async def show_due(self) -> int:
        """Shows what is due at this moment, several at once; how many there were."""
        adapters = {adapter.name: adapter for adapter in self._connected()}
        if not adapters:
            return 0
        now = self._clock()
        taken = await self._database.write(
            lambda uow: uow.mirrors.claim(
                tuple(adapters), self._owner, now, now + _LEASE_FOR, _AT_ONCE, now - _REST
            )
        )
        await asyncio.gather(*(self._show(adapters[one.platform], one) for one in taken))
        return len(taken)

    async def _show(self, adapter: Adapter, mirror: Mirror) -> None:
        if mirror.kind == CARD and (wait := adapter.pacer.room_in(_place_of(mirror))) > 0:
            # Without this, taps that go on and on would leave no room for anything else there.
            await self._put_back(mirror, wait, counts=False)
            return
        try:
            message_id, digest = await self._shown(adapter, mirror)
        except Retry as error:
            wait = max(error.after, min(_LONGEST_WAIT, 2.0**mirror.attempts))
            await self._put_back(mirror, wait)
        except Gone:
            # A card that was deleted is left alone; an event is ours to make anew.
            await self._put_back(mirror, 1, is_gone=True)
        except Rejected as error:
            log.warning("a session cannot be shown (%s)", error)
            # Somebody may give the bot what it lacks in a server; a card is refused for good.
            await self._put_back(mirror, None if mirror.kind == CARD else _REFUSED_WAIT)
        except DeliveryError:
            await self._put_back(mirror, min(_LONGEST_WAIT, 2.0**mirror.attempts))
        except Exception:
            log.exception("mirror %d cannot be shown", mirror.id)
            await self._put_back(mirror, _LONGEST_WAIT)
        else:
            at = self._clock()
            await self._database.write(
                lambda uow: uow.mirrors.done(mirror, self._owner, at, message_id, digest)
            )

    async def _put_back(
        self,
        mirror: Mirror,
        seconds: float | None,
        *,
        is_gone: bool = False,
        counts: bool = True,
    ) -> None:
        if counts and mirror.attempts >= _MOST_ATTEMPTS:
            seconds = None
        due_at = None if seconds is None else self._clock() + timedelta(seconds=seconds)
        await self._database.write(
            lambda uow: uow.mirrors.put_back(
                mirror, self._owner, due_at, is_gone=is_gone, counts=counts
            )
        )

    async def _shown(self, adapter: Adapter, mirror: Mirror) -> tuple[str | None, str | None]:
        """Brings it up to date, if it shows something else; the id of what was made new, and a
        digest of what is shown now.
        """
        now = self._clock()
        if mirror.kind == CARD and mirror.message_id is not None:
            reply = await self._database.read(partial(_card, mirror, now), mirror.club_id)
            digest = digest_of(reply)
            if reply is not None and digest != mirror.digest:
                await adapter.edit(_place_of(mirror), mirror.message_id, reply)
            return None, digest
        events = adapter.events
        found = await self._database.read(partial(_event, mirror, now), mirror.club_id)
        if events is None or found is None:
            return None, None
        session, event = found
        digest = digest_of((session.state, event))
        if mirror.message_id is not None and digest == mirror.digest:
            return None, digest
        if session.state == CANCELLED:
            await events.cancel(mirror.chat_id, mirror.message_id, event)
            return None, digest
        if session.state != SCHEDULED or session.starts_at <= now:
            # Discord begins and ends an event by itself.
            return None, None
        return await events.put(mirror.chat_id, mirror.message_id, event), digest

    async def read_interested(self) -> None:
        """Takes over from the servers' calendars whom a session interests: as a maybe."""
        adapters = {adapter.name: adapter for adapter in self._connected()}
        now = self._clock()
        for mirror in await self._database.read(lambda uow: uow.mirrors.events_to_come(now)):
            adapter = adapters.get(mirror.platform)
            if adapter is None or adapter.events is None or mirror.message_id is None:
                continue
            try:
                accounts = await adapter.events.interested(mirror.chat_id, mirror.message_id)
            except Gone:
                # Somebody has deleted it by hand; the session is the truth, so it comes again.
                await self._database.write(partial(_lost, mirror, now))
                continue
            except DeliveryError as error:
                log.info("who is interested could not be read (%s)", error)
                continue
            await self._database.write(
                partial(_note_interested, mirror, tuple(accounts), now), mirror.club_id
            )


def _place_of(mirror: Mirror) -> PlaceRef:
    return PlaceRef(
        mirror.platform,
        mirror.chat_id,
        mirror.thread_id,
        mirror.is_private,
        mirror.server_id,
    )


def _lost(mirror: Mirror, now: datetime, uow: UnitOfWork) -> None:
    uow.mirrors.lost(mirror, now)


def _card(mirror: Mirror, now: datetime, uow: UnitOfWork) -> Reply | None:
    session = uow.sessions.by_id(mirror.session_id)
    if session is None:
        return None
    return session_card(uow, as_known(session, now), now, said=intro(uow, mirror.intro))


def _event(
    mirror: Mirror, now: datetime, uow: UnitOfWork
) -> tuple[ClubSession, NativeEvent] | None:
    found = uow.sessions.by_id(mirror.session_id)
    if found is None:
        return None
    session = as_known(found, now)
    title = title_of(session, uow.papers.head)
    where = session.place or session.url or plain(where_of(session)) or "See the announcement"
    channel, club = None, uow.clubs.by_id(uow.club_id)
    if session.channel and session.channel.startswith(f"{mirror.platform}:{mirror.chat_id}:"):
        channel = session.channel.rsplit(":", 1)[1]
    event = NativeEvent(
        name=title[:100],
        description=(
            f"{club.prefix if club else ''} session {session.number}. Say whether you come on the "
            "club's card, which this entry follows."
        ),
        starts_at=session.starts_at,
        ends_at=ends_at(session),
        location=where[:_MAX_LOCATION],
        channel_id=channel,
    )
    return session, event


def _note_interested(
    mirror: Mirror, accounts: Sequence[str], now: datetime, uow: UnitOfWork
) -> None:
    """Who has answered with a tap has said more than this; the answer stays."""
    found = uow.sessions.by_id(mirror.session_id)
    session = uow.sessions.locked(found.number) if found else None
    if session is None or session.state != SCHEDULED or is_over(session, now):
        return
    interested = set()
    for account in accounts:
        person = uow.people.by_account(mirror.platform, account)
        if person is not None and person.is_member:
            interested.add(person.id)
    has_changed = session.interested != len(accounts)
    answers = {one.person_id: one for one in uow.rsvps.of_session(session.id)}
    for person_id in sorted(interested - set(answers)):
        answer(uow, session, person_id, MAYBE, now, source=BY_EVENT)
        has_changed = True
    for one in answers.values():
        if one.source == BY_EVENT and one.person_id not in interested:
            uow.rsvps.drop(session.id, one.person_id)
            has_changed = True
    if has_changed:
        uow.sessions.mark(session.id, interested=len(accounts), look_at=now)
        uow.mirrors.touch(session.id, now, (CARD,))
