"""How many working days a closed case took, and on which days its applicant came to a window."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.rollup_tables import forget_days, know_days
from onewindow_shared.plumbing.tables import Json

revision = "0032_measured"
down_revision = "0031_norms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    know_days()
    op.add_column("cases", sa.Column("handling_days", sa.Integer()))
    op.add_column("cases", sa.Column("came_on", Json))


def downgrade() -> None:
    op.drop_column("cases", "came_on")
    op.drop_column("cases", "handling_days")
    forget_days()
