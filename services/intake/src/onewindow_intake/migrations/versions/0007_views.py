"""Lists of cases kept under a name, and lists of an item's cases."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0007_views"
down_revision = "0006_worklists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_item_code_received", "cases", ["item_code", "received_at", "id"])
    op.create_table(
        "saved_views",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("filter", Json, nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner", "name", name="uq_saved_views_owner_name"),
    )
    op.create_index("ix_saved_views_community_shared", "saved_views", ["community", "shared", "id"])


def downgrade() -> None:
    op.drop_table("saved_views")
    op.drop_index("ix_cases_item_code_received", table_name="cases")
