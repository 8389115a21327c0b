"""Residents' needs that came up in cases."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0014_case_needs"
down_revision = "0013_steps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_needs",
        sa.Column("need_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("told_of", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'offered', 'accepted', 'done', 'confirmed', 'withdrawn')",
            name=op.f("ck_case_needs_known_status"),
        ),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_case_needs")),
    )
    op.create_index("ix_case_needs_case_no_need_id", "case_needs", ["case_no", "need_id"])


def downgrade() -> None:
    op.drop_table("case_needs")
