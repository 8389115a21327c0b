"""A case knows until when its applicant was told that it can be reviewed."""

import sqlalchemy as sa
from alembic import op

revision = "0036_review_until"
down_revision = "0035_delays_owed"
branch_labels = None
depends_on = None

TOLD = sa.text("review_until IS NOT NULL")


def upgrade() -> None:
    op.add_column("cases", sa.Column("review_until", sa.Date(), nullable=True))
    op.create_index(
        "ix_cases_review_until", "cases", ["review_until"], postgresql_where=TOLD, sqlite_where=TOLD
    )


def downgrade() -> None:
    op.drop_index("ix_cases_review_until", "cases")
    op.drop_column("cases", "review_until")
