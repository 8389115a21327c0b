"""An offer to hand a case on ends with the work on it."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.database import UtcDateTime

revision = "0047_offers_of_ended_work"
down_revision = "0046_unnamed_reviews"
branch_labels = None
depends_on = None

IN_HAND = ("accepted", "tolerant_accepted", "handling", "suspended")
CASES = sa.table("cases", *map(sa.column, ("id", "status")))
OFFERS = sa.table(
    "charge_offers",
    *map(sa.column, ("case_id", "state", "version")),
    sa.column("settled_at", UtcDateTime()),
)


def upgrade() -> None:
    past = sa.select(CASES.c.id).where(CASES.c.status.not_in(IN_HAND))
    waits = sa.and_(OFFERS.c.state == "offered", OFFERS.c.case_id.in_(past))
    ended = {"state": "withdrawn", "settled_at": system_clock(), "version": OFFERS.c.version + 1}
    op.execute(sa.update(OFFERS).where(waits).values(ended))


def downgrade() -> None:
    """Leave them ended: nobody could accept them."""
