"""A case may say in which grid cell its matter lies, and is counted by it."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.rollup_tables import forget_grids, know_grids

revision = "0044_grids_counted"
down_revision = "0043_undecided"
branch_labels = None
depends_on = None


def upgrade() -> None:
    know_grids()
    op.create_table(
        "grid_cells",
        sa.Column("code", sa.String(15), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_grid_cells")),
    )
    op.add_column("cases", sa.Column("grid", sa.String(15), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("grid")
    op.drop_table("grid_cells")
    forget_grids()
