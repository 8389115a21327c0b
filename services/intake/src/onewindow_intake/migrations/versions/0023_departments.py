"""What the departments are called, as casework tells it."""

import sqlalchemy as sa
from alembic import op

revision = "0023_departments"
down_revision = "0022_closed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departments",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "code", name=op.f("pk_departments")),
    )


def downgrade() -> None:
    op.drop_table("departments")
