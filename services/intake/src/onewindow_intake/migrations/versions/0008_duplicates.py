"""By what earlier cases of somebody are found, and what windows decided about them."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0008_duplicates"
down_revision = "0007_views"
branch_labels = None
depends_on = None

LIKES = ("sound_index", "mobile_index", "address_index")


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        for name in LIKES:
            cases.add_column(sa.Column(name, sa.String(length=64), nullable=True))
        cases.add_column(sa.Column("duplicate_choice", Json, nullable=False, server_default="{}"))
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("duplicate_choice", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        for name in ("duplicate_choice", *LIKES):
            cases.drop_column(name)
