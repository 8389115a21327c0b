"""A case is suspended for the special procedures that its item knows, where it names any."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0054_special_procedures"
down_revision = "0053_handlers_communities"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("special_procedures", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "special_procedures")
