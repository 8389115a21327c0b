"""A paper of an organisation is one paper, however often it is handed in."""

from alembic import op

revision = "0031_papers_once"
down_revision = "0030_need_notices"
branch_labels = None
depends_on = None

ONCE = "uq_organisation_papers_said"
COLUMNS = ["organisation_id", "kind", "number", "valid_from", "valid_until"]
AGAIN = """
DELETE FROM organisation_papers WHERE id NOT IN (
    SELECT MIN(id) FROM organisation_papers GROUP BY organisation_id, kind, number, valid_from, valid_until
)
"""
TOLD_AGAIN = """
DELETE FROM paper_notices WHERE paper_id NOT IN (
    SELECT MIN(id) FROM organisation_papers GROUP BY organisation_id, kind, number, valid_from, valid_until
)
"""
NEVER_TURN = """
DELETE FROM timers WHERE kind = 'organisation.paper_turns'
AND entity_id NOT IN (SELECT CAST(id AS VARCHAR(64)) FROM organisation_papers)
"""


def upgrade() -> None:
    op.execute(TOLD_AGAIN)
    op.execute(AGAIN)
    op.execute(NEVER_TURN)
    op.create_index(ONCE, "organisation_papers", COLUMNS, unique=True)


def downgrade() -> None:
    op.drop_index(ONCE, "organisation_papers")
