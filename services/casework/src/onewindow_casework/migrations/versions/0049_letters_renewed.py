"""Each letter of an agency keeps its own term: it can be renewed, and signed anew."""

import sqlalchemy as sa
from alembic import op

revision = "0049_letters_renewed"
down_revision = "0048_reviews_counted_by_less"
branch_labels = None
depends_on = None

AGENCIES = sa.table("agencies", *map(sa.column, ("case_id", "until")))
STEPS = sa.table("agency_steps", *map(sa.column, ("case_id", "state", "until")))


def upgrade() -> None:
    op.add_column("agency_steps", sa.Column("until", sa.Date(), nullable=True))
    theirs = sa.select(AGENCIES.c.until).where(AGENCIES.c.case_id == STEPS.c.case_id).scalar_subquery()
    signed = STEPS.c.state.in_(("entrusted", "resumed"))
    op.execute(sa.update(STEPS).where(signed).values(until=theirs))


def downgrade() -> None:
    op.drop_column("agency_steps", "until")
