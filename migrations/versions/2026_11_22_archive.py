"""Clubs, their archive with its search, people, places, stored actions and asks.

Revision: 2026_11_22_archive, after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import (
    check,
    dialect,
    instant,
    integer,
    json,
    key,
    part_of_revision,
    primary,
    reference,
    table,
    text,
    unique,
)

revision = "2026_11_22_archive"
down_revision = None

PLATFORMS = "platform IN ('discord', 'telegram', 'console')"
KINDS = (
    "'summary', 'why', 'lite_summary', 'authors', 'opinions', 'community_opinions', 'notes',"
    " 'in_depth', 'join', 'other'"
)
PAGES = (
    "(page_start IS NULL AND page_end IS NULL) OR (page_start IS NOT NULL AND page_end IS NOT NULL"
    " AND page_start BETWEEN 0 AND page_end AND page_end <= 1000000)"
)
PREFIX = {
    "sqlite": "prefix GLOB '[A-Z]*' AND prefix NOT GLOB '*[^A-Z0-9]*' AND length(prefix) <= 16",
    "postgresql": "prefix ~ '^[A-Z][A-Z0-9]{0,15}$'",
}
DATE = {
    "sqlite": (
        "date GLOB '[0-9][0-9][0-9][0-9]' OR date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]'"
        " OR date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'"
    ),
    "postgresql": "date ~ '^[0-9]{4}(-[01][0-9](-[0-3][0-9])?)?$'",
}
_SEARCH = ("words", "passages")
_CHAT = ("asks", "stored_actions", "places")
_PAPERS = ("items", "sections", "links", "contributors", "contacts", "revisions", "papers")
_PEOPLE = ("roles", "accounts", "people", "clubs")


def upgrade() -> None:
    create_clubs_and_people()
    create_papers()
    create_sections()
    create_chat()
    create_search()


def downgrade() -> None:
    if dialect() == "sqlite":
        op.execute("DROP TABLE passage_index")
    else:
        op.drop_constraint("fk_papers_current_revision", "papers", type_="foreignkey")
    for name in (*_SEARCH, *_CHAT, *_PAPERS, *_PEOPLE):
        op.drop_table(name)


def create_clubs_and_people() -> None:
    table(
        "clubs",
        key("id"),
        text("prefix"),
        text("name"),
        text("time_zone"),
        integer("version"),
        instant("created_at"),
        check("clubs", "prefix", PREFIX[dialect()]),
        check("clubs", "version", "version >= 0"),
        unique("clubs", "prefix"),
    )
    table(
        "people",
        key("id"),
        integer("club_id"),
        text("name"),
        text("time_zone", nullable=True),
        instant("created_at"),
        instant("left_at", nullable=True),
        reference("people", ["club_id"], "clubs", ["id"]),
        unique("people", "club_id", "id"),
    )
    person = ["club_id", "person_id"]
    table(
        "accounts",
        integer("club_id"),
        integer("person_id"),
        text("platform"),
        text("account_id"),
        text("name"),
        check("accounts", "platform", PLATFORMS),
        reference("accounts", person, "people", ["club_id", "id"]),
        primary("accounts", *person, "platform"),
        unique("accounts", "club_id", "platform", "account_id"),
    )
    table(
        "roles",
        integer("club_id"),
        integer("person_id"),
        text("role"),
        check("roles", "role", "role IN ('organiser')"),
        reference("roles", person, "people", ["club_id", "id"]),
        primary("roles", *person, "role"),
    )


def create_papers() -> None:
    current = (
        ["club_id", "id", "current_revision"],
        ["club_id", "paper_id", "number"],
    )
    # SQLite takes a reference to a table that is still to come and cannot add one later.
    to_come = sa.ForeignKeyConstraint(
        current[0],
        [f"revisions.{column}" for column in current[1]],
        name="fk_papers_current_revision",
        use_alter=True,
        deferrable=True,
        initially="DEFERRED",
    )
    table(
        "papers",
        key("id"),
        *(integer(name) for name in ("club_id", "number")),
        text("code"),
        *(integer(name) for name in ("current_revision", "version")),
        *(instant(name) for name in ("created_at", "updated_at")),
        check("papers", "number", "number >= 0"),
        check("papers", "version", "version >= 1"),
        to_come,
        reference("papers", ["club_id"], "clubs", ["id"]),
        unique("papers", "club_id", "code"),
        unique("papers", "club_id", "id"),
        unique("papers", "club_id", "number"),
    )
    op.create_index("ix_papers_club_id_version", "papers", ["club_id", "version"])
    table(
        "revisions",
        key("id"),
        *(integer(name) for name in ("club_id", "paper_id", "number")),
        *(text(name) for name in ("digest", "title")),
        *(
            text(name, nullable=True)
            for name in ("subtitle", "abstract", "category", "chapter", "date")
        ),
        text("summary"),
        text("outline"),
        text("paper_authors"),
        instant("created_at"),
        integer("created_by", nullable=True),
        check("revisions", "date", DATE[dialect()]),
        check("revisions", "digest", "length(digest) = 64"),
        check("revisions", "number", "number >= 1"),
        reference("revisions", ["club_id", "created_by"], "people", ["club_id", "id"], None),
        reference("revisions", ["club_id", "paper_id"], "papers", ["club_id", "id"]),
        unique("revisions", "club_id", "id"),
        unique("revisions", "club_id", "paper_id", "number"),
    )
    if dialect() != "sqlite":
        op.create_foreign_key(
            "fk_papers_current_revision",
            "papers",
            "revisions",
            *current,
            deferrable=True,
            initially="DEFERRED",
        )
    table(
        "contacts",
        integer("club_id"),
        integer("paper_id"),
        *(text(name) for name in ("name", "kind", "value")),
        check("contacts", "length", "length(name) + length(kind) + length(value) <= 600"),
        reference("contacts", ["club_id", "paper_id"], "papers", ["club_id", "id"]),
        primary("contacts", "club_id", "paper_id", "name", "kind", "value"),
    )
    for name, columns in (
        ("contributors", (text("name"), text("role"))),
        ("links", (text("url"), text("label", nullable=True))),
    ):
        table(name, *part_of_revision(name), *columns)


def create_sections() -> None:
    table(
        "sections",
        *part_of_revision("sections"),
        *(text(name) for name in ("kind", "heading", "text")),
        text("attributed_to"),
        check("sections", "kind", f"kind IN ({KINDS})"),
        check("sections", "position", "position >= 0"),
    )
    section = ["club_id", "revision_id", "section_position"]
    table(
        "items",
        *(integer(name) for name in (*section, "position")),
        *(text(name, nullable=True) for name in ("number", "topic", "label")),
        *(integer(name, nullable=True) for name in ("page_start", "page_end")),
        text("text"),
        text("attributed_to"),
        json("points"),
        check("items", "pages", PAGES),
        check("items", "position", "position >= 0"),
        reference("items", section, "sections", ["club_id", "revision_id", "position"]),
        primary("items", *section, "position"),
    )


def create_chat() -> None:
    table(
        "places",
        key("id"),
        integer("club_id"),
        text("platform"),
        text("chat_id"),
        text("thread_id", nullable=True),
        check("places", "platform", PLATFORMS),
        reference("places", ["club_id"], "clubs", ["id"]),
    )
    op.create_index("ix_places_club_id", "places", ["club_id"])
    for name, columns, only in (
        ("uq_places_chat", ["platform", "chat_id"], sa.text("thread_id IS NULL")),
        (
            "uq_places_thread",
            ["platform", "chat_id", "thread_id"],
            sa.text("thread_id IS NOT NULL"),
        ),
    ):
        op.create_index(
            name, "places", columns, unique=True, sqlite_where=only, postgresql_where=only
        )
    table(
        "stored_actions",
        key("id"),
        integer("club_id"),
        integer("owner_id", nullable=True),
        text("command"),
        json("arguments"),
        instant("created_at"),
        reference("stored_actions", ["club_id", "owner_id"], "people", ["club_id", "id"]),
        reference("stored_actions", ["club_id"], "clubs", ["id"]),
    )
    table(
        "asks",
        integer("club_id"),
        integer("person_id"),
        text("place"),
        text("command"),
        json("values"),
        instant("updated_at"),
        reference("asks", ["club_id", "person_id"], "people", ["club_id", "id"]),
        primary("asks", "club_id", "person_id", "place"),
    )


def create_search() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    table(
        "passages",
        sa.Column("id", big, autoincrement=False, nullable=False),
        *(integer(name) for name in ("club_id", "paper_id")),
        text("kind"),
        *(integer(name, nullable=True) for name in ("section_position", "item_position")),
        text("title"),
        *(text(name, nullable=True) for name in ("heading", "topic")),
        text("text"),
        *(integer(name, nullable=True) for name in ("page_start", "page_end")),
        text("words"),
        check("passages", "id", "id / 1099511627776 = club_id"),
        check("passages", "kind", f"kind IN ('head', {KINDS})"),
        check("passages", "pages", PAGES),
        check("passages", "position", "item_position IS NULL OR section_position IS NOT NULL"),
        reference("passages", ["club_id", "paper_id"], "papers", ["club_id", "id"]),
        primary("passages", "id"),
    )
    op.create_index("ix_passages_club_id_paper_id", "passages", ["club_id", "paper_id"])
    table(
        "words",
        integer("club_id"),
        text("word"),
        reference("words", ["club_id"], "clubs", ["id"]),
        primary("words", "club_id", "word"),
    )
    for statement in SEARCH_INDEX[dialect()]:
        op.execute(statement)


# Words come folded and separated, so neither database may do anything to them. Whoever inserts a
# passage indexes it too; what is deleted, by whatever way, the trigger takes out of the index. A
# rebuild of the table on SQLite (a batch) loses it: the step that does one must create it again.
SEARCH_INDEX = {
    "sqlite": (
        """
        CREATE VIRTUAL TABLE passage_index USING fts5(
            words, content='passages', content_rowid='id', tokenize="ascii tokenchars '_'",
            prefix='2'
        )
        """,
        """
        CREATE TRIGGER passages_delete AFTER DELETE ON passages BEGIN
            INSERT INTO passage_index(passage_index, rowid, words)
            VALUES ('delete', old.id, old.words);
        END
        """,
    ),
    "postgresql": (
        """
        ALTER TABLE passages ADD COLUMN vector tsvector NOT NULL GENERATED ALWAYS AS (
            array_to_tsvector(
                array_remove(string_to_array(words, ' '), '') || ('_0' || club_id::text)
            )
        ) STORED
        """,
        "CREATE INDEX ix_passages_vector ON passages USING gin (vector)",
    ),
}
