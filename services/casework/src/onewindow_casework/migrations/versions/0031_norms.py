"""Norms are data of a district: each with its source, how binding it is, and since when it is held."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0031_norms"
down_revision = "0030_area_values"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "norms",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(6), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("measure", sa.String(64), nullable=True),
        sa.Column("lower", sa.String(16), nullable=True),
        sa.Column("upper", sa.String(16), nullable=True),
        sa.Column("about", sa.String(16), nullable=True),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("binding", sa.String(16), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(300), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("binding IN ('law', 'policy', 'local')", name=op.f("ck_norms_known_binding")),
        sa.CheckConstraint(
            "lower IS NOT NULL OR upper IS NOT NULL OR about IS NOT NULL", name=op.f("ck_norms_says_how_much")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_norms")),
    )
    op.create_index("ix_norms_district_code_valid_from_id", "norms", ["district", "code", "valid_from", "id"])


def downgrade() -> None:
    op.drop_table("norms")
