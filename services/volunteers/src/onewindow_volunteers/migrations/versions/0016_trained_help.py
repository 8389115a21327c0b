"""A need can ask for a training that is on record, which is found by its skill."""

import sqlalchemy as sa
from alembic import op

revision = "0016_trained_help"
down_revision = "0015_own_needs"
branch_labels = None
depends_on = None

CHECK = "ck_needs_trained_in_something"


def upgrade() -> None:
    with op.batch_alter_table("needs") as needs:
        needs.add_column(sa.Column("trained", sa.Boolean(), nullable=False, server_default=sa.false()))
        needs.create_check_constraint(op.f(CHECK), "skill IS NOT NULL OR NOT trained")
    with op.batch_alter_table("needs") as needs:
        needs.alter_column("trained", server_default=None)
    op.create_index("ix_trainings_skill_volunteer_id", "trainings", ["skill", "volunteer_id"])


def downgrade() -> None:
    op.drop_index("ix_trainings_skill_volunteer_id", table_name="trainings")
    with op.batch_alter_table("needs") as needs:
        needs.drop_constraint(op.f(CHECK), type_="check")
        needs.drop_column("trained")
