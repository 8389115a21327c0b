"""Whoever refuses to be handed in is not taken by the next file."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0033_refused_people"
down_revision = "0032_whose_it_is"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_people",
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("refused_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_index", name=op.f("pk_refused_people")),
    )


def downgrade() -> None:
    op.drop_table("refused_people")
