"""Communities have grid cells."""

import sqlalchemy as sa
from alembic import op

revision = "0034_grid_cells"
down_revision = "0033_changes_taken_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grid_cells",
        sa.Column("code", sa.String(15), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.Column("heir", sa.String(15), nullable=True),
        sa.Column("community", sa.String(12), nullable=False),
        sa.Column("street", sa.String(9), nullable=False),
        sa.Column("district", sa.String(6), nullable=False),
        sa.CheckConstraint(
            "(effective_until IS NULL) = (heir IS NULL)", name=op.f("ck_grid_cells_ends_with_an_heir")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_grid_cells")),
    )
    for level in ("community", "street", "district"):
        op.create_index(f"ix_grid_cells_{level}_code", "grid_cells", [level, "code"])


def downgrade() -> None:
    op.drop_table("grid_cells")
