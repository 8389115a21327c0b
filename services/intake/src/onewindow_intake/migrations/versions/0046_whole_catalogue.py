"""An import has districts' terms, items for days to come and their ends; it knows whose terms it may set."""

import sqlalchemy as sa
from alembic import op

revision = "0046_whole_catalogue"
down_revision = "0045_applicant_messages"
branch_labels = None
depends_on = None

OF_ROWS = ("section", "effective_from", "effective_to")


def upgrade() -> None:
    op.add_column("catalogue_imports", sa.Column("reach", sa.String(length=12), nullable=True))
    section = sa.Column("section", sa.String(length=16), nullable=False, server_default="items")
    op.add_column("catalogue_import_rows", section)
    for day in OF_ROWS[1:]:
        op.add_column("catalogue_import_rows", sa.Column(day, sa.Date(), nullable=True))


def downgrade() -> None:
    for column in OF_ROWS:
        op.drop_column("catalogue_import_rows", column)
    op.drop_column("catalogue_imports", "reach")
