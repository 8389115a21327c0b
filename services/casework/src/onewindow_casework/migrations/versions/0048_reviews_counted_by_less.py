"""No figure of reviews is kept by channel or grid cell."""

import sqlalchemy as sa
from alembic import op

revision = "0048_reviews_counted_by_less"
down_revision = "0047_offers_of_ended_work"
branch_labels = None
depends_on = None

LEFT_OUT = ("channel", "grid")
ROLLUPS = sa.table("rollups", sa.column("metric"), sa.column("facet"))
DELTAS = sa.table("rollup_deltas", sa.column("metric"), *map(sa.column, LEFT_OUT))


def upgrade() -> None:
    kept = sa.and_(ROLLUPS.c.metric.like("reviews.%"), ROLLUPS.c.facet.in_(LEFT_OUT))
    op.execute(sa.delete(ROLLUPS).where(kept))
    waiting = sa.update(DELTAS).where(DELTAS.c.metric.like("reviews.%"))
    op.execute(waiting.values(dict.fromkeys(LEFT_OUT, "")))


def downgrade() -> None:
    """Leave them so: counting everything again brings them back."""
