"""What becomes of a need before the file of its case is opened waits for the timeline."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0039_needs_before_cases"
down_revision = "0038_matters_items"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_needs", sa.Column("waiting", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("case_needs", "waiting")
