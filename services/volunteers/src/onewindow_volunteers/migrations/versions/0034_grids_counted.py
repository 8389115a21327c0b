"""Changes of counters can say of which grid cell is what they count."""

from onewindow_shared.plumbing.rollup_tables import forget_grids, know_grids

revision = "0034_grids_counted"
down_revision = "0033_refused_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    know_grids()


def downgrade() -> None:
    forget_grids()
