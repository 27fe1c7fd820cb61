"""Opinions with their revisions, digests, claims, links, the audit log, and what a member sets.

Revision: 2026_11_24_opinions, after 2026_11_24_deliveries.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import (
    check,
    instant,
    integer,
    json,
    key,
    primary,
    reference,
    table,
    text,
    unique,
)

revision = "2026_11_24_opinions"
down_revision = "2026_11_24_deliveries"

_PLATFORMS = "platform IN ('discord', 'telegram', 'console')"
_PAGES = (
    "(page_start IS NULL AND page_end IS NULL) OR (page_start IS NOT NULL"
    " AND page_end IS NOT NULL AND page_start BETWEEN 0 AND page_end"
    " AND page_end <= 1000000)"
)
_PEOPLE = ("joined_at", "standing", "shows_name", "is_quiet", "barred_at")


def upgrade() -> None:
    _change_people()
    op.add_column("papers", sa.Column("opinions", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("items", text("opinion", nullable=True))
    op.create_index("ix_items_opinion", "items", ["club_id", "opinion"])
    _create_opinions()
    _create_around()


def _change_people() -> None:
    # One by one: making these tables anew would take with them what hangs under a person.
    op.add_column("people", instant("joined_at", nullable=True))
    op.add_column("people", sa.Column("standing", sa.Text(), nullable=False, server_default="ask"))
    op.add_column("people", _flag("shows_name", sa.true()))
    op.add_column("people", _flag("is_quiet", sa.false()))
    op.add_column("people", instant("barred_at", nullable=True))
    # Whoever is known so far has founded a club or organises one.
    op.execute("UPDATE people SET joined_at = created_at")
    op.add_column("accounts", instant("linked_at", nullable=True))
    op.add_column("accounts", text("roles_before", nullable=True))


def _flag(name: str, default: sa.ColumnElement[bool]) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=default)


def _create_opinions() -> None:
    table(
        "opinions",
        *(key("id"), integer("club_id"), text("key"), integer("paper_id")),
        *(integer("person_id", nullable=True), text("platform", nullable=True)),
        *(text("visibility"), text("text"), text("topic", nullable=True)),
        *(integer(name, nullable=True) for name in ("page_start", "page_end")),
        integer("revision"),
        *(text(name, nullable=True) for name in ("source", "url", "question", "proposed")),
        *(integer("proposed_by", nullable=True), instant("asked_at", nullable=True)),
        *(integer("asked"), sa.Column("is_stuck", sa.Boolean(), nullable=False)),
        *(instant("hidden_at", nullable=True), text("hidden_reason", nullable=True)),
        *(instant("withdrawn_at", nullable=True), instant("created_at")),
        check(
            "opinions", "visibility", "visibility IN ('private', 'members', 'nameless', 'named')"
        ),
        check(
            "opinions",
            "question",
            "question IN ('choose', 'edited', 'deleted', 'wording', 'said')",
        ),
        check("opinions", "platform", _PLATFORMS),
        check("opinions", "pages", _PAGES),
        check("opinions", "trace", "visibility <> 'nameless' OR url IS NULL"),
        reference("opinions", ["club_id"], "clubs", ["id"]),
        reference("opinions", ["club_id", "paper_id"], "papers", ["club_id", "id"]),
        reference("opinions", ["club_id", "person_id"], "people", ["club_id", "id"], None),
        unique("opinions", "club_id", "id"),
        unique("opinions", "club_id", "key"),
        unique("opinions", "club_id", "source"),
    )
    op.create_index("ix_opinions_club_id_paper_id", "opinions", ["club_id", "paper_id"])
    op.create_index("ix_opinions_club_id_person_id", "opinions", ["club_id", "person_id"])
    op.create_table(
        "opinion_revisions",
        *(integer(name) for name in ("club_id", "opinion_id", "number")),
        *(text("visibility"), text("text"), text("topic", nullable=True)),
        *(integer(name, nullable=True) for name in ("page_start", "page_end")),
        instant("at"),
        reference("opinion_revisions", ["club_id", "opinion_id"], "opinions", ["club_id", "id"]),
        primary("opinion_revisions", "club_id", "opinion_id", "number"),
    )


def _create_around() -> None:
    people = ("people", ["club_id", "id"])
    op.create_table(
        "digests",
        *(integer("club_id"), integer("paper_id"), text("introduction", nullable=True)),
        *(text("topics"), json("renames"), instant("updated_at")),
        reference("digests", ["club_id", "paper_id"], "papers", ["club_id", "id"]),
        primary("digests", "club_id", "paper_id"),
    )
    op.create_table(
        "claims",
        *(integer("club_id"), text("name"), integer("person_id")),
        *(instant("at"), instant("agreed_at", nullable=True)),
        reference("claims", ["club_id", "person_id"], *people),
        primary("claims", "club_id", "name", "person_id"),
    )
    table(
        "link_codes",
        *(key("id"), integer("club_id"), text("digest"), integer("giver_id"), text("platform")),
        *(integer("taker_id", nullable=True), text("taker_platform", nullable=True)),
        *(sa.Column("is_taken", sa.Boolean(), nullable=False), instant("expires_at")),
        check("link_codes", "platform", _PLATFORMS),
        reference("link_codes", ["club_id", "giver_id"], *people),
        reference("link_codes", ["club_id", "taker_id"], *people),
        unique("link_codes", "digest"),
    )
    table(
        "audit",
        *(key("id"), integer("club_id"), instant("at")),
        *(integer("by_id", nullable=True), integer("about_id", nullable=True)),
        *(text("action"), text("subject"), text("detail")),
        reference("audit", ["club_id"], "clubs", ["id"]),
        reference("audit", ["club_id", "by_id"], *people, None),
        reference("audit", ["club_id", "about_id"], *people, None),
    )
    op.create_index("ix_audit_club_id_id", "audit", ["club_id", "id"])


def downgrade() -> None:
    for name in ("audit", "link_codes", "claims", "digests", "opinion_revisions", "opinions"):
        op.drop_table(name)
    op.drop_index("ix_items_opinion", "items")
    op.drop_column("items", "opinion")
    op.drop_column("papers", "opinions")
    op.drop_column("accounts", "roles_before")
    op.drop_column("accounts", "linked_at")
    for name in reversed(_PEOPLE):
        op.drop_column("people", name)
