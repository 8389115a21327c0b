"""Special procedures suspend a case for the time that was told in writing."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0009_suspensions"
down_revision = "0008_own_matters"
branch_labels = None
depends_on = None

RUNNING = sa.text("ended_on IS NULL")


def upgrade() -> None:
    op.create_table(
        "suspensions",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("procedure", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("told_until", sa.Date(), nullable=False),
        sa.Column("notice_method", sa.String(length=16), nullable=False),
        sa.Column("notice_proof", sa.Text(), nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=False),
        sa.Column("suspended_by", sa.String(length=64), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "procedure IN ('hearing', 'tender', 'auction', 'inspection', 'testing', 'quarantine', "
            "'appraisal', 'expert_review')",
            name=op.f("ck_suspensions_known_procedure"),
        ),
        sa.CheckConstraint(
            "notice_method IN ('pick_up', 'post', 'home_visit', 'electronic')",
            name=op.f("ck_suspensions_known_method"),
        ),
        sa.CheckConstraint("days > 0 AND told_until > start", name=op.f("ck_suspensions_some_time")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_suspensions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index("ix_suspensions_case_id", "suspensions", ["case_id"])
    op.create_index(
        "uq_suspensions_running",
        "suspensions",
        ["case_id"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def downgrade() -> None:
    op.drop_index("uq_suspensions_running", "suspensions")
    op.drop_index("ix_suspensions_case_id", "suspensions")
    op.drop_table("suspensions")
