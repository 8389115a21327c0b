"""A guardian's account ends with the minor's majority; casework hears of accounts that have ended.

What was posted before is looked at once: guardians who still reach a case, and agents of accepted ones.
"""

from alembic import op

revision = "0031_accounts_end"
down_revision = "0030_number_end"
branch_labels = None
depends_on = None

GUARDIANS = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'guardianship.ends', case_no, received_at, received_at, 0 FROM cases
WHERE posted_as = 'guardian' AND applicant_subject IS NOT NULL
"""
AGENTS = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'entrustment.ends', case_no, received_at, received_at, 0 FROM cases
WHERE posted_as = 'agent' AND applicant_subject IS NULL AND accepted_at IS NOT NULL
AND entrustment IS NOT NULL AND channel IN ('web', 'mobile', 'kiosk')
"""


def upgrade() -> None:
    op.execute(GUARDIANS)
    op.execute(AGENTS)


def downgrade() -> None:
    op.execute("DELETE FROM timers WHERE kind = 'guardianship.ends'")
