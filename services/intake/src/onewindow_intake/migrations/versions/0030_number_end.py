"""A case is found by the end of its number."""

import sqlalchemy as sa
from alembic import op

revision = "0030_number_end"
down_revision = "0029_issued_papers"
branch_labels = None
depends_on = None

INDEX = "ix_cases_number_end_received"


def upgrade() -> None:
    op.add_column("cases", sa.Column("number_end", sa.String(length=6), nullable=True))
    op.execute("UPDATE cases SET number_end = substr(case_no, 21)")
    with op.batch_alter_table("cases") as table:
        table.alter_column("number_end", existing_type=sa.String(length=6), nullable=False)
    op.create_index(INDEX, "cases", ["number_end", "received_at", "id"])


def downgrade() -> None:
    op.drop_index(INDEX, "cases")
    with op.batch_alter_table("cases") as table:
        table.drop_column("number_end")
