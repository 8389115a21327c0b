"""A closed case may be taken up again; the outcome that it had becomes a former one."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0016_reopening"
down_revision = "0015_assignment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("reopened_at", UtcDateTime(), nullable=True))
    op.add_column("case_steps", sa.Column("again_of", sa.Integer(), nullable=True))
    op.create_table(
        "reopenings",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.Text(), nullable=False),
        sa.Column("outcome_sealed", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.Column("overdue_on", sa.Date(), nullable=True),
        sa.Column("overdue_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reopenings_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopenings")),
    )
    op.create_index("ix_reopenings_case_id_id", "reopenings", ["case_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_reopenings_case_id_id", "reopenings")
    op.drop_table("reopenings")
    op.drop_column("case_steps", "again_of")
    op.drop_column("cases", "reopened_at")
