"""Volunteers who have not served for long are asked whether they stay."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0018_inactivity"
down_revision = "0017_trained_help"
branch_labels = None
depends_on = None

LOOKED_AT = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'volunteer.inactive', volunteer_no, status_since, status_since, 0
FROM volunteers WHERE status = 'registered'
"""
FORGOTTEN = "DELETE FROM timers WHERE kind IN ('volunteer.inactive', 'volunteer.unanswered')"


def upgrade() -> None:
    op.create_table(
        "inactivity_askings",
        sa.Column("volunteer_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("link_index", sa.String(length=64), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("answer_by", UtcDateTime(), nullable=True),
        sa.Column("stayed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (answer_by IS NULL)",
            name=op.f("ck_inactivity_askings_answered_after_it_was_sent"),
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_inactivity_askings_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_inactivity_askings")),
        sa.UniqueConstraint("link_index", name=op.f("uq_inactivity_askings_link_index")),
    )
    op.create_index(
        "ix_inactivity_askings_unsent",
        "inactivity_askings",
        ["asked_at"],
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.execute(LOOKED_AT)


def downgrade() -> None:
    op.execute(FORGOTTEN)
    op.drop_table("inactivity_askings")
