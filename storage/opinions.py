"""Opinions: what members said of a paper, who may see it, and what they were asked about it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.clubs import bump_version
from storage.opinion_rows import (
    CHOOSE,
    DELETED,
    EDITED,
    MEMBERS,
    NAMED,
    NAMELESS,
    PRIVATE,
    PUBLIC,
    SAID,
    WORDING,
    Opinion,
    OpinionDraft,
    OpinionRevisionTable,
    OpinionTable,
    source_of,
)
from storage.paper_rows import PaperTable
from storage.people import PersonTable

__all__ = [
    "CHOOSE",
    "DELETED",
    "EDITED",
    "MEMBERS",
    "NAMED",
    "NAMELESS",
    "PRIVATE",
    "PUBLIC",
    "SAID",
    "WORDING",
    "Opinion",
    "OpinionDraft",
    "Opinions",
    "source_of",
]

_KEY_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_KEY_LENGTH = 8
_COLUMNS = tuple(
    getattr(OpinionTable, name)
    for name in (
        *("platform", "visibility", "text", "topic", "page_start", "page_end", "revision", "url"),
        *("question", "proposed", "proposed_by", "asked_at", "asked", "is_stuck", "hidden_at"),
        *("hidden_reason", "withdrawn_at", "created_at"),
    )
)
_OPINION = (
    OpinionTable.id,
    OpinionTable.key,
    PaperTable.code,
    OpinionTable.person_id,
    PersonTable.name,
    *_COLUMNS,
)
_SHOWN = and_(
    OpinionTable.withdrawn_at.is_(None), OpinionTable.hidden_at.is_(None), OpinionTable.text != ""
)


class Opinions:
    """The opinions of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(self, draft: OpinionDraft, at: datetime) -> Opinion | None:
        """A new opinion; None where this source has one already, whatever became of it."""
        paper = select(PaperTable.id).where(
            PaperTable.club_id == self._club_id, PaperTable.code == draft.code
        )
        values = {
            "club_id": self._club_id,
            "key": "".join(secrets.choice(_KEY_LETTERS) for _ in range(_KEY_LENGTH)),
            "paper_id": self._connection.execute(paper).scalar_one(),
            "person_id": draft.person_id,
            "platform": draft.platform,
            "visibility": draft.visibility,
            "text": draft.text,
            "topic": draft.topic,
            "page_start": draft.page_start,
            "page_end": draft.page_end,
            "revision": 1,
            "source": draft.source,
            "url": None if draft.visibility == NAMELESS else draft.url,
            "question": draft.question,
            "proposed": draft.proposed,
            "proposed_by": draft.proposed_by,
            "asked": 0,
            "is_stuck": False,
            "created_at": at,
        }
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(OpinionTable).on_conflict_do_nothing(
            index_elements=["club_id", "source"]
        )
        found = self._connection.execute(statement.values(values).returning(OpinionTable.id))
        number = found.scalar()
        if number is None:
            return None
        added = self._one(OpinionTable.id == number)
        if added is not None:
            self._note_revision(added, at)
        return added

    def by_key(self, key: str) -> Opinion | None:
        """Whoever asks must check whose it is."""
        return self._one(OpinionTable.key == key)

    def by_source(self, source: str) -> Opinion | None:
        return self._one(OpinionTable.source == source)

    def of_person(self, person_id: int) -> list[Opinion]:
        """All that a person gave and did not withdraw, the newest first; for them alone."""
        mine = and_(OpinionTable.person_id == person_id, OpinionTable.withdrawn_at.is_(None))
        return self._all(mine)[::-1]

    def public(self, code: str | None = None) -> list[Opinion]:
        """What anybody may read, of one paper or of all.

        Named ones come in the order in which they were given, then those without a name in an
        order that says nothing.
        """
        mine = [OpinionTable.visibility.in_(PUBLIC), _SHOWN]
        found = self._all(*mine, *([PaperTable.code == code] if code else []))
        nameless = sorted((one for one in found if not one.is_named), key=lambda one: one.key)
        return [one for one in found if one.is_named] + nameless

    def for_members(self, code: str) -> list[Opinion]:
        """What members of the club alone may read of a paper."""
        mine = and_(OpinionTable.visibility == MEMBERS, _SHOWN, PaperTable.code == code)
        return self._all(mine)

    def hidden(self, code: str) -> list[Opinion]:
        """Published ones that organisers have hidden."""
        mine = and_(
            OpinionTable.visibility.in_(PUBLIC),
            OpinionTable.hidden_at.is_not(None),
            OpinionTable.withdrawn_at.is_(None),
            PaperTable.code == code,
        )
        return self._all(mine)

    def waiting(self, person_id: int) -> list[Opinion]:
        """What a person was asked and has not answered, oldest first."""
        mine = and_(
            OpinionTable.person_id == person_id,
            OpinionTable.question.is_not(None),
            OpinionTable.withdrawn_at.is_(None),
        )
        return self._all(mine)

    def people_with_stuck(self) -> set[int]:
        """Those who wait to be asked something and could not be reached in private."""
        statement = select(OpinionTable.person_id).where(
            OpinionTable.club_id == self._club_id,
            OpinionTable.is_stuck,
            OpinionTable.question.is_not(None),
            OpinionTable.withdrawn_at.is_(None),
        )
        return {one for one in self._connection.execute(statement).scalars() if one is not None}

    def unanswered_before(self, instant: datetime) -> list[Opinion]:
        """Asked once in private before this instant, without an answer."""
        mine = and_(
            OpinionTable.question.is_not(None),
            OpinionTable.withdrawn_at.is_(None),
            OpinionTable.asked == 1,
            OpinionTable.asked_at < instant,
        )
        return self._all(mine)

    def given_since(self, person_id: int, instant: datetime) -> int:
        """How many a person gave since, withdrawn ones too."""
        statement = select(func.count()).where(
            OpinionTable.club_id == self._club_id,
            OpinionTable.person_id == person_id,
            OpinionTable.created_at >= instant,
        )
        return self._connection.execute(statement).scalar_one()

    def history(self, opinion_id: int) -> list[tuple[int, str, str, datetime]]:
        """Number, visibility, text and instant of each revision, oldest first."""
        table = OpinionRevisionTable
        statement = select(table.number, table.visibility, table.text, table.at).where(
            table.club_id == self._club_id, table.opinion_id == opinion_id
        )
        rows = self._connection.execute(statement.order_by(table.number))
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def change(self, opinion: Opinion, at: datetime, **values: object) -> Opinion:
        """Another text, topic, pages, paper or visibility: a revision more."""
        if values.get("visibility") == NAMELESS:
            values["url"] = None
        self.mark(opinion, revision=opinion.revision + 1, **values)
        changed = self._one(OpinionTable.id == opinion.id)
        if changed is None:
            raise LookupError(opinion.key)
        self._note_revision(changed, at)
        return changed

    def mark(self, opinion: Opinion, **values: object) -> None:
        """What was asked, answered or hidden: no revision of what it says."""
        if "code" in values:
            code = values.pop("code")
            values["paper_id"] = (
                select(PaperTable.id)
                .where(PaperTable.club_id == self._club_id, PaperTable.code == code)
                .scalar_subquery()
            )
        mine = and_(OpinionTable.club_id == self._club_id, OpinionTable.id == opinion.id)
        self._connection.execute(update(OpinionTable).where(mine).values(values))
        bump_version(self._connection, self._club_id)

    def withdraw(self, opinion: Opinion, at: datetime) -> None:
        """Takes it back for ever: nothing of what it said stays, only that there was one."""
        self._drop_history([opinion.id])
        gone = {"text": "", "topic": None, "page_start": None, "page_end": None, "url": None}
        self.mark(
            opinion,
            **gone,
            visibility=PRIVATE,
            question=None,
            proposed=None,
            is_stuck=False,
            withdrawn_at=at,
        )

    def part_from(self, person_id: int) -> list[Opinion]:
        """Leaves a person's public opinions without a name and an owner; gives them."""
        kept = [one for one in self.of_person(person_id) if one.visibility in PUBLIC]
        self._drop_history([one.id for one in kept])
        for one in kept:
            self.mark(
                one,
                person_id=None,
                platform=None,
                visibility=NAMELESS,
                source=None,
                url=None,
                question=None,
                proposed=None,
                proposed_by=None,
                is_stuck=False,
            )
        return kept

    def move(self, from_person: int, to_person: int, platform: str | None = None) -> None:
        """Gives a person's opinions to another, or those that were given on one platform."""
        mine = [OpinionTable.club_id == self._club_id, OpinionTable.person_id == from_person]
        if platform is not None:
            mine.append(OpinionTable.platform == platform)
        statement = update(OpinionTable).where(*mine)
        self._connection.execute(statement.values(person_id=to_person))
        bump_version(self._connection, self._club_id)

    def move_proposals(self, from_person: int, to_person: int | None) -> None:
        """Gives the wordings that somebody has proposed to another one, or to nobody."""
        mine = and_(OpinionTable.club_id == self._club_id, OpinionTable.proposed_by == from_person)
        self._connection.execute(update(OpinionTable).where(mine).values(proposed_by=to_person))

    def delete_of(self, person_id: int) -> None:
        """Removes every row of a person, withdrawn ones too."""
        mine = and_(OpinionTable.club_id == self._club_id, OpinionTable.person_id == person_id)
        found = self._connection.execute(select(OpinionTable.id).where(mine)).scalars()
        self._drop_history(list(found))
        self._connection.execute(delete(OpinionTable).where(mine))

    def _note_revision(self, opinion: Opinion, at: datetime) -> None:
        values = {
            "club_id": self._club_id,
            "opinion_id": opinion.id,
            "number": opinion.revision,
            "visibility": opinion.visibility,
            "text": opinion.text,
            "topic": opinion.topic,
            "page_start": opinion.page_start,
            "page_end": opinion.page_end,
            "at": at,
        }
        self._connection.execute(insert(OpinionRevisionTable).values(values))

    def _drop_history(self, opinion_ids: Sequence[int]) -> None:
        table = OpinionRevisionTable
        mine = and_(table.club_id == self._club_id, table.opinion_id.in_(opinion_ids))
        self._connection.execute(delete(table).where(mine))

    def _one(self, condition: ColumnElement[bool]) -> Opinion | None:
        found = self._all(condition)
        return found[0] if found else None

    def _all(self, *conditions: ColumnElement[bool]) -> list[Opinion]:
        paper = and_(
            PaperTable.club_id == OpinionTable.club_id, PaperTable.id == OpinionTable.paper_id
        )
        person = and_(
            PersonTable.club_id == OpinionTable.club_id, PersonTable.id == OpinionTable.person_id
        )
        statement = (
            select(*_OPINION)
            .select_from(OpinionTable)
            .join(PaperTable, paper)
            .outerjoin(PersonTable, person)
            .where(OpinionTable.club_id == self._club_id, *conditions)
            .order_by(OpinionTable.id)
        )
        return [Opinion(*row) for row in self._connection.execute(statement)]
