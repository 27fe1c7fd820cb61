"""Saving a page: paper, revision, its parts and its passages in one call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from storage.clubs import bump_version, lock_club
from storage.contacts import news_in, read_contacts, replace_contacts
from storage.paper_rows import PaperDraft, PaperTable, Saved
from storage.passages import HEAD, Passage, PassageWriter, section_passages
from storage.revisions import RevisionTable, insert_contributors, insert_links
from storage.sections import insert_sections

_INSERT_PAPER = insert(PaperTable).returning(PaperTable.id)
_INSERT_REVISION = insert(RevisionTable).returning(RevisionTable.id)


_FIND = (
    select(PaperTable.id, PaperTable.current_revision, RevisionTable.digest)
    .join(
        RevisionTable,
        and_(
            RevisionTable.club_id == PaperTable.club_id,
            RevisionTable.paper_id == PaperTable.id,
            RevisionTable.number == PaperTable.current_revision,
        ),
    )
    .where(PaperTable.club_id == bindparam("club"), PaperTable.code == bindparam("code"))
)


class PaperWriter:
    """Saves pages of one club within one unit of work."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id
        self._is_locked = False
        self._passages = PassageWriter(connection, club_id)

    def save(self, draft: PaperDraft, at: datetime, by: int | None) -> Saved:
        """Creates or revises the paper with the draft's code, or leaves it as it is."""
        if not self._is_locked:
            lock_club(self._connection, self._club_id)
            self._is_locked = True
        found = self._find(draft.code)
        if found is None:
            return self._create(draft, at, by)
        paper_id, revision, digest = found
        stored = read_contacts(self._connection, self._club_id, paper_id)
        news = news_in(stored, draft.contacts)
        if digest == draft.digest and not news:
            return Saved("unchanged", revision)
        replace_contacts(self._connection, self._club_id, paper_id, news)
        self._write_revision(paper_id, revision + 1, draft, at, by)
        changed = and_(PaperTable.club_id == self._club_id, PaperTable.id == paper_id)
        version = bump_version(self._connection, self._club_id)
        values = {"current_revision": revision + 1, "version": version, "updated_at": at}
        self._connection.execute(update(PaperTable).where(changed).values(values))
        return Saved("revised", revision + 1)

    def _find(self, code: str) -> tuple[int, int, str] | None:
        values = {"club": self._club_id, "code": code}
        row = self._connection.execute(_FIND, values).one_or_none()
        return None if row is None else (row[0], row[1], row[2])

    def _create(self, draft: PaperDraft, at: datetime, by: int | None) -> Saved:
        values = {
            "club_id": self._club_id,
            "number": draft.number,
            "code": draft.code,
            "current_revision": 1,
            "version": bump_version(self._connection, self._club_id),
            "created_at": at,
            "updated_at": at,
        }
        paper_id = self._connection.execute(_INSERT_PAPER, values).scalar_one()
        replace_contacts(self._connection, self._club_id, paper_id, news_in((), draft.contacts))
        self._write_revision(paper_id, 1, draft, at, by)
        return Saved("created", 1)

    def _write_revision(
        self, paper_id: int, number: int, draft: PaperDraft, at: datetime, by: int | None
    ) -> None:
        values = {
            "club_id": self._club_id,
            "paper_id": paper_id,
            "number": number,
            "digest": draft.digest,
            "title": draft.title,
            "subtitle": draft.subtitle,
            "abstract": draft.abstract,
            "category": draft.category,
            "chapter": draft.chapter,
            "date": draft.date,
            "summary": draft.summary,
            "outline": draft.outline,
            "paper_authors": draft.paper_authors,
            "created_at": at,
            "created_by": by,
        }
        revision_id = self._connection.execute(_INSERT_REVISION, values).scalar_one()
        insert_contributors(self._connection, self._club_id, revision_id, draft.contributors)
        insert_links(self._connection, self._club_id, revision_id, draft.links)
        insert_sections(self._connection, self._club_id, revision_id, draft.sections)
        self._passages.replace(paper_id, draft.title, _passages(draft))


def _passages(draft: PaperDraft) -> Iterator[Passage]:
    shown = [text for text in (draft.subtitle, draft.abstract) if text]
    names = [contributor.name for contributor in draft.contributors]
    extra = [draft.code, draft.category or "", draft.chapter or "", *names, *draft.paper_authors]
    yield Passage(HEAD, " ".join(shown), extra=" ".join(extra))
    yield from section_passages(draft.sections)
