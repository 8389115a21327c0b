"""What weighs on communities is computed from what they recorded, and no longer counted."""

import sqlalchemy as sa
from alembic import op

revision = "0052_burden_computed"
down_revision = "0051_officers_named"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("rollups", "rollup_deltas"):
        table = sa.table(name, sa.column("metric"))
        op.execute(sa.delete(table).where(table.c.metric.like("burden.%")))


def downgrade() -> None:
    """Leave them out: counting everything again brings them back."""
