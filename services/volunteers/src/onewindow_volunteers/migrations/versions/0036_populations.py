"""What population areas had since which day."""

import sqlalchemy as sa
from alembic import op

revision = "0036_populations"
down_revision = "0035_evaluations_counted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_populations",
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("area", "since", name=op.f("pk_area_populations")),
    )


def downgrade() -> None:
    op.drop_table("area_populations")
