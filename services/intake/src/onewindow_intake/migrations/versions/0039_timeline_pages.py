"""A page of a case's history is found by an index in its order."""

from alembic import op

revision = "0039_timeline_pages"
down_revision = "0038_withheld"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_timeline_case_no_at", "case_timeline", ["case_no", "at", "id"])
    op.drop_index("ix_case_timeline_case_no", "case_timeline")


def downgrade() -> None:
    op.create_index("ix_case_timeline_case_no", "case_timeline", ["case_no"])
    op.drop_index("ix_case_timeline_case_no_at", "case_timeline")
