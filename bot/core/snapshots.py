"""The catalogues of all clubs in this process, and which club a place speaks for."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bot.chat.invocation import Actor, PlaceRef
from bot.core.catalogue import Catalogue, ClubInfo, PersonInfo, SessionInfo
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

_SESSIONS = 300


class Snapshots:
    """Loaded once, then refreshed club by club after each commit that changed something."""

    def __init__(self, database: DatabaseWorker, default_prefix: str | None = None) -> None:
        self._database = database
        self.default_prefix = default_prefix
        self._clubs: dict[int, Catalogue] = {}
        self._places: dict[tuple[str, str], int] = {}

    async def load(self) -> None:
        """Brings every club of the database up to date; cheap where nothing has changed."""
        for club in await self._database.read(lambda uow: uow.clubs.all()):
            known = self._clubs.get(club.id)
            if known is None or known.club.version != club.version:
                await self.refresh(club.id)

    async def refresh(self, club_id: int) -> None:
        """Brings one club up to the database's version; papers that did not change stay as is."""
        while True:
            known = self._clubs.get(club_id)
            # A large archive takes a while to index; the database's thread does that too.
            loaded = await self._database.read(partial(_loaded, club_id, known), club_id)
            if loaded is None:
                return
            # Another refresh may have been faster: what it found may be newer than this.
            if self._clubs.get(club_id) is known:
                break
        self._clubs[club_id] = loaded
        self._places = {key: at for key, at in self._places.items() if at != club_id}
        homes = ((home.platform, home.chat_id) for home in loaded.homes)
        self._places.update(dict.fromkeys(homes, club_id))

    async def forget_actions_before(self, instant: datetime) -> None:
        """Drops what the buttons of every club carried before an instant."""
        for club_id in list(self._clubs):
            await self._database.write(lambda uow: uow.actions.forget_before(instant), club_id)

    def of_place(self, place: PlaceRef, actor: Actor | None = None) -> Catalogue | None:
        """The club of a place; where none was set up, the default club, else the only one.

        In a private chat it is the one club that the person belongs to, before the default one.
        """
        for chat in (place.chat_id, place.server_id):
            club_id = self._places.get((place.platform, chat or ""))
            if club_id is not None:
                return self._clubs[club_id]
        default = self.default()
        is_wrong = default is None and self.default_prefix is not None
        if is_wrong or actor is None or not place.is_private:
            return default
        own = [known for known in self._clubs.values() if known.person(actor)]
        return own[0] if len(own) == 1 else default

    def default(self) -> Catalogue | None:
        clubs = list(self._clubs.values())
        if self.default_prefix is not None:
            clubs = [known for known in clubs if known.club.prefix == self.default_prefix]
        return clubs[0] if len(clubs) == 1 else None

    def watched(self, platform: str) -> list[PlaceRef]:
        """The places of a platform where members give opinions by plain message."""
        return [
            PlaceRef(platform, home.opinions_chat, home.opinions_thread, server_id=home.chat_id)
            for known in self._clubs.values()
            for home in known.homes
            if home.platform == platform and home.opinions_chat
        ]

    def of_club(self, club_id: int) -> Catalogue | None:
        return self._clubs.get(club_id)

    def clubs(self) -> list[int]:
        """The ids of all clubs."""
        return list(self._clubs)

    def prefixes(self) -> list[str]:
        return sorted(known.club.prefix for known in self._clubs.values())


def _loaded(club_id: int, known: Catalogue | None, uow: UnitOfWork) -> Catalogue | None:
    """The club as it is now; None where the known version is the newest."""
    club = uow.clubs.by_id(club_id)
    if club is None or (known is not None and known.club.version == club.version):
        return None
    info = ClubInfo(club.id, club.prefix, club.name, club.time_zone, club.version)
    heads = uow.papers.heads(known.club.version if known else None)
    people = _people(uow)
    homes = tuple(uow.places.all())
    if known is None:
        return Catalogue.of(info, heads, people, homes, _sessions(uow))
    return known.patched(info, heads, people, homes, _sessions(uow))


def _sessions(uow: UnitOfWork) -> tuple[SessionInfo, ...]:
    return tuple(
        SessionInfo(
            *(one.number, one.code, one.title, one.starts_at),
            one.starts_at + timedelta(minutes=one.minutes),
            one.state,
            one.tell_at,
        )
        for one in uow.sessions.shown(_SESSIONS)
    )


def _people(uow: UnitOfWork) -> dict[tuple[str, str], PersonInfo]:
    stuck = uow.opinions.people_with_stuck()
    return {
        (account.platform, account.account_id): PersonInfo(
            person.id,
            person.name,
            # Who has left is an organiser no more.
            frozenset() if person.left_at else person.roles,
            person.time_zone,
            person.is_member,
            person.id in stuck,
        )
        for person in uow.people.everyone()
        for account in person.accounts
    }
