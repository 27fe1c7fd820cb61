"""Papers: the archive pages of a club, each with its revisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, select

from storage.contacts import ContactRow, read_contacts
from storage.paper_heads import read_head, read_heads
from storage.paper_rows import PaperContent, PaperDraft, PaperHead, PaperTable, Saved
from storage.paper_saving import PaperWriter
from storage.revisions import (
    ContributorRow,
    LinkRow,
    RevisionInfo,
    RevisionTable,
    read_history,
    read_links,
)
from storage.sections import SectionRow, read_sections

__all__ = [
    "ContactRow",
    "ContributorRow",
    "LinkRow",
    "PaperContent",
    "PaperDraft",
    "PaperHead",
    "Papers",
    "RevisionInfo",
    "Saved",
]


class Papers:
    """The papers of one club; a code is always the whole code in its one spelling."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id
        self._writer = PaperWriter(connection, club_id)

    def save(self, draft: PaperDraft, at: datetime, by: int | None = None) -> Saved:
        """Writes a page with all its parts, the search and the club's version.

        Nothing is written when the digest is that of the current revision and the contacts bring
        nothing new. Raises IntegrityError where the draft breaks a rule of the tables, such as a
        number that another code has.
        """
        return self._writer.save(draft, at, by)

    def refresh(self, code: str) -> None:
        """Brings search and card up to the opinions of a paper, after these have changed."""
        content = self.content(code)
        if content is not None:
            self._writer.refresh(content)

    def heads(self, since_version: int | None = None) -> list[PaperHead]:
        """All papers by number, or only those that changed after a version of the club."""
        changed = () if since_version is None else (PaperTable.version > since_version,)
        return [head for _, head in read_heads(self._connection, self._club_id, *changed)]

    def head(self, code: str) -> PaperHead | None:
        found = self._find(code)
        return None if found is None else found[1]

    def content(self, code: str, revision: int | None = None) -> PaperContent | None:
        """A whole page, at its current revision or at an older one."""
        found = self._find(code, revision)
        if found is None:
            return None
        revision_id, head = found
        values = {"club": self._club_id, "revision": revision_id}
        names = self._connection.execute(_AUTHORS, values).scalar_one()
        sections = read_sections(self._connection, self._club_id, revision_id)
        return PaperContent(
            head,
            names,
            read_links(self._connection, self._club_id, revision_id),
            tuple(section for _, section in sections),
        )

    def section(self, code: str, position: int) -> SectionRow | None:
        """The section at a position of the current revision."""
        found = self._sections(code, position=position)
        return found[0][1] if found else None

    def sections(self, code: str, kind: str | None = None) -> list[tuple[int, SectionRow]]:
        """The sections of the current revision with their positions, or those of one kind."""
        return self._sections(code, kind=kind)

    def contacts(self, code: str) -> list[ContactRow]:
        """How to reach those who made the page; not for a chat."""
        paper_id = self._paper_id(code)
        if paper_id is None:
            return []
        return read_contacts(self._connection, self._club_id, paper_id)

    def revisions(self, code: str) -> list[RevisionInfo]:
        """The history of a page, oldest first; empty for an unknown code."""
        paper_id = self._paper_id(code)
        if paper_id is None:
            return []
        return read_history(self._connection, self._club_id, paper_id)

    def next_number(self) -> int:
        """One more than the greatest number in use."""
        greatest = select(func.max(PaperTable.number)).where(PaperTable.club_id == self._club_id)
        return (self._connection.execute(greatest).scalar() or 0) + 1

    def codes(self) -> Iterator[str]:
        """All codes by number."""
        statement = select(PaperTable.code).where(PaperTable.club_id == self._club_id)
        yield from self._connection.execute(statement.order_by(PaperTable.number)).scalars()

    def _find(self, code: str, revision: int | None = None) -> tuple[int, PaperHead] | None:
        if revision is None:
            return read_head(self._connection, self._club_id, code)
        found = read_heads(
            self._connection, self._club_id, PaperTable.code == code, revision=revision
        )
        return found[0] if found else None

    def _paper_id(self, code: str) -> int | None:
        mine = and_(PaperTable.club_id == self._club_id, PaperTable.code == code)
        return self._connection.execute(select(PaperTable.id).where(mine)).scalar()

    def _sections(
        self, code: str, *, kind: str | None = None, position: int | None = None
    ) -> list[tuple[int, SectionRow]]:
        joined = and_(
            RevisionTable.club_id == PaperTable.club_id,
            RevisionTable.paper_id == PaperTable.id,
            RevisionTable.number == PaperTable.current_revision,
        )
        mine = and_(PaperTable.club_id == self._club_id, PaperTable.code == code)
        statement = select(RevisionTable.id).join(PaperTable, joined).where(mine)
        revision_id = self._connection.execute(statement).scalar()
        if revision_id is None:
            return []
        return read_sections(
            self._connection, self._club_id, revision_id, kind=kind, position=position
        )


_AUTHORS = select(RevisionTable.paper_authors).where(
    RevisionTable.club_id == bindparam("club"), RevisionTable.id == bindparam("revision")
)
