"""A document is kept with the act that issues it, not at its first print.

Those of older cases are kept by a timer, a slice of cases at a time; until then they are written when read.
What was printed before keeps its sheet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029_issued_papers"
down_revision = "0028_told"
branch_labels = None
depends_on = None

KEEP = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'papers.keep_next', '0', received_at, received_at, 0 FROM cases
WHERE id = (SELECT min(id) FROM cases)
"""


def upgrade() -> None:
    with op.batch_alter_table("issued_papers") as table:
        table.add_column(sa.Column("document_sealed", sa.Text(), nullable=True))
        table.alter_column("sheet_sealed", existing_type=sa.Text(), nullable=True)
        table.alter_column("edition", existing_type=sa.String(length=64), nullable=True)
        table.drop_column("prints")
    op.execute(KEEP)


def downgrade() -> None:
    op.execute("DELETE FROM timers WHERE kind = 'papers.keep_next'")
    op.execute("DELETE FROM issued_papers WHERE sheet_sealed IS NULL")
    with op.batch_alter_table("issued_papers") as table:
        table.add_column(sa.Column("prints", sa.Integer(), nullable=False, server_default="0"))
        table.alter_column("sheet_sealed", existing_type=sa.Text(), nullable=False)
        table.alter_column("edition", existing_type=sa.String(length=64), nullable=False)
        table.drop_column("document_sealed")
    with op.batch_alter_table("issued_papers") as table:
        table.alter_column("prints", existing_type=sa.Integer(), server_default=None)
