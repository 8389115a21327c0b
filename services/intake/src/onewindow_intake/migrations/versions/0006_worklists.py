"""Batches, words, saved views and bulk work."""

import sqlalchemy as sa
from alembic import op

revision = "0006_worklists"
down_revision = "0005_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offline_cases",
        sa.Column("client", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("judged", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_offline_cases_case_no")),
        sa.PrimaryKeyConstraint("client", "client_id", name=op.f("pk_offline_cases")),
    )
    op.create_index("ix_offline_cases_case_no", "offline_cases", ["case_no"])


def downgrade() -> None:
    op.drop_table("offline_cases")
