"""What officers are called, as the gateway tells it."""

import sqlalchemy as sa
from alembic import op

revision = "0047_officers_named"
down_revision = "0046_whole_catalogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("officers") as table:
        table.add_column(sa.Column("name", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("officers") as table:
        table.drop_column("name")
