"""The catalogues of all clubs in this process, and which club a place speaks for."""

from __future__ import annotations

from storage.worker import Worker

from bot.chat.invocation import PlaceRef
from bot.core.catalogue import Catalogue, ClubInfo, PersonInfo
from storage.clubs import Club
from storage.papers import PaperHead
from storage.unit_of_work import UnitOfWork

_PlaceKey = tuple[str, str, str | None]
_Loaded = tuple[ClubInfo, list[PaperHead], dict[tuple[str, str], PersonInfo], list[_PlaceKey]]


class Snapshots:
    """Loaded once, then refreshed club by club after each commit that changed something."""

    def __init__(self, database: Worker, default_prefix: str | None = None) -> None:
        self._database = database
        self._default_prefix = default_prefix
        self._clubs: dict[int, Catalogue] = {}
        self._places: dict[_PlaceKey, int] = {}

    async def load(self) -> None:
        """Reads every club of the database."""

        for club in await self._database.read(None, lambda uow: uow.clubs.all()):
            await self.refresh(club.id)

    async def refresh(self, club_id: int) -> None:
        """Brings one club up to the database's version; papers that did not change stay as is."""
        known = self._clubs.get(club_id)
        since = known.club.version if known else None

        def changed(uow: UnitOfWork) -> _Loaded | None:
            club = uow.clubs.by_id(club_id)
            if club is None or club.version == since:
                return None
            places = [(p.platform, p.chat_id, p.thread_id) for p in uow.places.all()]
            return _info(club), uow.papers.heads(since), _people(uow), places

        loaded = await self._database.read(club_id, changed)
        if loaded is None:
            return
        club, heads, people, places = loaded
        # Another refresh may have been faster; what it found must not be overwritten by older.
        latest = self._clubs.get(club_id)
        if known is None:
            self._clubs.setdefault(club_id, Catalogue.of(club, heads, people))
        elif latest is known:
            self._clubs[club_id] = known.patched(club, heads, people)
        self._places = {key: at for key, at in self._places.items() if at != club_id}
        self._places.update(dict.fromkeys(places, club_id))

    def version(self, club_id: int) -> int:
        return self._clubs[club_id].club.version

    def of_place(self, place: PlaceRef) -> Catalogue | None:
        """The club of a place; where none was set up, the default club, else the only one."""
        for thread in (place.thread_id, None):
            club_id = self._places.get((place.platform, place.chat_id, thread))
            if club_id is not None:
                return self._clubs[club_id]
        return self.default()

    def default(self) -> Catalogue | None:
        clubs = list(self._clubs.values())
        if self._default_prefix is not None:
            clubs = [known for known in clubs if known.club.prefix == self._default_prefix]
        return clubs[0] if len(clubs) == 1 else None

    def prefixes(self) -> list[str]:
        return sorted(known.club.prefix for known in self._clubs.values())


def _info(club: Club) -> ClubInfo:
    return ClubInfo(club.id, club.prefix, club.name, club.time_zone, club.version)


def _people(uow: UnitOfWork) -> dict[tuple[str, str], PersonInfo]:
    return {
        (account.platform, account.account_id): PersonInfo(
            person.id, person.name, frozenset(person.roles)
        )
        for person in uow.people.everyone()
        for account in person.accounts
    }
