"""Needs from before are given up, and forgotten, in time."""

from alembic import op

revision = "0026_needs_end"
down_revision = "0025_days_counted"
branch_labels = None
depends_on = None

FORGOTTEN = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'need.forgotten', CAST(id AS VARCHAR(20)), status_since, status_since, 0 FROM needs
WHERE NOT EXISTS (
    SELECT 1 FROM timers WHERE kind = 'need.forgotten' AND entity_id = CAST(needs.id AS VARCHAR(20))
)
"""


def upgrade() -> None:
    op.execute(FORGOTTEN)


def downgrade() -> None:
    op.execute("DELETE FROM timers WHERE kind = 'need.forgotten'")
