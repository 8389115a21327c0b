"""The copy of the lists knows how people say a matter, and where it is listed."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0020_wordings"
down_revision = "0019_officers"
branch_labels = None
depends_on = None

TOLD = ("phrases", "areas")


def upgrade() -> None:
    with op.batch_alter_table("listed_matters") as matters:
        for name in TOLD:
            matters.add_column(sa.Column(name, Json, nullable=False, server_default="[]"))
    with op.batch_alter_table("listed_matters") as matters:
        for name in TOLD:
            matters.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("listed_matters") as matters:
        for name in TOLD:
            matters.drop_column(name)
