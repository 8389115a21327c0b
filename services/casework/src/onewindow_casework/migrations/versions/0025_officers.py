"""Who works where, as the gateway tells it."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0025_officers"
down_revision = "0024_delivery_parts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "officers",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_officers")),
    )


def downgrade() -> None:
    op.drop_table("officers")
