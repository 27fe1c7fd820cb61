"""Saving a page: paper, revision, its parts and its passages in one call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from storage.clubs import bump_version, lock_club
from storage.contacts import news_in, read_contacts, replace_contacts
from storage.opinions import Opinion, Opinions
from storage.paper_rows import PaperContent, PaperDraft, PaperTable, Saved
from storage.passages import HEAD, Passage, PassageWriter, section_passages
from storage.revisions import RevisionTable, insert_contributors, insert_links
from storage.sections import ItemRow, ItemTable, insert_sections

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
        self._lock()
        found = self._find(draft.code)
        if found is None:
            return self._create(draft, at, by)
        paper_id, revision, digest = found
        stored = read_contacts(self._connection, self._club_id, paper_id)
        news = news_in(stored, draft.contacts)
        if digest == draft.digest and not news:
            return Saved("unchanged", revision)
        replace_contacts(self._connection, self._club_id, paper_id, news)
        draft = self._with_keys(paper_id, revision, draft)
        self._write_revision(paper_id, revision + 1, draft, at, by)
        changed = and_(PaperTable.club_id == self._club_id, PaperTable.id == paper_id)
        version = bump_version(self._connection, self._club_id)
        values = {"current_revision": revision + 1, "version": version, "updated_at": at}
        self._connection.execute(update(PaperTable).where(changed).values(values))
        return Saved("revised", revision + 1)

    def _lock(self) -> None:
        if not self._is_locked:
            lock_club(self._connection, self._club_id)
            self._is_locked = True

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
        self.index(paper_id, draft)

    def index(self, paper_id: int, draft: PaperDraft) -> None:
        """Makes the page searchable, and with it what members said that is not printed on it.

        Counts what is not printed, so that a card can offer it.
        """
        printed = {item.opinion for section in draft.sections for item in section.items}
        opinions = Opinions(self._connection, self._club_id).public(draft.code)
        waiting = [one for one in opinions if one.key not in printed]
        mine = and_(PaperTable.club_id == self._club_id, PaperTable.id == paper_id)
        counted = update(PaperTable).where(mine).values(opinions=len(waiting))
        self._connection.execute(counted)
        found = [*_passages(draft), *map(_opinion_passage, waiting)]
        self._passages.replace(paper_id, draft.title, found)

    def refresh(self, content: PaperContent) -> None:
        """Indexes the current revision anew, and lets every snapshot know of it."""
        head = content.head
        self._lock()
        mine = and_(PaperTable.club_id == self._club_id, PaperTable.id == head.paper_id)
        version = bump_version(self._connection, self._club_id)
        self._connection.execute(update(PaperTable).where(mine).values(version=version))
        draft = PaperDraft(
            number=head.number,
            code=head.code,
            title=head.title,
            digest="",
            subtitle=head.subtitle,
            abstract=head.abstract,
            category=head.category,
            chapter=head.chapter,
            paper_authors=content.paper_authors,
            contributors=head.contributors,
            sections=content.sections,
        )
        self.index(head.paper_id, draft)

    def _with_keys(self, paper_id: int, revision: int, draft: PaperDraft) -> PaperDraft:
        """The draft in which an opinion that stands on the page already is known as that."""
        before = (
            select(ItemTable.text, ItemTable.attributed_to, ItemTable.opinion)
            .join(
                RevisionTable,
                and_(
                    RevisionTable.club_id == ItemTable.club_id,
                    RevisionTable.id == ItemTable.revision_id,
                ),
            )
            .where(
                ItemTable.club_id == self._club_id,
                RevisionTable.paper_id == paper_id,
                RevisionTable.number == revision,
                ItemTable.opinion.is_not(None),
            )
        )
        given = {item.opinion for section in draft.sections for item in section.items}
        known: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for said, names, key in self._connection.execute(before):
            if key is not None and key not in given:
                known.setdefault((said, names), []).append(key)
        if not known:
            return draft

        def with_key(item: ItemRow) -> ItemRow:
            keys = known.get((item.text, item.attributed_to))
            return replace(item, opinion=keys.pop(0)) if keys and not item.opinion else item

        sections = tuple(
            replace(section, items=tuple(with_key(item) for item in section.items))
            for section in draft.sections
        )
        return replace(draft, sections=sections)


def _opinion_passage(opinion: Opinion) -> Passage:
    return Passage(
        "community_opinions",
        opinion.text,
        heading="Opinions",
        topic=opinion.topic,
        page_start=opinion.page_start,
        page_end=opinion.page_end,
        extra=(opinion.name or "") if opinion.is_named else "",
    )


def _passages(draft: PaperDraft) -> Iterator[Passage]:
    shown = [text for text in (draft.subtitle, draft.abstract) if text]
    names = [contributor.name for contributor in draft.contributors]
    extra = [draft.code, draft.category or "", draft.chapter or "", *names, *draft.paper_authors]
    yield Passage(HEAD, " ".join(shown), extra=" ".join(extra))
    yield from section_passages(draft.sections)
