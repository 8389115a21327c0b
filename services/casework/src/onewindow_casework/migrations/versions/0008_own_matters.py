"""Matters that a district added by a basis of its own are told from those of law and policy."""

import sqlalchemy as sa
from alembic import op

revision = "0008_own_matters"
down_revision = "0007_contract_terms"
branch_labels = None
depends_on = None

ADDED = """
UPDATE matters SET own = true WHERE EXISTS (
    SELECT 1 FROM audit
    WHERE audit.action = 'matter.added' AND audit.entity_id = matters.code AND audit.area = matters.district
)
"""


def upgrade() -> None:
    op.add_column("matters", sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(ADDED)
    with op.batch_alter_table("matters") as matters:
        matters.alter_column("own", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("matters") as matters:
        matters.drop_column("own")
