"""A standing matter says which service items it is."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0038_matters_items"
down_revision = "0037_audit_reasons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("matters") as table:
        table.add_column(sa.Column("item_codes", Json, nullable=False, server_default="[]"))
    with op.batch_alter_table("matters") as table:
        table.alter_column("item_codes", existing_type=Json, existing_nullable=False, server_default=None)


def downgrade() -> None:
    op.drop_column("matters", "item_codes")
