"""Open cases that were late before anybody asked why are looked at again, so that their reasons are owed."""

from alembic import op

revision = "0035_delays_owed"
down_revision = "0034_grid_cells"
branch_labels = None
depends_on = None

LOOK_AGAIN = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'case.overdue', case_no, accepted_at, accepted_at, 0 FROM cases
WHERE open AND overdue AND NOT EXISTS (
    SELECT 1 FROM delays WHERE delays.case_id = cases.id AND delays.promised_on = cases.promised_due_on
) ON CONFLICT (kind, entity_id) DO NOTHING
"""


def upgrade() -> None:
    op.execute(LOOK_AGAIN)


def downgrade() -> None:
    """Leave what was asked: it is what would have been."""
