"""A need can ask for a training that is on record, which is found by its skill."""

import sqlalchemy as sa
from alembic import op

revision = "0017_trained_help"
down_revision = "0016_facets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("needs", sa.Column("trained", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_trainings_skill_volunteer_id", "trainings", ["skill", "volunteer_id"])


def downgrade() -> None:
    op.drop_index("ix_trainings_skill_volunteer_id", table_name="trainings")
    op.drop_column("needs", "trained")
