"""A case is closed once the originals that an office keeps went back."""

import sqlalchemy as sa
from alembic import op

revision = "0020_custody"
down_revision = "0019_departments_of_districts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("originals_held", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("cases", "originals_held")
