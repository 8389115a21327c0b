"""Counters by day and by month, over all and by what they can be taken apart by."""

from onewindow_shared.plumbing.rollup_tables import put_together, take_apart

revision = "0023_facets"
down_revision = "0022_sealed_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    take_apart()


def downgrade() -> None:
    put_together()
