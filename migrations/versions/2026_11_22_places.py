"""Where things go in a place, codes that found or join a club, posts, leases, platforms' own notes.

Revision: 2026_11_22_places, after 2026_11_22_archive.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import check, instant, integer, primary, reference, text

revision = "2026_11_22_places"
down_revision = "2026_11_22_archive"

PLATFORMS = "platform IN ('discord', 'telegram', 'console')"
_SETTINGS = (
    "organiser_role",
    "announcements_chat",
    "announcements_thread",
    "opinions_chat",
    "opinions_thread",
)


def upgrade() -> None:
    with op.batch_alter_table("places") as places:
        for name in _SETTINGS:
            places.add_column(sa.Column(name, sa.Text(), nullable=True))
    op.create_table(
        "codes",
        text("digest"),
        text("purpose"),
        integer("club_id", nullable=True),
        instant("expires_at"),
        check("codes", "purpose", "purpose IN ('found', 'join')"),
        check("codes", "club", "(purpose = 'join') = (club_id IS NOT NULL)"),
        check("codes", "digest", "length(digest) = 64"),
        reference("codes", ["club_id"], "clubs", ["id"]),
        primary("codes", "digest"),
    )
    op.create_table(
        "posts",
        text("platform"),
        text("chat_id"),
        text("message_id"),
        integer("club_id"),
        text("subject_kind"),
        text("subject_key"),
        instant("sent_at"),
        check("posts", "platform", PLATFORMS),
        reference("posts", ["club_id"], "clubs", ["id"]),
        primary("posts", "platform", "chat_id", "message_id"),
    )
    op.create_index(
        "ix_posts_club_id_subject_kind_subject_key",
        "posts",
        ["club_id", "subject_kind", "subject_key"],
    )
    op.create_table(
        "platform_state",
        text("platform"),
        text("key"),
        text("value"),
        check("platform_state", "platform", PLATFORMS),
        primary("platform_state", "platform", "key"),
    )
    op.create_table(
        "leases",
        text("name"),
        text("owner"),
        instant("until"),
        primary("leases", "name"),
    )


def downgrade() -> None:
    for name in ("leases", "platform_state", "posts", "codes"):
        op.drop_table(name)
    with op.batch_alter_table("places") as places:
        for name in reversed(_SETTINGS):
            places.drop_column(name)
