"""What an office says of a step, for everybody who follows the case."""

import sqlalchemy as sa
from alembic import op

revision = "0028_told"
down_revision = "0027_areas_end"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_timeline", sa.Column("told", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("case_timeline", "told")
