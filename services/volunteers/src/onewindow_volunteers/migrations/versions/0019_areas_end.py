"""Areas end and begin on a day, and one stands for each that has ended."""

import sqlalchemy as sa
from alembic import op

revision = "0019_areas_end"
down_revision = "0018_inactivity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("areas") as areas:
        areas.add_column(sa.Column("effective_from", sa.Date(), nullable=True))
        areas.add_column(sa.Column("effective_until", sa.Date(), nullable=True))
        areas.add_column(sa.Column("heir", sa.String(12), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("areas") as areas:
        areas.drop_column("heir")
        areas.drop_column("effective_until")
        areas.drop_column("effective_from")
