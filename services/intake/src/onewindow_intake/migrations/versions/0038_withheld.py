"""A file that was found infected keeps when that was; of older ones the audit tells."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0038_withheld"
down_revision = "0037_imports_assume"
branch_labels = None
depends_on = None

CHECK = "ck_document_contents_withheld_if_infected"
FROM_THE_AUDIT = """
UPDATE document_contents SET withheld_at = (
SELECT max(at) FROM audit WHERE entity_type = 'content' AND entity_id = document_contents.id
AND action = 'document.scanned')
WHERE scan = 'infected'
"""


def upgrade() -> None:
    with op.batch_alter_table("document_contents") as table:
        table.add_column(sa.Column("withheld_at", UtcDateTime(), nullable=True))
        table.create_check_constraint(op.f(CHECK), "withheld_at IS NULL OR scan = 'infected'")
    op.execute(FROM_THE_AUDIT)


def downgrade() -> None:
    with op.batch_alter_table("document_contents") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.drop_column("withheld_at")
