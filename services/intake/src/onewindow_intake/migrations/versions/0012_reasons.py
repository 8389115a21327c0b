"""Why the applicant's side did something, in its own words, lies sealed with the step."""

import sqlalchemy as sa
from alembic import op

revision = "0012_reasons"
down_revision = "0011_anywhere"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case_timeline") as table:
        table.add_column(sa.Column("reason_sealed", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("case_timeline") as table:
        table.drop_column("reason_sealed")
