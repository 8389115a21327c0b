"""Certificates in batches."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0006_certificate_batches"
down_revision = "0005_certificates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_batches",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("certified", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(status = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_certificate_batches_done_once")
        ),
        sa.CheckConstraint("status IN ('running', 'done')", name=op.f("ck_certificate_batches_known_status")),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_certificate_batches_within_total")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batches")),
    )
    op.create_index("ix_certificate_batches_community_id", "certificate_batches", ["community", "id"])
    op.create_index("ix_certificate_batches_district_id", "certificate_batches", ["district", "id"])
    op.create_index("ix_certificate_batches_street_id", "certificate_batches", ["street", "id"])
    op.create_table(
        "certificate_batch_rows",
        sa.Column("batch_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("certificate_no", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'certified') = (certificate_no IS NOT NULL)",
            name=op.f("ck_certificate_batch_rows_certified_by_one"),
        ),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'certified', 'not_agreed_to', 'nothing_to_certify', "
            "'too_many_records', 'unknown')",
            name=op.f("ck_certificate_batch_rows_known_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["certificate_batches.id"], name=op.f("fk_certificate_batch_rows_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "place", name=op.f("pk_certificate_batch_rows")),
    )


def downgrade() -> None:
    op.drop_table("certificate_batch_rows")
    op.drop_table("certificate_batches")
