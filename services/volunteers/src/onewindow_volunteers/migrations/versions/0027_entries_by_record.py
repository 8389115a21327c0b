"""The minutes of one record are added up without looking at all entries."""

from alembic import op

revision = "0027_entries_by_record"
down_revision = "0026_needs_end"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_hour_entries_record_id", "hour_entries", ["record_id"])


def downgrade() -> None:
    op.drop_index("ix_hour_entries_record_id", "hour_entries")
