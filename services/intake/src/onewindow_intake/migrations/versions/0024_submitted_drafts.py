"""A draft goes in the transaction that writes its case, so that no timer looks after what was cut off.

What was cut off before has its case, and goes.
"""

from alembic import op

revision = "0024_submitted_drafts"
down_revision = "0023_departments"
branch_labels = None
depends_on = None

HAVE_A_CASE = """
DELETE FROM drafts WHERE case_no IS NULL
AND CAST(id AS VARCHAR(20)) IN (SELECT key FROM idempotency_keys WHERE subject = '*drafts')
"""


def upgrade() -> None:
    op.execute("DELETE FROM timers WHERE kind = 'draft.left'")
    op.execute(HAVE_A_CASE)


def downgrade() -> None:
    pass
