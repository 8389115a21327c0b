"""Samples of service records for civil affairs."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0013_spot_checks"
down_revision = "0012_stars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spot_checks",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("drawn_from", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_spot_checks_a_stretch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_checks")),
    )
    op.create_index("ix_spot_checks_district_id", "spot_checks", ["district", "id"])
    op.create_index("ix_spot_checks_street_id", "spot_checks", ["street", "id"])
    op.create_table(
        "spot_check_records",
        sa.Column("check_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("record_id", BigKey, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["spot_checks.id"], name=op.f("fk_spot_check_records_check_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_spot_check_records_record_id")
        ),
        sa.PrimaryKeyConstraint("check_id", "record_id", name=op.f("pk_spot_check_records")),
    )


def downgrade() -> None:
    op.drop_table("spot_check_records")
    op.drop_table("spot_checks")
