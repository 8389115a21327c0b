"""What somebody took down is found without looking at every need."""

from alembic import op

revision = "0015_own_needs"
down_revision = "0014_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_needs_taken_by_id", "needs", ["taken_by", "id"])


def downgrade() -> None:
    op.drop_index("ix_needs_taken_by_id", table_name="needs")
