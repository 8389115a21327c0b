"""The one extension of a case, with its reason and who approved it."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0010_extensions"
down_revision = "0009_suspensions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "extensions",
        sa.Column("case_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("notice_method", sa.String(length=16), nullable=False),
        sa.Column("notice_proof", sa.Text(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=False),
        sa.Column("approved_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_extensions_some_days")),
        sa.CheckConstraint(
            "notice_method IN ('pick_up', 'post', 'home_visit', 'electronic')",
            name=op.f("ck_extensions_known_method"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_extensions_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_extensions")),
    )


def downgrade() -> None:
    op.drop_table("extensions")
