"""Work items know the last day of the contract by which they are purchased."""

import sqlalchemy as sa
from alembic import op

revision = "0007_contract_terms"
down_revision = "0006_disclosed_facts"
branch_labels = None
depends_on = None

UNTIL = """
UPDATE work_items SET contract_until =
(SELECT contract_to FROM item_funding WHERE item_funding.item = work_items.code)
WHERE matter_class = 'purchase' AND funded_at IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("work_items", sa.Column("contract_until", sa.Date(), nullable=True))
    op.execute(UNTIL)


def downgrade() -> None:
    with op.batch_alter_table("work_items") as items:
        items.drop_column("contract_until")
