"""What a mirror shows, so that the same is not shown again.

Revision: 2026_11_28_mirrors, after 2026_11_24_sessions.
"""

from __future__ import annotations

from alembic import op

from migrations.columns import text

revision = "2026_11_28_mirrors"
down_revision = "2026_11_24_sessions"


def upgrade() -> None:
    op.add_column("mirrors", text("digest", nullable=True))


def downgrade() -> None:
    op.drop_column("mirrors", "digest")
