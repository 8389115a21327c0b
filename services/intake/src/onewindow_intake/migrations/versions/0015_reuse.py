"""Whether papers may be used again for later cases of the same person."""

import sqlalchemy as sa
from alembic import op

revision = "0015_reuse"
down_revision = "0014_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("consent_reuse", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cases") as table:
        table.alter_column("consent_reuse", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.drop_column("consent_reuse")
