"""Passages: what the search looks through, one for each paper, section and item.

Only the current revision of a paper has passages. The column ``words`` holds what is searched, in
three fields (title, place, body) of folded words with a lone ``_`` between them, and then the marks
of title and place, so that a word in a title can be asked for by itself: ``_1bitcoin``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    TextClause,
    bindparam,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of, page_range, within_club
from storage.bulk import insert_rows
from storage.folding import fold_words
from storage.sections import SECTION_KINDS, ItemRow, SectionRow

HEAD = "head"
TITLE_MARK = "_1"
PLACE_MARK = "_2"
# A passage's id begins with its club, so a range of ids is a club: a range costs the index nothing.
_CLUB_SHIFT = 40
# Far more than any honest section; PostgreSQL indexes no more than a megabyte of one passage.
_LONGEST_BODY = 200_000


class PassageTable(Base):
    __tablename__ = "passages"
    __table_args__ = (
        within_club(["paper_id"], "papers", ["id"]),
        one_of("kind", (HEAD, *SECTION_KINDS)),
        CheckConstraint(f"id / {1 << _CLUB_SHIFT} = club_id", name="id"),
        page_range(),
        CheckConstraint("item_position IS NULL OR section_position IS NOT NULL", name="position"),
        Index(None, "club_id", "paper_id"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    club_id: Mapped[int]
    paper_id: Mapped[int]
    kind: Mapped[str]
    section_position: Mapped[int | None]
    item_position: Mapped[int | None]
    title: Mapped[str]
    heading: Mapped[str | None]
    topic: Mapped[str | None]
    text: Mapped[str]
    page_start: Mapped[int | None]
    page_end: Mapped[int | None]
    words: Mapped[str]


class WordTable(Base):
    __tablename__ = "words"

    club_id: Mapped[int] = mapped_column(
        ForeignKey("clubs.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(primary_key=True)


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage on its way in; ``extra`` is searched as well but not shown."""

    kind: str
    text: str
    heading: str | None = None
    topic: str | None = None
    section_position: int | None = None
    item_position: int | None = None
    page_start: int | None = None
    page_end: int | None = None
    extra: str = ""


def club_range(club_id: int) -> tuple[int, int]:
    """The first and the last id that a passage of the club can have."""
    return club_id << _CLUB_SHIFT, ((club_id + 1) << _CLUB_SHIFT) - 1


def section_passages(sections: Iterable[SectionRow]) -> Iterator[Passage]:
    """A passage for each section and for each item."""
    for position, section in enumerate(sections):
        yield Passage(
            section.kind,
            section.text,
            heading=section.heading,
            section_position=position,
            extra=" ".join(section.attributed_to),
        )
        for item_position, item in enumerate(section.items):
            yield Passage(
                section.kind,
                _item_text(item),
                heading=section.heading,
                topic=item.topic or item.label,
                section_position=position,
                item_position=item_position,
                page_start=item.page_start,
                page_end=item.page_end,
                extra=" ".join(item.attributed_to),
            )


def _item_text(item: ItemRow) -> str:
    begins = [f"{item.label}:"] if item.topic and item.label else []
    return " ".join([*begins, *([item.text] if item.text else []), *_point_texts(item.points)])


def _point_texts(points: list[object]) -> Iterator[str]:
    for point in points:
        if isinstance(point, dict):
            if point.get("label"):
                yield f"{point['label']}:"
            if point.get("text"):
                yield str(point["text"])
            yield from _point_texts(point.get("points") or [])


_REMOVE = (
    delete(PassageTable)
    .where(PassageTable.club_id == bindparam("club"), PassageTable.paper_id == bindparam("paper"))
    .returning(PassageTable.words)
)
_INDEX = text(
    "INSERT INTO passage_index (rowid, words)"
    " SELECT id, words FROM passages WHERE id BETWEEN :first AND :last"
)


class PassageWriter:
    """Writes passages within one unit of work, for a club that this unit has locked."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id
        self._next_id: int | None = None
        self._known_words: set[str] = set()

    def replace(self, paper_id: int, title: str, passages: Iterable[Passage]) -> None:
        """Puts the passages of a paper's new revision in the place of the old ones."""
        title_words = fold_words(title)
        new_words = set(title_words)
        rows: list[dict[str, object]] = []
        for number, passage in enumerate(passages, self._first_id()):
            place, body = _place_words(passage), fold_words(f"{passage.text} {passage.extra}")
            new_words.update(place, body)
            rows.append(self._row(paper_id, title, number, passage))
            rows[-1]["words"] = _words(title_words, place, body, passage.kind == HEAD)
        old_words = self._remove(paper_id)
        insert_rows(self._connection, PassageTable, rows)
        if self._connection.dialect.name == "sqlite":
            # By a trigger the index would be written to the disk for each row.
            span = {"first": rows[0]["id"], "last": rows[-1]["id"]}
            self._connection.execute(_INDEX, span)
        self._next_id = self._first_id() + len(rows)
        self._add_words(new_words)
        self._drop_words(old_words - new_words)

    def _row(self, paper_id: int, title: str, number: int, passage: Passage) -> dict[str, object]:
        return {
            "id": number,
            "club_id": self._club_id,
            "paper_id": paper_id,
            "kind": passage.kind,
            "section_position": passage.section_position,
            "item_position": passage.item_position,
            "title": title,
            "heading": passage.heading,
            "topic": passage.topic,
            "text": passage.text,
            "page_start": passage.page_start,
            "page_end": passage.page_end,
        }

    def _first_id(self) -> int:
        if self._next_id is None:
            first, last = club_range(self._club_id)
            newest = select(func.max(PassageTable.id)).where(PassageTable.id.between(first, last))
            self._next_id = (self._connection.execute(newest).scalar() or first) + 1
        return self._next_id

    def _remove(self, paper_id: int) -> set[str]:
        values = {"club": self._club_id, "paper": paper_id}
        removed = self._connection.execute(_REMOVE, values).scalars()
        # Neither separators nor marks.
        return {word for words in removed for word in words.split() if word[0] != "_"}

    def _add_words(self, words: set[str]) -> None:
        # Numbers are never misspelt words, and the codes alone would be as many as the papers.
        unseen = sorted(word for word in words - self._known_words if not word.isdecimal())
        if unseen:
            self._run(_ADD_WORDS, words=unseen)
            self._known_words.update(unseen)

    def _drop_words(self, words: set[str]) -> None:
        """Forgets words that no passage of the club holds any more."""
        if not words:
            return
        self._known_words -= words
        first, last = club_range(self._club_id)
        self._run(_DROP_WORDS, words=sorted(words), first=first, last=last)

    def _run(self, by_dialect: dict[str, TextClause], *, words: list[str], **values: int) -> None:
        is_sqlite = self._connection.dialect.name == "sqlite"
        # One statement for all words: as rows of their own they cost more than all else of a page.
        listed = json.dumps(words) if is_sqlite else words
        statement = by_dialect[self._connection.dialect.name]
        self._connection.execute(statement, {"club": self._club_id, "words": listed, **values})


_ADD_WORDS = {
    "sqlite": text(
        "INSERT OR IGNORE INTO words (club_id, word) SELECT :club, value FROM json_each(:words)"
    ),
    "postgresql": text(
        "INSERT INTO words (club_id, word) SELECT :club, unnest(CAST(:words AS text[]))"
        " ON CONFLICT DO NOTHING"
    ),
}
_DROP_WORDS = {
    "sqlite": text(
        "DELETE FROM words WHERE club_id = :club AND word IN (SELECT value FROM json_each(:words))"
        " AND NOT EXISTS (SELECT 1 FROM passage_index"
        " WHERE passage_index MATCH '\"' || word || '\"' AND rowid BETWEEN :first AND :last)"
    ),
    "postgresql": text(
        "DELETE FROM words WHERE club_id = :club AND word = ANY(CAST(:words AS text[]))"
        " AND NOT EXISTS (SELECT 1 FROM passages WHERE id BETWEEN :first AND :last"
        " AND vector @@ CAST('''' || word || ''' & ''_0' || :club || '''' AS tsquery))"
    ),
}


def _place_words(passage: Passage) -> list[str]:
    # A section's heading is a word of the section, and would be mere noise in each of its items.
    return fold_words((passage.heading if passage.item_position is None else passage.topic) or "")


def _words(title: list[str], place: list[str], body: list[str], is_head: bool) -> str:
    marked = [TITLE_MARK + word for word in title] if is_head else []
    marked += [PLACE_MARK + word for word in place]
    fields = (" ".join(title), " ".join(place), " ".join(body)[:_LONGEST_BODY], " ".join(marked))
    return " _ ".join(fields)
