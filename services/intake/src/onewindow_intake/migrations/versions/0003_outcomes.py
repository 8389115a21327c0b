"""Outcomes of an application, routing and acceptance for elsewhere."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0003_outcomes"
down_revision = "0002_catalogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("correction_notices") as table:
        table.add_column(sa.Column("in_time", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("correction_notices") as table:
        table.alter_column("in_time", server_default=None)
    with op.batch_alter_table("refusals") as table:
        table.add_column(sa.Column("unmet", Json, nullable=False, server_default="[]"))
    with op.batch_alter_table("refusals") as table:
        table.alter_column("unmet", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("refusals") as table:
        table.drop_column("unmet")
    with op.batch_alter_table("correction_notices") as table:
        table.drop_column("in_time")
