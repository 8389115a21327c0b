"""Drafts that one community's window takes in for another."""

import sqlalchemy as sa
from alembic import op

revision = "0016_drafts_anywhere"
down_revision = "0015_reuse"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("drafts") as drafts:
        drafts.add_column(sa.Column("authority", sa.String(length=12), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("drafts") as drafts:
        drafts.drop_column("authority")
