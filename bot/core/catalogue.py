"""The in-process snapshot: what is asked for all the time, answered without a database.

A `Catalogue` is one club's papers and people at one version. It is never changed; a commit that
changes something makes a new one, patched paper by paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice

from bot.archive.record import PaperCode
from bot.chat.invocation import Actor, PlaceRef
from bot.core.facets import Facets
from bot.core.heads import Heads
from bot.core.titles import TitleIndex
from storage.papers import PaperHead
from storage.places import StoredPlace
from storage.session_rows import CANCELLED

ORGANISER = "organiser"
_MAX_PATCHES = 200
_NUMBER = re.compile(r"#?\s*(\d{1,6})")
_CODE = re.compile(r"#?([a-z][a-z0-9]{0,15}?)[\s#-]*(\d{1,6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClubInfo:
    id: int
    prefix: str
    name: str
    time_zone: str
    version: int


@dataclass(frozen=True, slots=True)
class PersonInfo:
    id: int
    name: str
    roles: frozenset[str] = frozenset()
    time_zone: str | None = None
    """Their own, where they have set one."""
    is_member: bool = True
    """Has acted in a place of the club, and has not left it."""
    has_question: bool = False
    """Waits to be asked about an opinion, and could not be reached in private so far."""

    @property
    def is_organiser(self) -> bool:
        return ORGANISER in self.roles


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session as completion and the start card need it."""

    number: int
    code: str | None
    title: str | None
    starts_at: datetime
    ends_at: datetime
    state: str
    tell_at: datetime | None = None

    def is_known_off(self, now: datetime) -> bool:
        """Whether it is cancelled and that is no secret any more, as long as it can be undone."""
        return self.state == CANCELLED and (self.tell_at is None or self.tell_at <= now)


@dataclass(frozen=True)
class Catalogue:
    """One club as of one version. `papers` is by number, in rising order."""

    club: ClubInfo
    papers: Heads
    titles: TitleIndex
    people: Mapping[tuple[str, str], PersonInfo]
    """By platform and account id."""
    homes: tuple[StoredPlace, ...] = ()
    """The servers, groups and chats that belong to the club."""
    sessions: tuple[SessionInfo, ...] = ()
    """The latest ones and all that are to come, in the order of time."""

    @classmethod
    def of(
        cls,
        club: ClubInfo,
        heads: Iterable[PaperHead],
        people: Mapping[tuple[str, str], PersonInfo],
        homes: tuple[StoredPlace, ...] = (),
        sessions: tuple[SessionInfo, ...] = (),
    ) -> Catalogue:
        papers = Heads({head.number: head for head in heads})
        titles = TitleIndex({number: head.title for number, head in papers.items()})
        return cls(club, papers, titles, people, homes, sessions)

    def patched(
        self,
        club: ClubInfo,
        heads: Iterable[PaperHead],
        people: Mapping[tuple[str, str], PersonInfo],
        homes: tuple[StoredPlace, ...] = (),
        sessions: tuple[SessionInfo, ...] = (),
    ) -> Catalogue:
        """This club at a later version, given only the papers that changed."""
        changed = {head.number: head for head in heads}
        if not changed:
            return Catalogue(club, self.papers, self.titles, people, homes, sessions)
        papers = self.papers.patched(changed)
        renamed = {
            number: head.title
            for number, head in changed.items()
            if number not in self.papers or self.papers[number].title != head.title
        }
        titles = self.titles.patched(renamed) if renamed else self.titles
        patched = Catalogue(club, papers, titles, people, homes, sessions)
        if "facets" in vars(self) and len(changed) <= _MAX_PATCHES:
            # They were asked for and will be again; making them anew takes long.
            changes = ((self.papers.get(number), head) for number, head in changed.items())
            vars(patched)["facets"] = self.facets.patched(changes)
        return patched

    @cached_property
    def facets(self) -> Facets:
        """By what the papers can be listed. Not for the event loop."""
        return Facets(self.papers.values())

    def person(self, actor: Actor) -> PersonInfo | None:
        return self.people.get((actor.platform, actor.account_id))

    def home(self, place: PlaceRef) -> StoredPlace | None:
        """The server or group that this place is in, where it was set up for the club."""
        for home in self.homes:
            if home.platform == place.platform and home.chat_id in (
                place.chat_id,
                place.server_id,
            ):
                return home
        return None

    def newest(self) -> PaperHead | None:
        """The paper with the highest number."""
        return self.papers[next(reversed(self.papers))] if self.papers else None

    def by_code(self, text: str) -> PaperHead | None:
        """A paper by ``WPRC-006``, ``wprc 6``, ``6`` or ``#006``."""
        text = text.strip()
        if match := _NUMBER.fullmatch(text):
            return self.papers.get(int(match[1]))
        match = _CODE.fullmatch(text)
        if match and match[1].upper() == self.club.prefix:
            return self.papers.get(int(match[2]))
        return None

    def is_code(self, text: str) -> bool:
        """Whether a text has the form of a code, of this club or of another one."""
        text = text.strip()
        if _NUMBER.fullmatch(text) or PaperCode.parse(text) is not None:
            return True
        match = _CODE.fullmatch(text)
        return match is not None and match[1].upper() == self.club.prefix

    def resolve(self, text: str, limit: int = 10) -> list[PaperHead]:
        """The papers that a code, a title or a part of a title may mean; best first.

        A code or a whole title means one paper, whatever other titles contain.
        """
        if head := self.by_code(text):
            return [head]
        if PaperCode.parse(text) is not None:
            return []
        found = [self.papers[number] for number in self.titles.find(text, limit)]
        exact = [head for head in found if head.title.casefold() == text.strip().casefold()]
        return exact if len(exact) == 1 else found

    def near(self, text: str, limit: int = 5) -> list[PaperHead]:
        """The papers whose titles are near to a misspelt one. Not for the event loop."""
        return [self.papers[number] for number in self.titles.near(text, limit)]

    def complete(self, typed: str, limit: int) -> list[PaperHead]:
        """What a half-typed code or title may become; nothing typed gives the newest papers."""
        typed = typed.strip()
        if not typed:
            return self._newest(limit)
        found = {head.number: head for head in self._by_code_beginning(typed, limit)}
        for number in self.titles.find(typed, limit):
            found.setdefault(number, self.papers[number])
        return list(found.values())[:limit]

    def _newest(self, limit: int) -> list[PaperHead]:
        return [self.papers[number] for number in islice(reversed(self.papers), limit)]

    def _by_code_beginning(self, typed: str, limit: int) -> list[PaperHead]:
        """Papers whose number begins with the digits typed, behind the prefix or alone."""
        match = re.fullmatch(r"(?:([a-z][a-z0-9]*?)[\s-]*)?#?0*(\d{0,6})", typed.casefold())
        prefix = self.club.prefix.casefold()
        if match is None or not prefix.startswith(match[1] or ""):
            return []
        if not match[2]:
            return self._newest(limit) if match[1] else []
        if match[1] and match[1] != prefix:
            return []
        first, found = int(match[2]), list[PaperHead]()
        newest = next(reversed(self.papers), 0)
        span = 1
        while len(found) < limit and first * span <= newest:
            wanted = range(first * span, min((first + 1) * span, newest + 1))
            # Gone through is what is shorter: the numbers that there may be, or those that are.
            few, many = sorted((wanted, self.papers), key=len)
            numbers = islice((number for number in few if number in many), limit)
            found += [self.papers[number] for number in numbers]
            span *= 10
        return found[:limit]


NO_CLUB = Catalogue.of(ClubInfo(0, "", "", "UTC", 0), (), {})
"""What a command that needs no club is given where there is none."""
