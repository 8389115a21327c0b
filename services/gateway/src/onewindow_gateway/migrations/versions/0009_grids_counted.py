"""Changes of counters can say of which grid cell is what they count."""

from onewindow_shared.plumbing.rollup_tables import forget_grids, know_grids

revision = "0009_grids_counted"
down_revision = "0008_audit_reasons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    know_grids()


def downgrade() -> None:
    forget_grids()
