"""Each case is owed once: an order says for which period, and what was never owed before is now.

An order says as well what it takes of the agreed hours, and its history what each completion told.
"""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0018_cases_owed"
down_revision = "0017_agency"
branch_labels = None
depends_on = None

OWED = """
UPDATE orders SET owed_on = (
    SELECT max(period_to) FROM instalments
    WHERE instalments.item = orders.item AND instalments.community = orders.community
    AND orders.confirmed_on BETWEEN period_from AND period_to
) WHERE item IN (SELECT code FROM work_items WHERE money_unit <> 'community')
"""
LOOK = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'fund.instalments', item, max(confirmed_at), max(confirmed_at), 0 FROM orders
WHERE confirmed_on IS NOT NULL AND owed_on IS NULL AND cases_done > 0
AND item IN (SELECT code FROM work_items WHERE money_unit <> 'community')
GROUP BY item ON CONFLICT (kind, entity_id) DO NOTHING
"""
COUNTED = """
UPDATE orders SET minutes_counted = CASE
    WHEN minutes_spent IS NOT NULL THEN minutes_spent
    WHEN status NOT IN ('recalled', 'refused', 'halted') THEN minutes
    WHEN EXISTS (SELECT 1 FROM order_steps WHERE order_id = orders.id AND step = 'begin') THEN minutes
    ELSE 0 END
"""


def upgrade() -> None:
    counted = sa.Column("minutes_counted", sa.Integer(), server_default="0", nullable=False)
    op.add_column("orders", counted)
    op.execute(COUNTED)
    op.add_column("order_steps", sa.Column("completion", Json, nullable=True))
    op.add_column("orders", sa.Column("owed_on", sa.Date(), nullable=True))
    op.execute(OWED)
    op.execute(LOOK)


def downgrade() -> None:
    op.drop_column("order_steps", "completion")
    op.drop_column("orders", "owed_on")
    op.drop_column("orders", "minutes_counted")
