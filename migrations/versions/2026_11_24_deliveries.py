"""What comes in and what goes out: inbox, deliveries, announcements; who and what can be reached.

Revision: 2026_11_24_deliveries, after 2026_11_22_places.
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

revision = "2026_11_24_deliveries"
down_revision = "2026_11_22_places"

PLATFORMS = "platform IN ('discord', 'telegram', 'console')"
STATES = "state IN ('pending', 'sent', 'unknown', 'failed', 'expired', 'cancelled')"


def upgrade() -> None:
    create_inbox()
    create_deliveries()
    table(
        "announcements",
        key("id"),
        integer("club_id"),
        text("text"),
        instant("created_at"),
        instant("confirmed_at", nullable=True),
        reference("announcements", ["club_id"], "clubs", ["id"]),
        primary("announcements", "id"),
    )
    op.create_index("ix_announcements_club_id", "announcements", ["club_id"])
    # Nothing has kept a form so far, so there is nothing to bring along.
    op.drop_table("asks")
    op.create_table(
        "asks",
        *(text(name) for name in ("platform", "chat_id", "account_id", "form")),
        instant("updated_at"),
        check("asks", "platform", PLATFORMS),
        primary("asks", "platform", "chat_id", "account_id"),
    )
    with op.batch_alter_table("places") as places:
        places.add_column(instant("gone_at", nullable=True))
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(instant("unreachable_at", nullable=True))
    with op.batch_alter_table("platform_state") as states:
        states.add_column(instant("saved_at", nullable=True))
    op.execute("UPDATE platform_state SET saved_at = CURRENT_TIMESTAMP")
    with op.batch_alter_table("platform_state") as states:
        states.alter_column("saved_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def create_inbox() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "inbox",
        text("source"),
        sa.Column("number", big, autoincrement=False, nullable=False),
        text("payload", nullable=True),
        instant("received_at"),
        instant("done_at", nullable=True),
        text("reply", nullable=True),
        primary("inbox", "source", "number"),
    )
    op.create_index(
        "ix_inbox_open",
        "inbox",
        ["source", "number"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )


def create_deliveries() -> None:
    table(
        "deliveries",
        key("id"),
        integer("club_id"),
        *(text(name) for name in ("key", "kind", "subject", "platform", "chat_id")),
        *(text(name, nullable=True) for name in ("thread_id", "server_id")),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        integer("person_id", nullable=True),
        instant("due_at"),
        instant("expires_at", nullable=True),
        text("state"),
        text("owner", nullable=True),
        *(instant(name, nullable=True) for name in ("lease_until", "started_at")),
        integer("attempts"),
        *(text(name, nullable=True) for name in ("message_id", "error")),
        instant("created_at"),
        instant("settled_at", nullable=True),
        check("deliveries", "platform", PLATFORMS),
        check("deliveries", "state", STATES),
        reference("deliveries", ["club_id"], "clubs", ["id"]),
        reference("deliveries", ["club_id", "person_id"], "people", ["club_id", "id"]),
        primary("deliveries", "id"),
        unique("deliveries", "club_id", "key"),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["due_at", "id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_deliveries_club_id_state", "deliveries", ["club_id", "state"])
    op.create_index(
        "ix_deliveries_club_id_kind_subject", "deliveries", ["club_id", "kind", "subject"]
    )


def downgrade() -> None:
    with op.batch_alter_table("platform_state") as states:
        states.drop_column("saved_at")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("unreachable_at")
    with op.batch_alter_table("places") as places:
        places.drop_column("gone_at")
    op.drop_table("asks")
    op.create_table(
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
    for name in ("announcements", "deliveries", "inbox"):
        op.drop_table(name)
