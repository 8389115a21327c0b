"""A case that a window took in offline knows the earlier one which is still to be decided about."""

import sqlalchemy as sa
from alembic import op

revision = "0043_undecided"
down_revision = "0042_answers_due"
branch_labels = None
depends_on = None

LEVELS = ("community", "street", "district")
UNDECIDED = sa.text("undecided_about IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("undecided_about", sa.String(length=26), nullable=True))
    for level in LEVELS:
        op.create_index(
            f"ix_cases_{level}_undecided",
            "cases",
            [level, "received_at", "id"],
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        )


def downgrade() -> None:
    for level in LEVELS:
        op.drop_index(f"ix_cases_{level}_undecided", "cases")
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("undecided_about")
