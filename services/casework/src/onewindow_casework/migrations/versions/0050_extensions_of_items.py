"""By how many days a case may be extended is its item's to say, where a rule has another number."""

import sqlalchemy as sa
from alembic import op

revision = "0050_extensions_of_items"
down_revision = "0049_letters_renewed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("extension_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "extension_days")
