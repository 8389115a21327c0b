"""Wrong codes are counted the same way in every service."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0005_guesses"
down_revision = "0004_evaluation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("certificate_wrong_codes")
    op.create_table(
        "wrong_codes",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wrong_codes")),
    )
    op.create_index("ix_wrong_codes_until", "wrong_codes", ["until"])


def downgrade() -> None:
    op.drop_table("wrong_codes")
    op.create_table(
        "certificate_wrong_codes",
        sa.Column("certificate_no", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("certificate_no", name=op.f("pk_certificate_wrong_codes")),
    )
    op.create_index("ix_certificate_wrong_codes_until", "certificate_wrong_codes", ["until"])
