"""Changes of counters can say how many days it took what they count."""

from onewindow_shared.plumbing.rollup_tables import forget_days, know_days

revision = "0007_days_counted"
down_revision = "0006_areas_end"
branch_labels = None
depends_on = None


def upgrade() -> None:
    know_days()


def downgrade() -> None:
    forget_days()
