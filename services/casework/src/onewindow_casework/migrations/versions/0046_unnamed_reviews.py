"""An unnamed review stands on no case: what told of one in a timeline is taken out."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0046_unnamed_reviews"
down_revision = "0045_populations_told"
branch_labels = None
depends_on = None

TIMELINE = sa.table("timeline", *map(sa.column, ("case_id", "step")), sa.column("at", UtcDateTime()))
REVIEWS = sa.table(
    "reviews",
    sa.column("case_id"),
    sa.column("anonymous", sa.Boolean()),
    sa.column("rated_at", UtcDateTime()),
)
SAME = sa.and_(REVIEWS.c.case_id == TIMELINE.c.case_id, REVIEWS.c.rated_at == TIMELINE.c.at)


def upgrade() -> None:
    unnamed = sa.exists().where(SAME, REVIEWS.c.anonymous)
    op.execute(sa.delete(TIMELINE).where(TIMELINE.c.step == "reviewed", unnamed))


def downgrade() -> None:
    """Leave it out: who was not named stays so."""
