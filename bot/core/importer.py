"""Bringing in many pages: in batches, each reported only when it is safely in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import archive
from bot.archive.record import NotAPage, PageWarning, ParsedPage
from bot.core.records import draft_of
from storage.database import Database

log = logging.getLogger(__name__)

REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one page. The code is None where none could be found."""

    name: str
    code: str | None
    outcome: str
    """``created``, ``revised``, ``unchanged`` or ``refused``."""
    reason: str = ""
    warnings: Sequence[PageWarning] = ()


@dataclass(frozen=True, slots=True)
class _Waiting:
    name: str
    page: ParsedPage


class Importer:
    """Reads pages one by one and saves them batch by batch; a code comes once in a run.

    A page whose prefix belongs to no club founds that club when `may_found` is set.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        may_found: bool,
        time_zone: str = "UTC",
    ) -> None:
        self._database = database
        self._clock = clock
        self._may_found = may_found
        self._time_zone = time_zone
        self._clubs: dict[str, int] = {}
        self._seen: dict[str, str] = {}
        self._waiting: list[_Waiting] = []

    @property
    def waiting(self) -> int:
        """How many pages are read and not yet saved."""
        return len(self._waiting)

    def add(self, name: str, data: bytes) -> Imported | None:
        """Reads a page; gives its result at once if it is refused, else None until `save`."""
        try:
            page = archive.read_page(data, name)
        except NotAPage as error:
            return Imported(name, None, REFUSED, str(error))
        code = str(page.record.code)
        first = self._seen.setdefault(code, name)
        if first != name:
            reason = f"{code} came already in this run, from {first}; give one of them another code"
            return Imported(name, code, REFUSED, reason, page.warnings)
        self._waiting.append(_Waiting(name, page))
        return None

    def save(self) -> list[Imported]:
        """Saves what waits, and says so only when it is committed.

        One page that the database refuses does not take the others of its batch with it.
        """
        batch, self._waiting = self._waiting, []
        try:
            return self._save(batch)
        except Exception:
            if len(batch) == 1:
                return [self._failed(batch[0])]
        saved = []
        for one in batch:
            try:
                saved += self._save([one])
            except Exception:
                saved.append(self._failed(one))
        return saved

    def _failed(self, one: _Waiting) -> Imported:
        log.exception("%s could not be saved", one.name)
        code = str(one.page.record.code)
        return Imported(one.name, code, REFUSED, "it could not be saved; the log says why")

    def _save(self, batch: Sequence[_Waiting]) -> list[Imported]:
        results = []
        by_prefix: dict[str, list[_Waiting]] = {}
        for one in batch:
            by_prefix.setdefault(one.page.record.code.prefix, []).append(one)
        for prefix, pages in by_prefix.items():
            club_id = self._club(prefix)
            if club_id is None:
                results += [_no_club(one, prefix) for one in pages]
                continue
            with self._database.unit(club_id, write=True) as uow:
                saved = [
                    Imported(
                        one.name,
                        str(one.page.record.code),
                        uow.papers.save(draft_of(one.page.record), self._clock()).outcome,
                        warnings=one.page.warnings,
                    )
                    for one in pages
                ]
            results += saved
        order = {one.name: position for position, one in enumerate(batch)}
        return sorted(results, key=lambda result: order[result.name])

    def _club(self, prefix: str) -> int | None:
        if prefix not in self._clubs:
            with self._database.unit(None, write=self._may_found) as uow:
                club = uow.clubs.by_prefix(prefix)
                if club is None and self._may_found:
                    club = uow.clubs.add(prefix, prefix, self._clock(), self._time_zone)
                if club is None:
                    return None
            self._clubs[prefix] = club.id
        return self._clubs[prefix]


def _no_club(one: _Waiting, prefix: str) -> Imported:
    code = str(one.page.record.code)
    return Imported(one.name, code, REFUSED, f"there is no club with the prefix {prefix} here")
